/** What the page and the worker say to each other. Read next: worker.ts, then session.ts, the page's side. */

import type { GraphSnapshot } from "../graph/types.ts";

/** A block that is to run: its place on the page, from 0, and its text. */
export interface Code {
  readonly block: number;
  readonly source: string;
  /** Whether what it prints is known already: then it runs for its names alone. */
  readonly silent: boolean;
}

/** Run: a number that the replies have, too. Notes: whether it is noted how tensors are computed, which showGraph() needs. */
export type Request =
  | { readonly type: "run"; readonly run: number; readonly codes: readonly Code[]; readonly notes: boolean }
  /** An example of the reference: it sees all names, and no other block. */
  | { readonly type: "example"; readonly run: number; readonly code: Code; readonly notes: boolean }
  | { readonly type: "scrub"; readonly id: number; readonly graph: number; readonly scrub: Scrub };

/** A leaf of a graph that gets another number. */
export interface Scrub {
  readonly leaf: number;
  readonly element: number;
  readonly value: number;
}

/** Done: all blocks of a request have run. Failed: one has not, and those after it were not tried. */
export type Reply = (
  | { readonly type: "started"; readonly block: number }
  | ({ readonly type: "shown"; readonly block: number } & Shown)
  | { readonly type: "finished"; readonly block: number; readonly milliseconds: number }
  | { readonly type: "failed"; readonly block: number; readonly problem: Problem }
  | { readonly type: "done" }
) & { readonly run: number };

export type Scrubbed =
  | { readonly type: "scrubbed"; readonly id: number; readonly graph: GraphSnapshot }
  | { readonly type: "not scrubbed"; readonly id: number; readonly problem: string };

/** What a block shows, in the order in which it does. */
export type Shown =
  | { readonly kind: "text"; readonly stream: Stream; readonly text: string }
  | { readonly kind: "cut"; readonly lines: number }
  | { readonly kind: "note"; readonly note: Note }
  /** What failed when nobody waited for it any more: a promise, or a timer. */
  | { readonly kind: "problem"; readonly problem: Problem }
  | { readonly kind: "plot"; readonly lines: Readonly<Record<string, Float64Array>> }
  | {
      readonly kind: "image";
      readonly width: number;
      readonly height: number;
      readonly rgba: Uint8ClampedArray<ArrayBuffer>;
    }
  | { readonly kind: "graph"; readonly id: number; readonly graph: GraphSnapshot };

/** Standard output, and standard error. */
export type Stream = "out" | "err";

/** What the site says beside what a program prints. */
export type Note = "few digits" | "no network";

/** An error that nobody caught. */
export interface Problem {
  /** As Node prints it, with the lines of the reader's own code alone. */
  readonly text: string;
  readonly places: readonly Place[];
}

/** A line of a block, from 1. */
export interface Place {
  readonly block: number;
  readonly line: number;
}
