/** An error as Node prints it, with the reader's own lines and without those of the engine. */
import { inspect } from "node-inspect-extracted";
import type { Code, Place, Problem } from "./messages.ts";
import { javaScriptOf } from "./program.ts";

/** Where a line of a stack is in a block: `at f (eval at … , block-2:5:11)` in Chrome, `f@block-2:5:11` elsewhere. */
const PLACE = /\bblock-(\d+):(\d+)(?::\d+)?/;
/** A line of a stack, in either. */
const FRAME = /^\s+at |^[^\s@]*@/;

/** Frames of the reader's functions: what was called, and where it stands. */
function framesOf(error: Error): { name: string; place: Place }[] {
  return (error.stack ?? "").split("\n").flatMap((line) => {
    const place = PLACE.exec(line);
    if (!place || !FRAME.test(line)) return [];
    const name = /^\s+at (?:async )?(?:new )?([^(]+?) \(|^([^@]+)@/.exec(line);
    const called = name?.[1] ?? name?.[2] ?? "";
    // A block begins on the second line of what is evaluated, and is itself a function without a name.
    return [{ name: called === "eval" ? "" : called, place: { block: Number(place[1]), line: Number(place[2]) - 1 } }];
  });
}

/** `    at f (block 3, line 4)`: blocks are counted from 1 for readers. */
const frameText = ({ name, place: { block, line } }: ReturnType<typeof framesOf>[number]): string => {
  const where = `block ${block + 1}, line ${line}`;
  return `    at ${name ? `${name} (${where})` : where}`;
};

/** Gives an error, and what caused it, a stack of the reader's lines alone. */
export function cutStack(error: unknown): void {
  if (!(error instanceof Error) || !Object.getOwnPropertyDescriptor(error, "stack")?.configurable) return;
  const stack = error.stack ?? "";
  const lines = stack.split("\n");
  const first = lines.findIndex((line) => FRAME.test(line));
  if (first >= 0) {
    const head = first === 0 ? String(error) : lines.slice(0, first).join("\n"); // only Chrome has the message in it
    const value = [head, ...framesOf(error).map(frameText)].join("\n");
    Object.defineProperty(error, "stack", { value, configurable: true, writable: true });
  }
  cutStack(error.cause);
}

/** @param code whose text may not be a program, if it was that which failed */
export function problemOf(error: unknown, code?: Pick<Code, "block" | "source">): Problem {
  if (!(error instanceof Error)) return { text: `Uncaught ${inspect(error)}`, places: [] };
  const places = framesOf(error).map(({ place }) => place);
  const line = code && places.length === 0 ? lineOf(error, code.source) : undefined;
  if (code && line !== undefined) {
    const place = { block: code.block, line };
    return { text: `SyntaxError: ${syntaxMessage(error)}\n${frameText({ name: "", place })}`, places: [place] };
  }
  if (error instanceof SyntaxError && places.length === 0) return { text: `SyntaxError: ${error.message}`, places };
  cutStack(error);
  return { text: inspect(error), places };
}

/** The line at which a text is no program; undefined if it is one. */
function lineOf(error: Error & { loc?: { line: number } }, source: string): number | undefined {
  if (error.loc || !(error instanceof SyntaxError)) return error.loc?.line; // sucrase's
  // An engine names no line, but it reads from the top: the first lines of which it says the same end with the one that is meant.
  const lines = javaScriptOf(source).split("\n");
  const last = lines.findIndex((_, i) => complaintAbout(lines.slice(0, i + 1).join("\n")) === error.message);
  return last < 0 ? undefined : last + 1;
}

function complaintAbout(code: string): string | undefined {
  try {
    new Function(`"use strict"; async () => {${code}\n}`);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** sucrase: `Error transforming …: Unexpected token (3:5)`. */
const syntaxMessage = ({ message }: Error): string =>
  message.replace(/^Error transforming .*?: /, "").replace(/ \(\d+:\d+\)$/, "");
