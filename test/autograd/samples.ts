/**
 * Sample inputs of every operation: the one table that says how it is called. samples.test.ts checks derivatives, values,
 * dtypes, layouts and changes in place with it, and programs.ts makes random programs of it.
 */
import type { TensorFunction } from "../../src/autograd/gradcheck.ts";
import type * as ops from "../../src/autograd/ops/index.ts";
import type * as secondNames from "../../src/autograd/ops/second-names.ts";
import { type DType, type linalg, Slice, type Tensor } from "../../src/index.ts";
import type { Module } from "../../src/nn/module.ts";
import { torch } from "../support/index.ts";
import { linalgSamples } from "./linalg-samples.ts";
import { orderSamples } from "./order-samples.ts";
import {
  adjoint,
  alone,
  along,
  arithmetic,
  at,
  atKink,
  between,
  binary,
  fraction,
  general,
  mask,
  methods,
  named,
  normal,
  numbers,
  on,
  over,
  positive,
  reduction,
  type Sample,
  type Unnamed,
  unary,
  unlike,
} from "./sampling.ts";
import { shapeSamples } from "./shape-samples.ts";

const { cat, einsum, maximum, minimum, nn, stack, tensor, where } = torch;
const { avgPool2d, batchNorm, binaryCrossEntropy, binaryCrossEntropyWithLogits, conv1d, conv2d, convTranspose2d } =
  nn.functional;
const { crossEntropy, elu, groupNorm, hardswish, huberLoss, klDiv, layerNorm, leakyRelu, linear, maxPool2d } =
  nn.functional;
const { smoothL1Loss, softplus } = nn.functional;

const strided = (x: Tensor, w: Tensor) => conv2d(x, w, null, { stride: 2, dilation: 2, groups: 2 });
const normalized: TensorFunction = (x, weight, bias) => batchNorm(x, null, null, { weight, bias, training: true });
/** The output of a layer whose weights are always the same. */
function recurrent(kind: "RNN" | "LSTM" | "GRU", x: Tensor, state: unknown, options?: object): Tensor {
  torch.manualSeed(0);
  const layer: Module = new nn[kind](2, 3, { ...options, dtype: x.dtype });
  return layer.forward(x, state)[0];
}
const putInView: TensorFunction = (x, i, y) => {
  const z = x.mul(2);
  z.select(0, 1).indexPut_([i], y);
  return z.mul(x);
};

type Entry = readonly (Unnamed | Unnamed[])[];

type Public = Exclude<keyof typeof ops, "Slice" | keyof typeof secondNames> | `linalg.${keyof typeof linalg}`;

const table: Record<string, Entry> & Record<Public, Entry> = {
  // arithmetic
  add: [arithmetic((a, b) => a.add(b)), on((a, b) => a.add(b, { alpha: 0.5 }), ["3", "3"])],
  sub: [arithmetic((a, b) => a.sub(b)), on((a, b) => a.sub(b, { alpha: 2 }), ["3", "3"])],
  mul: arithmetic((a, b) => a.mul(b)),
  div: [
    arithmetic((a, b) => a.div(b), normal, positive),
    ...(["trunc", "floor"] as const).map((roundingMode) => on((a, b) => a.div(b, { roundingMode }), ["2x3", "2x1"])),
  ],
  ...methods(["trueDivide", "fmod", "remainder"], (f) => arithmetic(f, normal, positive)),
  floorDivide: arithmetic((a, b) => a.detach().floorDivide(typeof b === "number" ? b : b.detach()), normal, positive),
  rsub: [arithmetic(torch.rsub), on((a, b) => torch.rsub(a, b, { alpha: 2 }), ["3", "3"])],
  pow: [
    arithmetic((a, b) => a.pow(b), positive, normal),
    [3, 1, 0, 0.5, -0.5].flatMap((p) => on((x) => x.pow(p), [positive("2x3")])),
    on((x) => x.pow(3), ["2x3"]),
  ],
  neg: unary((x) => x.neg()),
  abs: [unary((x) => x.abs()), atKink((x) => x.abs(), numbers([0]))],
  square: unary((x) => x.square()),
  maximum: [binary(maximum), atKink(maximum, numbers([1, 3]), numbers([1, 2]))],
  minimum: [binary(minimum), atKink(minimum, numbers([1, 3]), numbers([1, 2]))],
  ...methods(["fmax", "fmin"], (f) => binary(f)),
  clamp: [
    unary((x) => x.clamp(-0.5, 0.5)),
    on((x) => x.clamp(null, 0.3), ["2x3"]),
    on((x) => x.clamp(-0.3), ["2x3"]),
    on((x, low, high) => x.clamp(low, high), ["2x3", "2x3", "2x3"], ["2x3", "3", "2x1"]),
    on((x, low) => x.clamp(low), ["2x3", "3"]),
    on((x, high) => x.clamp(null, high), ["2x3", "2x1"]),
  ],
  ...methods(["clampMin", "clampMax"], (f) => [unary((x) => f(x, 0.2)), binary(f)]),
  lerp: [
    on((x, end, weight) => x.lerp(end, weight), ["2x3", "2x3", "2x3"], ["2x1", "3", ""]),
    on((x, end) => x.lerp(end, 0.75), ["2x3", "2x3"], ["", "3"], ["0x3", "1x3"]),
  ],
  addcmul: [
    on((x, a, b) => x.addcmul(a, b), ["2x3", "2x3", "2x3"], ["2x3", "3", "2x1"], ["", "", ""]),
    on((x, a, b) => x.addcmul(a, b, { value: -2 }), ["2x3", "2x3", "2x3"]),
  ],
  addcdiv: [
    on((x, a, b) => x.addcdiv(a, b), ["2x3", "2x3", positive("2x3")], ["2x3", "3", positive("2x1")]),
    on((x, a, b) => x.addcdiv(a, b, { value: 0.5 }), ["2x3", "2x3", positive("2x3")]),
  ],
  copysign: arithmetic((a, b) => a.copysign(b)),
  heaviside: binary((x, values) => x.detach().heaviside(values.detach())),
  where: [
    on(where, [mask, "2x3", "2x3"], [mask, "3", "2x1"]),
    on((condition, x) => where(condition, x, 1), [mask, "4x2x3"]),
  ],

  // mathematical functions
  ...methods(["exp", "exp2", "tanh", "sigmoid", "relu", "expm1", "erf", "erfc", "sinc"], (f) => unary(f)),
  ...methods(["sin", "cos", "tan", "atan", "sinh", "cosh", "asinh"], (f) => unary(f)),
  ...methods(["floor", "ceil", "trunc", "frac", "nanToNum"], (f) => unary(f)),
  round: [unary((x) => x.round()), [1, -1].flatMap((decimals) => on((x) => x.mul(30).round({ decimals }), ["2x3"]))],
  ...methods(["log", "sqrt", "log1p", "log2", "log10", "rsqrt", "reciprocal"], (f) => unary(f, positive)),
  ...methods(["lgamma", "digamma"], (f) => unary(f, positive)),
  polygamma: [0, 1, 2, 3].flatMap((n) => unary((x) => x.polygamma(n), positive)),
  ...methods(["asin", "acos", "atanh", "erfinv"], (f) => unary(f, fraction)),
  logit: [unary((x) => x.logit(), between(0.1, 0.9)), on((x) => x.logit({ eps: 0.2 }), [between(0, 1)("2x4")])],
  acosh: unary((x) => x.acosh(), between(1.5, 2.5)),
  atan2: [binary((a, b) => a.atan2(b), normal, positive), on((x) => x.atan2(x), ["2x2"])],

  hypot: binary((a, b) => a.hypot(b)),
  xlogy: [arithmetic((a, b) => a.xlogy(b), positive), on((a) => torch.xlogy(2, a), [positive("2x3")])],
  ...methods(["logaddexp", "logaddexp2"], (f) => binary(f)),

  // whole numbers
  ...methods(["bitwiseAnd", "bitwiseOr", "bitwiseXor"], (f) => [
    on(f, [at([6, -5, 0]), at([3, 9, 7])], [mask, mask]),
    on((x) => f(x, 6), [at([6, -5, 0])]),
  ]),
  bitwiseNot: on((x) => x.bitwiseNot(), [at([6, -5, 0])], [mask]),
  ...methods(["bitwiseLeftShift", "bitwiseRightShift"], (f) => [
    on(f, [at([6, -5, 1]), at([3, 1, 31])]),
    on((x) => f(x, 2), [at([6, -5, 0])]),
  ]),
  ...methods(["gcd", "lcm"], (f) => on(f, [at([12, -8, 0, 7]), at([18, 6, 5, 0])], [at([12], []), at([8, 9])])),

  // comparisons and questions
  isclose: [binary((a, b) => a.isclose(b, { atol: 0.5 })), on((a) => a.isclose(a), ["2x3"])],
  allclose: on((a, b) => tensor(a.allclose(b, { atol: 0.5, rtol: 3 })), ["2", "2"], ["2x3", "3"]),
  equal: [on((a, b) => tensor(a.equal(b)), ["2", "3"]), on((a) => tensor(a.equal(a)), ["2"])],
  ...methods(["eq", "ne", "lt", "le", "gt", "ge"], (f) => arithmetic(f)),
  ...methods(["isnan", "isinf", "isposinf", "isneginf", "isfinite", "isreal", "signbit"], (f) => general(f)),
  logicalNot: general((x) => x.logicalNot()),
  nonzero: [general((x) => x.nonzero()), general((x) => x.nonzero({ asTuple: true })[0])],
  sign: general((x) => x.sign()),
  ...methods(["logicalAnd", "logicalOr", "logicalXor"], (f) => binary(f)),
  ...methods(["any", "all"], (f) => [over(f), general(f)]),
  countNonzero: [along((x, dim) => x.countNonzero(dim)), general((x) => x.countNonzero())],

  // reductions
  ...methods(["sum", "mean"], (f) => reduction(f)),
  ...methods(["var", "std"], (f) => [reduction(f, ["0x3"]), on((x) => f(x, 1, { correction: 0 }), ["2x3"])]),
  norm: [
    [2, 1, 3, 1.5, 0.5, -1, Infinity, -Infinity].flatMap((p) =>
      reduction((x, dim, options) => x.norm(p, dim, options)),
    ),
    unlike(reduction((x, dim, options) => x.norm(0, dim, options))),
  ],
  prod: [over((x, dim, options) => x.prod(dim, options)), on((x) => x.prod(), ["2x3"], [numbers([2, 0, 3])])],
  logsumexp: reduction((x, dim = [0, 1, 2], options) => x.logsumexp(dim, options)),
  max: [
    over((x, dim, options) => x.max(dim, options).values),
    on((x) => x.max(), ["2x3"]),
    on((a, b) => a.max(b), ["2x3", "2x1"]),
    atKink((x) => x.max(), numbers([1, 3, 3, 2])),
  ],
  min: [
    over((x, dim, options) => x.min(dim, options).values),
    on((x) => x.min(), ["2x3"]),
    on((a, b) => a.min(b), ["2x3", "2x1"]),
    atKink((x) => x.min(), numbers([3, 1, 1, 2])),
  ],
  ...methods(["argmax", "argmin"], (f) => [over(f), on((x) => f(x), ["2x3"])]),
  ...methods(["softmax", "logSoftmax"], (f) => along((x, dim) => f(x, dim))),

  // running sums and products, order
  ...methods(["cumsum", "cumprod", "argsort"], (f) => along((x, dim) => f(x, dim))),
  sort: along((x, dim) => x.sort(dim, { descending: true }).values),
  topk: along((x, dim) => x.topk(1, dim).values),

  // matrix products
  matmul: [
    on((a, b) => a.matmul(b), ["2x3", "3x4"], ["3", "3"], ["2x3", "3"], ["2x0", "0x2"]),
    on((a, b) => a.matmul(b), ["2x1x2x3", "3x3x2"]),
    unlike(on((a, b) => a.matmul(b), ["3", "2x3x2"])),
    on((a, b) => a.t().matmul(b.t()), ["3x2", "5x3"]),
  ],
  mm: on((a, b) => a.mm(b), ["2x3", "3x2"], ["0x3", "3x2"]),
  bmm: on((a, b) => a.bmm(b), ["2x1x3", "2x3x2"], ["2x0x3", "2x3x2"]),
  mv: on((a, b) => a.mv(b), ["2x3", "3"], ["0x3", "3"]),
  dot: on((a, b) => a.dot(b), ["3", "3"], ["0", "0"]),
  outer: on((a, b) => a.outer(b), ["3", "2"], ["0", "2"]),
  einsum: [
    on((a, b) => einsum("ijj,jk->ki", a, b), ["2x3x3", "3x2"]),
    on((a, b) => einsum("...ij,...jk->...ik", a, b), ["2x3", "2x3x2"]),
  ],

  // shapes
  view: [
    on((x) => x.view(2, 1, 3), ["2x3"]),
    on((x) => x.view(-1), ["2x3"], [""]),
    on((x) => x.view(3, 2, 2), ["3x4"]),
    on((x) => x.view([]), ["1x1"]),
    on((x) => x.view(3, 0), ["0x3"]),
  ],
  reshape: on((x) => x.transpose(0, -1).reshape(-1), ["2x3"], [""], ["0x3"]),
  permute: [on((x) => x.permute(2, 0, 1), ["2x3x4"]), general((x) => x.permute(x.shape.map((_, d) => x.ndim - 1 - d)))],
  transpose: on((x) => x.transpose(0, -1), ["2x3x2"], ["2x3"], ["0x3"]),
  t: on((x) => x.t(), ["2x3"], ["0x3"]),
  expand: [
    on((x) => x.expand(2, 3), ["2x1"], [""]),
    on((x) => x.expand(2, -1), ["3"]),
    on((x) => x.expand(0, 3), ["1x3"]),
  ],
  flatten: general((x) => x.flatten()),
  squeeze: [on((x) => x.squeeze(), ["2x1x3"], ["0x1"], [""]), on((x) => x.squeeze(0), ["1x3x1"])],
  unsqueeze: general((x) => x.unsqueeze(-1)),
  contiguous: general((x) => x.contiguous()),
  clone: general((x) => x.clone()),
  to: on((x) => x.to("float32").to("float64"), ["2x3"]).map((sample) => ({ ...sample, eps: 1e-2 })),

  // parts
  narrow: on((x) => x.narrow(0, 1, 2), ["3x2"]),
  select: [on((x) => x.select(1, -1), ["2x3"]), on((x) => x.select(0, 1), ["2x3"])],
  slice: [
    on((x) => x.slice(-1, 1, 3), ["2x4"]),
    on((x) => x.slice(1, 0, 5, 2), ["2x5"]),
    on((x) => x.slice(0, 2, 1), ["3"]),
  ],
  split: unlike(on((x) => x.split(2, 1), ["2x3"])),
  chunk: unlike(on((x) => x.chunk(2), ["3x2"])),
  diagonal: [
    on((x) => x.diagonal(), ["2x3"], ["0x3"]),
    on((x) => x.diagonal(1, 0, 2), ["2x3x4"]),
    on((x) => x.diagonal(5), ["2x3"]),
  ],
  diag: [on((x) => x.diag(-1), ["3"], ["0"]), on((x) => x.diag(), ["2x3"])],
  trace: on((x) => x.trace(), ["3x3"], ["0x3"]),
  unfold: [on((x) => x.unfold(-1, 2, 3), ["2x6"]), on((x) => x.unfold(0, 3, 1).clone(), ["5x2"])],

  // other arrangements
  flip: [on((x) => x.flip(0, 2), ["2x3x2"]), general((x) => (x.ndim > 0 ? x.flip(-1) : x.flip([])))],
  roll: [on((x) => x.roll(1, 1), ["2x3"]), general((x) => x.roll(-1))],
  movedim: on((x) => x.movedim(-1, 0), ["2x3x2"], ["0x3"]),
  repeat: on((x) => x.repeat(2, 2), ["2x3"], ["3"], [""], ["0x3"]),
  tile: on((x) => x.tile(2), ["2x3"], [""], ["0x3"]),
  repeatInterleave: [
    on((x) => x.repeatInterleave(2, -1), ["2x3"], ["0x3"]),
    on((x, times) => x.repeatInterleave(times, 1), ["2x3", at([2, 0, 1])]),
  ],
  cat: [on((a, b) => cat([a, b]), ["2x3", "1x3"], ["0x3", "1x3"]), on((a, b) => cat([a, b, a], -1), ["2x3", "2x1"])],
  stack: on((a, b) => stack([a, b], -1), ["2x3", "2x3"], ["", ""], ["0x3", "0x3"]),

  // reading and writing at positions
  index: [
    on((x, i) => x.index(i), ["2x3", at([0, 1, 1])], ["2x3", mask]),
    on((x, i, j) => x.index(i, "...", j), ["2x3x2", at([0, -1]), at([1, 1])]),
    on((x) => x.index(new Slice(1), null, -1), ["2x3"]),
  ],
  gather: on((x, i) => x.gather(1, i), ["2x3", at([2, 0, 0, 1], [2, 2])]),
  indexSelect: on((x, i) => x.indexSelect(0, i), ["2x3", at([1, 1, 0])], ["2x3", at([])]),
  indexPut: [
    on((x, i, j, y) => x.indexPut([i, j], y), ["2x3", at([1, 0]), at([2, 2]), "2"]),
    on((x, i, y) => x.indexPut([i], y, { accumulate: true }), ["2x3", at([1, 1]), "2x3"]),
    on((x, m, y) => x.indexPut([m], y), ["2x3", mask, ""]),
    on(putInView, ["2x3", at([2, 0]), "2"]),
  ],
  indexAdd: on((x, i, y) => x.indexAdd(1, i, y, { alpha: 2 }), ["2x3", at([2, 2]), "2x2"]),
  scatter: [
    on((x, i, y) => x.scatter(0, i, y), ["2x3", at([1, 0], [2, 1]), "2x1"]),
    unlike(on((x, i, y) => x.scatter(1, i, y), ["2x3", at([2], [1, 1]), "2x2"])),
    on((x, i) => x.scatter(0, i, 5), ["2x3", at([1], [1, 1])]),
    ...(["add", "multiply"] as const).map((reduce) =>
      on((x, i, y) => x.detach().scatter(0, i, y.detach(), { reduce }), ["2x3", at([1, 1, 0], [3, 1]), "3x1"]),
    ),
  ],
  indexFill: [
    on((x, i) => x.indexFill(1, i, -2), ["2x3", at([2, 0])], ["2x3", at([-1, 2])]),
    on((x, i, value) => x.indexFill(0, i, value), ["3x2", at([2, 2, 0]), ""], ["", at([0]), ""]),
  ],
  scatterAdd: on((x, i, y) => x.scatterAdd(0, i, y), ["2x3", at([1, 1, 1, 0], [2, 2]), "2x2"]),

  // masks
  maskedFill: [
    on((x, m) => x.maskedFill(m, -1), ["2x3", mask]),
    on((x, m, y) => x.maskedFill(m, y), ["2x3", mask, ""]),
  ],
  maskedSelect: on((x, m) => x.maskedSelect(m), ["2x3", mask]),
  tril: on((x) => x.tril(1), ["2x3x3"], ["0x3"]),
  triu: on((x) => x.triu(-1), ["2x3x3"], ["0x3"]),

  ...orderSamples,
  ...shapeSamples,
  ...linalgSamples,

  // what layers are made of
  linear: [
    on(linear, ["4x3", "2x3", "2"], ["2x2x3", "2x3", "2"], ["3", "2x3", "2"], ["0x3", "2x3", "2"]),
    on((x, w) => linear(x, w), ["4x3", "2x3"]),
  ],
  hardswish: unary((x) => hardswish(x.mul(2))),
  leakyRelu: unary((x) => leakyRelu(x, 0.2)),
  leakyReluBackward: adjoint((x) => leakyRelu(x), "2x3"),
  elu: unary((x) => elu(x, 1.5)),
  softplus: [unary((x) => softplus(x)), on((x) => softplus(x, { beta: 2, threshold: 1 }), ["2x3"])],
  smoothL1: [
    on((x, t) => smoothL1Loss(x, t, { reduction: "none" }), ["2x3", "2x3"]),
    on((x, t) => huberLoss(x, t, { delta: 0.5 }), ["2x3", "2x3"]),
  ],
  xLogX: on((x, t) => klDiv(x, t, { reduction: "none" }), ["2x3", positive("2x3")]),
  binaryCrossEntropyWithLogits: [
    on((x, t) => binaryCrossEntropyWithLogits(x, t), ["2x3", "2x3"]),
    unlike(on((x, t, posWeight) => binaryCrossEntropyWithLogits(x, t, { posWeight }), ["2x3", "2x3", positive("3")])),
  ],
  binaryCrossEntropy: on(binaryCrossEntropy as TensorFunction, [between(0.1, 0.9)("2x3"), between(0.1, 0.9)("2x3")]),
  conv2d: [
    on((x, w, b) => conv2d(x, w, b, { padding: 1 }), ["2x2x3x4", "3x2x2x3", "3"]),
    on((x, w) => conv2d(x, w), ["1x2x3x3", "2x2x1x2"]),
    on((x, w) => conv1d(x, w), ["2x2x4", "3x2x2"]),
    on(strided, ["2x2x4x5", "2x1x2x2"]),
  ],
  maxPool: [
    on((x) => maxPool2d(x, 2), ["2x3x4x5"]),
    on((x) => maxPool2d(x, [3, 2], { stride: [2, 1], padding: 1 }), ["2x5x4"]),
  ],
  maxPoolBackward: adjoint((x) => maxPool2d(x, 2), "2x3x4x5"),
  avgPool: [
    on((x) => avgPool2d(x, 2), ["2x3x4x5"]),
    on((x) => avgPool2d(x, 3, { stride: [2, 1], padding: 1, countIncludePad: false }), ["2x5x4"]),
  ],
  resample: [
    on((x) => nn.functional.interpolate(x, { size: [3, 6], mode: "bilinear" }), ["1x2x4x3"]),
    on((x) => nn.functional.interpolate(x, { scaleFactor: 0.5, mode: "bicubic", antialias: true }), ["1x2x5x6"]),
  ],
  // PyTorch has no second derivatives of these.
  sample: unlike(on((x, grid) => nn.functional.gridSample(x, grid), ["1x2x3x4", "1x2x2x2"])),
  sampleInput: alone(adjoint((x, grid) => nn.functional.gridSample(x, grid), "1x2x3x4", "1x2x2x2")),
  sampleWeights: alone(
    adjoint((grid, x) => nn.functional.gridSample(x, grid, { paddingMode: "reflection" }), "1x2x2x2", "1x2x3x4"),
  ),
  piecewiseLinear: unlike(
    on((grid, x) => nn.functional.gridSample(x, grid, { mode: "bicubic" }), ["1x2x2x2", "1x1x3x4"]),
  ),
  im2col: on((x) => nn.functional.unfold(x, [2, 3], { stride: 2, padding: 1 }), ["2x2x4x5"], ["2x4x5"]),
  col2im: on((x) => nn.functional.fold(x, [3, 4], [2, 3]), ["2x6x4"], ["12x4"]),
  crossEntropy: [
    on((x, t) => crossEntropy(x, t), ["3x4", at([1, 3, 0])]),
    on((x, t) => crossEntropy(x, t, { ignoreIndex: 1, reduction: "none" }), ["2x3x2", at([1, 2, 0, 2], [2, 2])]),
  ],
  layerNorm: on((x, weight, bias) => layerNorm(x, [3], { weight, bias }), ["4x3", "3", "3"], ["2x2x3", "3"], ["4x3"]),
  groupNorm: on((x, weight, bias) => groupNorm(x, 2, { weight, bias }), ["2x4x3", "4", "4"], ["2x6", "6"], ["1x2x3x2"]),
  batchNorm: on(normalized, ["4x3", "3", "3"], ["3x2x3", "2", "2"], ["2x2x3x2", "2", "2"], ["5x1", "1", "1"], ["4x3"]),
  rnn: [
    on((x, h) => recurrent("RNN", x, h), ["3x2x2", "1x2x3"], ["2x1x2", "1x1x3"]),
    on((x, h) => recurrent("RNN", x, h, { nonlinearity: "relu" }), ["2x2x2", "1x2x3"]),
  ],
  lstm: [
    on((x, h, c) => recurrent("LSTM", x, [h, c]), ["3x2x2", "1x2x3", "1x2x3"]),
    on((x, h, c) => recurrent("LSTM", x, [h, c], { projSize: 1 }), ["2x2x2", "1x2x1", "1x2x3"]),
  ],
  gru: on((x, h) => recurrent("GRU", x, h), ["3x2x2", "1x2x3"], ["2x1x2", "1x1x3"]),

  // what gradients are made of
  sumTo: [
    ["3", "2x1", ""].flatMap((shape) => adjoint((x) => x.expand(2, 3), shape)),
    adjoint((x) => x.expand(2, 2, 3, 2), "1x3x1"),
  ],
  carry: [adjoint((x) => x.cumprod(0), "3x2"), adjoint((x) => x.cumprod(1), "2x4x2")],
  reluBackward: adjoint((x) => x.relu(), "2x3"),
  sigmoidBackward: adjoint((x) => x.sigmoid(), "2x3"),
  tanhBackward: adjoint((x) => x.tanh(), "2x3"),
  sliceBackward: [adjoint((x) => x.slice(0, 1, 3), "4x2"), adjoint((x) => x.slice(1, 1, 5, 2), "2x5")],
  diagonalBackward: adjoint((x) => x.diagonal(1, 0, 2), "2x3x4"),
  unfoldBackward: [adjoint((x) => x.unfold(0, 3, 1), "5x2"), adjoint((x) => x.unfold(1, 2, 3), "2x6")],
  addRows: adjoint((x, i) => x.index(i), "4x3", at([1, 3, 1])),
  shareOut: adjoint((x) => avgPool2d(x, [3, 2], { stride: [2, 1], padding: 1 }), "2x5x4"),
  conv2dInput: [
    on((x, w) => convTranspose2d(x, w.transpose(0, 1), null, { stride: [2, 1] }), ["2x3x3x2", "3x3x2x3"]),
    adjoint(strided, "2x2x4x5", "2x1x2x2"),
  ],
  conv2dWeight: adjoint((w, x) => strided(x, w), "2x1x2x2", "2x2x4x5"),
};

export const samples: Readonly<Record<string, readonly Sample[]>> = Object.fromEntries(
  Object.entries(table).map(([operation, list]) => [operation, list.flat().map(named)]),
);

/** Where PyTorch refuses a dtype, or has another result. */
export const widened: Partial<Record<DType, readonly string[]>> = {
  int32: ["softmax", "logSoftmax"],
  bool: "argmax argmin softmax logSoftmax topk trace".split(" "),
};
