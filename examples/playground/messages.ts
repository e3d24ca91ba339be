/** What the page and its worker tell each other. */
import type { LayerStatistics } from "./collapse-statistics.ts";
import type { Data, Settings } from "./settings.ts";
import type { Each, UnitWish, WeightPictures } from "./trainer.ts";
import type { UnitReport } from "./unit-watch.ts";

/** A drawing, light on dark: red, green, blue and opacity of each pixel, as a canvas has them. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray;
}

/** From the page. */
export type Request =
  /** Fetch the pictures, or make them. `url` is where the digits are. */
  | { type: "load"; data: Data; url: string }
  /** New networks, of pictures that are loaded. `run` is in all reports on them, so that late ones on others are known. */
  | { type: "reset"; run: number; settings: Settings }
  /** Train until so many steps are made; Infinity for ever. */
  | { type: "run"; until: number }
  | { type: "pause" }
  /** Read the test pictures as in training, too. */
  | { type: "compareModes" }
  /** Show this unit, now and with every report; null for none. */
  | { type: "watch"; choice: UnitWish | null }
  /** Classify this from now on; null for nothing. */
  | { type: "draw"; drawing: Drawing | null }
  /** Classify the next test picture from now on. */
  | { type: "sample" };

/** The networks as they are now, and what happened since the report before. */
export interface Report {
  readonly type: "report";
  readonly run: number;
  readonly isRunning: boolean;
  /** Steps made so far. */
  readonly steps: number;
  /** Of each step since the report before. */
  readonly losses: readonly Each<number>[];
  /** The share of test pictures read, if it was measured. */
  readonly accuracy: { readonly step: number; readonly values: Each<number> } | null;
  readonly layers: Each<LayerStatistics[]>;
  /** The unit that is watched, if one is. */
  readonly unit: UnitReport | null;
  readonly pictures: Each<WeightPictures>;
  /** Of the picture that was drawn, if one was. */
  readonly probabilities: Each<Float32Array> | null;
  /** Milliseconds a step, of all networks; null if none was made. */
  readonly stepTime: number | null;
}

/** What the networks see of the drawing: 784 numbers from 0 to 1. The label if it is a test picture. */
export interface Seen {
  readonly type: "seen";
  readonly picture: Float32Array;
  readonly label: number | null;
  readonly probabilities: Each<Float32Array>;
}

/** From the worker. */
export type Reply =
  | { type: "progress"; loaded: number; total: number | null }
  | { type: "loaded"; data: Data; threads: number }
  | { type: "failed"; reason: string }
  | Report
  /** The answer to "watch". */
  | { type: "unit"; run: number; unit: UnitReport }
  /** The shares of test pictures read, by the statistics of batches as in training. */
  | { type: "modes"; run: number; inTrainMode: Each<number> }
  | Seen;
