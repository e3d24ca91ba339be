/** Steps of recurrent layers, of float32. What is small, or of another dtype, goes to the plain loops. */
import type { TypedArray } from "../../dtype.ts";
import type * as recurrent from "../recurrent.ts";
import { type Jobs, LARGE } from "./jobs.ts";

/** Numbers of the state in a block. */
const BLOCK = 4096;

export function recurrentKernels(jobs: Jobs, plain: typeof recurrent): typeof recurrent {
  const isFast = ([rows, n]: recurrent.StepShape, ...arrays: TypedArray[]): boolean =>
    rows * n >= LARGE && jobs.takes(...arrays);

  function run(name: string, [rows, n]: recurrent.StepShape, outputs: TypedArray[], inputs: TypedArray[]): void {
    const words = [...outputs.map((array) => jobs.output(array)), ...inputs.map((array) => jobs.input(array))];
    jobs.run(name, rows, Math.ceil(BLOCK / n), [n, ...words]);
    jobs.finish();
  }

  return {
    lstmStep(h, c, gates, previous, shape) {
      if (!isFast(shape, h, c, gates, previous)) plain.lstmStep(h, c, gates, previous, shape);
      else run("lstmStep", shape, [h, c, gates], [previous]);
    },

    lstmStepBackward(dgates, dc, dh, gates, c, previous, shape) {
      if (!isFast(shape, dgates, dc, dh, gates, c, previous))
        plain.lstmStepBackward(dgates, dc, dh, gates, c, previous, shape);
      else run("lstmStepBackward", shape, [dgates, dc], [dh, gates, c, previous]);
    },

    gruStep(h, gates, hidden, previous, shape) {
      if (!isFast(shape, h, gates, hidden, previous)) plain.gruStep(h, gates, hidden, previous, shape);
      else run("gruStep", shape, [h, gates], [hidden, previous]);
    },

    gruStepBackward(dgates, dhidden, dh, gates, hidden, previous, shape) {
      if (!isFast(shape, dgates, dhidden, dh, gates, hidden, previous))
        plain.gruStepBackward(dgates, dhidden, dh, gates, hidden, previous, shape);
      else run("gruStepBackward", shape, [dgates, dhidden, dh], [gates, hidden, previous]);
    },
  };
}
