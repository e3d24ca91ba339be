/** Samples of what joins, parts, turns and multiplies. samples.ts takes them in. */
import type { Tensor } from "../../src/index.ts";
import { torch } from "../support/index.ts";
import { at, methods, on, unlike } from "./sampling.ts";

const { atleast1d, atleast2d, atleast3d, blockDiag, broadcastTensors, cartesianProd, chainMatmul, columnStack } = torch;
const { combinations, dstack, hstack, meshgrid, tensordot, trilIndices, triuIndices, vander, vstack } = torch;

const joined = (f: (tensors: Tensor[]) => Tensor, ...lists: string[][]) => on((...xs) => f(xs), ...lists);

export const shapeSamples = {
  ravel: on((x) => x.t().ravel(), ["2x3"], ["3"], [""]),
  unflatten: on((x) => x.unflatten(1, [2, -1]), ["2x4"]),
  broadcastTo: on((x) => x.broadcastTo(2, 3), ["3"]),
  broadcastTensors: unlike(on((a, b) => broadcastTensors(a, b), ["3", "2x1"])),
  atleast1d: unlike(on((x) => atleast1d(x), ["2x3"], [""])),
  atleast2d: unlike(on((x) => atleast2d(x), ["3"], [""])),
  atleast3d: unlike(on((x) => atleast3d(x), ["2x3"], ["3"], [""])),

  // together and apart
  vstack: joined(vstack, ["2x3", "3"], ["", ""]),
  hstack: joined(hstack, ["2x3", "2x1"], ["3", "2"]),
  dstack: joined(dstack, ["2x3", "2x3"], ["3", "3"]),
  columnStack: joined(columnStack, ["2", "2x3"]),
  unbind: unlike(on((x) => x.unbind(1), ["2x3"])),
  tensorSplit: unlike(on((x) => x.tensorSplit(2, 1), ["2x3"])),
  hsplit: unlike(on((x) => x.hsplit([1]), ["2x3"])),
  vsplit: unlike(on((x) => x.vsplit(2), ["2x3"])),
  dsplit: unlike(on((x) => x.dsplit(2), ["1x2x4"])),

  // turned, and on diagonals
  fliplr: on((x) => x.fliplr(), ["2x3"]),
  flipud: on((x) => x.flipud(), ["2x3"]),
  rot90: [1, 2, -1, 4].flatMap((k) => on((x) => x.rot90(k, [0, -1]), ["2x3"])),
  diagEmbed: on((x) => x.diagEmbed(1, 0, -1), ["2x3"], ["3"]),
  diagflat: on((x) => x.diagflat(-1), ["2x2"]),
  blockDiag: on((a, b, c) => blockDiag(a, b, c), ["2x2", "3", ""]),

  // what vectors span
  meshgrid: unlike(on((a, b) => meshgrid([a, b], { indexing: "xy" }), ["2", "3"])),
  cartesianProd: on((a, b) => cartesianProd(a, b), ["2", "3"]),
  combinations: [on((x) => combinations(x), ["4"]), on((x) => combinations(x, 3, { withReplacement: true }), ["3"])],
  trilIndices: on(() => trilIndices(3, 2, -1), [at([0])]),
  triuIndices: on(() => triuIndices(2, 3, 1), [at([0])]),
  vander: unlike([...on((x) => vander(x), ["3"]), ...on((x) => vander(x, { N: 2, increasing: true }), ["3"])]),

  // products
  tensordot: [
    on((a, b) => tensordot(a, b, 1), ["2x3", "3x2"]),
    on(
      (a, b) =>
        tensordot(a, b, [
          [0, 2],
          [1, 0],
        ]),
      ["2x3x4", "4x2x2"],
    ),
    on((a, b) => tensordot(a, b, 0), ["2", "3"]),
  ],
  cross: [on((a, b) => a.cross(b), ["2x3", "2x3"]), on((a, b) => a.cross(b, 0), ["3x2", "3x1"])],
  kron: unlike(on((a, b) => a.kron(b), ["2x2", "2x3"], ["2", "1x2x2"], ["", "3"])),
  inner: on((a, b) => a.inner(b), ["2x3", "3"], ["2x3", "2x3"], ["", "3"]),
  vdot: on((a, b) => a.vdot(b), ["3", "3"]),
  ...methods(["addmm"], (f) => on((x, a, b) => f(x, a, b, { beta: 3, alpha: 2 }), ["2", "3x2", "2x2"])),
  addmv: on((x, a, b) => x.addmv(a, b, { alpha: 2 }), ["3", "3x2", "2"]),
  addr: on((x, a, b) => x.addr(a, b, { beta: 2 }), ["2x3", "2", "3"]),
  baddbmm: on((x, a, b) => x.baddbmm(a, b, { beta: 2 }), ["2x2", "2x2x3", "2x3x2"]),
  addbmm: on((x, a, b) => x.addbmm(a, b, { alpha: -1 }), ["2x2", "2x2x3", "2x3x2"]),
  chainMatmul: on((a, b, c) => chainMatmul(a, b, c), ["2x3", "3x4", "4x2"]),
};
