/** Samples of what is written over parts, and reduced where it comes to; and of questions. samples.ts takes them in. */
import { promoteTypes, resultType } from "../../src/index.ts";
import { torch } from "../support/index.ts";
import { at, general, mask, methods, on, unlike } from "./sampling.ts";

const { broadcastShapes, canCast, tensor } = torch;

const twice = at([1, 1, 0], [3, 1]);
const rows = at([1, 0, 1]);
const ofNumbers = (samples: ReturnType<typeof on>) => samples.map((sample) => ({ ...sample, isOfNumbers: true }));

export const placingSamples = {
  // parts
  asStrided: [
    ...on((x) => x.contiguous().asStrided([2, 2], [3, 1], 1), ["2x4"]), // what is where depends on the layout
    ...on((x) => x.contiguous().asStrided([3, 2], [1, 1]).clone(), ["4"]),
  ],
  // the gradient of PyTorch 1.13 is wrong
  asStridedScatter: unlike(on((x, y) => x.contiguous().asStridedScatter(y, [2, 2], [3, 1], 1), ["2x4", "2x2"])),
  selectScatter: on((x, y) => x.selectScatter(y, 1, -1), ["2x3", "2"]),
  sliceScatter: on((x, y) => x.sliceScatter(y, 1, 0, 5, 2), ["2x5", "2x3"]),
  diagonalScatter: on((x, y) => x.diagonalScatter(y, 1), ["2x3", "2"], ["0x3", "0"]),

  // reductions where values come to
  scatterReduce: [
    ...(["sum", "mean", "amax", "amin", "prod"] as const).map((reduce) => [
      ofNumbers(on((x, i, y) => x.scatterReduce(0, i, y, reduce), ["2x3", twice, "3x1"])),
      ofNumbers(on((x, i, y) => x.scatterReduce(0, i, y, reduce, { includeSelf: false }), ["3x2", twice, "3x1"])),
    ]),
  ].flat(),
  indexReduce: [
    ...(["mean", "amax", "amin", "prod"] as const).map((reduce) => [
      ofNumbers(on((x, i, y) => x.indexReduce(0, i, y, reduce), ["2x3", rows, "3x3"])),
      ofNumbers(on((x, i, y) => x.indexReduce(1, i, y, reduce, { includeSelf: false }), ["2x3", rows, "2x3"])),
    ]),
  ].flat(),

  // questions
  isNonzero: on((x) => tensor(x.isNonzero()), [""], ["1x1"]),
  isSameSize: on((a, b) => tensor(a.isSameSize(b)), ["2x3", "2x3"], ["2x3", "3"]),
  isSigned: on((x) => tensor(x.isSigned()), ["2"], [mask]),
  ...methods(["positive"], (f) => ofNumbers(general((x) => f(x).clone()))),
  sumToSize: ofNumbers(on((x) => x.sumToSize(1, 3), ["2x3"], ["4x2x3"], ["0x3"])),
  broadcastShapes: on(
    (x) =>
      x
        .sum(0)
        .expand([...broadcastShapes(x.shape, [2, 1, 1], 3)])
        .clone(),
    ["1x3"],
  ),
  canCast: on((x) => tensor(canCast(x.dtype, "int32")), ["2"], [mask]),
  promoteTypes: on((x) => x.to(promoteTypes(x.dtype, "float32")), ["2"]),
  resultType: on((x, i) => x.to(resultType(x, i)), ["2", at([1])]),
};
