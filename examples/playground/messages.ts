/** What the page and its worker tell each other. */
import type { LayerStatistics } from "./collapse-statistics.ts";
import type { Settings } from "./settings.ts";
import type { Pair } from "./trainer.ts";
import type { UnitChoice } from "./unit-statistics.ts";
import type { UnitReport } from "./unit-watch.ts";

/** A drawing, light on dark: red, green, blue and opacity of each pixel, as a canvas has them. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray;
}

/** From the page. */
export type Request =
  /** Fetch the digits. */
  | { type: "load"; url: string }
  /** New networks. `run` is in all reports on them, so that late ones on others are known. */
  | { type: "reset"; run: number; settings: Settings }
  | { type: "learningRate"; value: number }
  | { type: "run" }
  | { type: "pause" }
  /** One step, then pause. */
  | { type: "step" }
  /** Show this unit, now and with every report; null for none. */
  | { type: "watch"; choice: UnitChoice | null }
  /** Classify this from now on; null for nothing. */
  | { type: "draw"; drawing: Drawing | null }
  /** Classify the next test digit from now on. */
  | { type: "sample" };

/** The networks as they are now, and what happened since the report before. */
export interface Report {
  readonly type: "report";
  readonly run: number;
  /** Steps made so far. */
  readonly steps: number;
  /** Of each step since the report before. */
  readonly losses: readonly Pair<number>[];
  /** The share of test digits read, if it was measured. */
  readonly accuracy: { readonly step: number; readonly values: Pair<number> } | null;
  readonly layers: Pair<LayerStatistics[]>;
  /** The unit that is watched, if one is. */
  readonly unit: UnitReport | null;
  readonly pictures: Pair<Float32Array>;
  /** Of the digit that was drawn, if one was. */
  readonly probabilities: Pair<Float32Array> | null;
  /** Milliseconds a step, of both networks; null if none was made. */
  readonly stepTime: number | null;
}

/** From the worker. */
export type Reply =
  | { type: "progress"; loaded: number; total: number | null }
  | { type: "loaded"; threads: number }
  | { type: "failed"; reason: string }
  | Report
  /** The answer to "watch". */
  | { type: "unit"; run: number; unit: UnitReport }
  /** What the networks see of the drawing: 784 numbers from 0 to 1. The label if it is a test digit. */
  | { type: "seen"; digit: Float32Array; label: number | null; probabilities: Pair<Float32Array> };
