/**
 * Every operation in the registry has its first and second derivatives checked here against finite differences, in
 * float64 and at PyTorch's default tolerances. An operation without cases fails the first test.
 */
import { describe, expect, it } from "vitest";
import { type GradcheckOptions, gradcheck, gradgradcheck, type TensorFunction } from "../../src/autograd/gradcheck.ts";
import { Node } from "../../src/autograd/graph.ts";
import { registry } from "../../src/autograd/op.ts";
import { batchNorm, batchStatistics } from "../../src/autograd/ops/norm.ts";
import { sumTo } from "../../src/autograd/ops/shape.ts";
import {
  cat,
  einsum,
  Generator,
  grad,
  maximum,
  minimum,
  nn,
  noGrad,
  ones,
  rand,
  randn,
  type Tensor,
  tensor,
  where,
} from "../../src/index.ts";

const { binaryCrossEntropy, conv2d, convTranspose2d } = nn.functional;

interface Case {
  readonly name: string;
  readonly f: TensorFunction;
  readonly inputs: readonly Tensor[];
  readonly options?: GradcheckOptions;
  /** The first derivative jumps here, so there is no second. */
  readonly atKink?: boolean;
}

const generator = new Generator(0);
const leaf = (x: Tensor): Tensor => x.detach().requiresGrad_();
const copied = (x: Tensor): Tensor => leaf(x.clone());

// Inputs: every layout that a kernel could get wrong.
const normal = (...shape: number[]): Tensor => leaf(randn(shape, { dtype: "float64", generator }));
const positive = (...shape: number[]): Tensor => leaf(rand(shape, { dtype: "float64", generator }).add(0.5));
const fraction = (...shape: number[]): Tensor => leaf(rand(shape, { dtype: "float64", generator }).mul(1.6).sub(0.8));
const aboveOne = (...shape: number[]): Tensor => leaf(positive(...shape).add(1));
const transposed = (x: Tensor): Tensor => leaf(x.transpose(0, -1).clone().transpose(0, -1));
const everyOther = (x: Tensor): Tensor =>
  leaf(
    cat([x.unsqueeze(-1), x.unsqueeze(-1)], -1)
      .detach()
      .select(-1, 0),
  );
const indices = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });

/** f on one input of several shapes and layouts. */
function unary(f: TensorFunction, make = normal): Case[] {
  const inputs = {
    matrix: make(2, 3),
    transposed: transposed(make(2, 3)),
    "every other": everyOther(make(2, 3)),
    "size 1": make(1, 1),
    scalar: make(),
    empty: make(0, 3),
  };
  return Object.entries(inputs).map(([name, x]) => ({ name, f, inputs: [x] }));
}

/** f on two inputs that broadcast in every direction. */
function binary(f: TensorFunction, makeA = normal, makeB = makeA): Case[] {
  const pairs: Record<string, [Tensor, Tensor]> = {
    "same shape": [makeA(2, 3), makeB(2, 3)],
    "broadcast row": [makeA(2, 3), makeB(3)],
    "broadcast column": [makeA(2, 1), makeB(2, 3)],
    "broadcast both": [makeA(2, 1), makeB(1, 3)],
    "scalar on the left": [makeA(), makeB(2, 2)],
    transposed: [transposed(makeA(2, 3)), everyOther(makeB(2, 3))],
    empty: [makeA(0, 3), makeB(1, 3)],
  };
  const same = makeA(2, 2);
  return [
    ...Object.entries(pairs).map(([name, inputs]) => ({ name, f, inputs })),
    { name: "with itself", f: (x) => f(x, x), inputs: [same] },
  ];
}

/** f over one dimension, another, several, all. */
function reduction(f: (x: Tensor, dim?: number | number[], options?: { keepdim?: boolean }) => Tensor): Case[] {
  const x = normal(2, 3, 4);
  return [
    { name: "all", f: (x) => f(x), inputs: [x] },
    { name: "first", f: (x) => f(x, 0), inputs: [x] },
    { name: "middle, kept", f: (x) => f(x, 1, { keepdim: true }), inputs: [x] },
    { name: "last of transposed", f: (x) => f(x, -1), inputs: [transposed(normal(2, 3, 4))] },
    { name: "two that are not neighbours", f: (x) => f(x, [0, 2]), inputs: [x] },
  ];
}

/** The gradient of f as a function of dy: checks the operation that f's backward is made of. */
const adjoint =
  (f: (x: Tensor) => Tensor, x: Tensor): TensorFunction =>
  (dy) =>
    grad(f(x), [x], { gradOutputs: [dy], createGraph: true });

/** f on images and weights, with and without bias. */
const convolutions = (f: TensorFunction): Case[] => [
  { name: "with bias", f, inputs: [normal(2, 2, 3, 4), normal(3, 2, 2, 3), normal(3)] },
  { name: "one image, transposed", f, inputs: [transposed(normal(1, 2, 3, 3)), normal(2, 2, 1, 2)] },
];

const [image, kernel] = [normal(2, 2, 4, 5), normal(2, 1, 2, 2)];
const mask = tensor([
  [true, false, true],
  [false, false, true],
]);
const tied = tensor([1, 3, 3, 2], { dtype: "float64" });
const norm: TensorFunction = (x, weight, bias) => batchNorm(x, weight ?? null, bias ?? null, 1e-5, batchStatistics(x));

const cases: Record<string, Case[]> = {
  add: binary((a, b) => a.add(b)),
  sub: binary((a, b) => a.sub(b)),
  mul: binary((a, b) => a.mul(b)),
  div: binary((a, b) => a.div(b), normal, positive),
  pow: [
    ...binary((a, b) => a.pow(b), positive, normal),
    ...unary((x) => x.pow(3)),
    ...unary((x) => x.pow(0)),
    ...unary((x) => x.pow(-0.5), positive),
  ],
  neg: unary((x) => x.neg()),
  abs: [
    ...unary((x) => x.abs()),
    { name: "at 0", f: (x) => x.abs(), inputs: [leaf(tensor([0], { dtype: "float64" }))], atKink: true },
  ],
  exp: unary((x) => x.exp()),
  log: unary((x) => x.log(), positive),
  sqrt: unary((x) => x.sqrt(), positive),
  tanh: unary((x) => x.tanh()),
  sigmoid: unary((x) => x.sigmoid()),
  relu: unary((x) => x.relu()),
  reluBackward: [
    { name: "of a matrix", f: adjoint((x) => x.relu(), normal(2, 3)), inputs: [normal(2, 3)] },
    { name: "transposed", f: adjoint((x) => x.relu(), normal(2, 3)), inputs: [transposed(normal(2, 3))] },
  ],
  sin: unary((x) => x.sin()),
  cos: unary((x) => x.cos()),
  tan: unary((x) => x.tan()),
  asin: unary((x) => x.asin(), fraction),
  acos: unary((x) => x.acos(), fraction),
  atan: unary((x) => x.atan()),
  atan2: binary((a, b) => a.atan2(b), normal, positive),
  sinh: unary((x) => x.sinh()),
  cosh: unary((x) => x.cosh()),
  asinh: unary((x) => x.asinh()),
  acosh: unary((x) => x.acosh(), aboveOne),
  atanh: unary((x) => x.atanh(), fraction),
  erf: unary((x) => x.erf()),
  erfc: unary((x) => x.erfc()),
  expm1: unary((x) => x.expm1()),
  log1p: unary((x) => x.log1p(), positive),
  log2: unary((x) => x.log2(), positive),
  log10: unary((x) => x.log10(), positive),
  rsqrt: unary((x) => x.rsqrt(), positive),
  reciprocal: unary((x) => x.reciprocal(), positive),
  floor: unary((x) => x.floor()),
  ceil: unary((x) => x.ceil()),
  trunc: unary((x) => x.trunc()),
  round: unary((x) => x.round()),
  clamp: [...unary((x) => x.clamp(-0.5, 0.5)), ...unary((x) => x.clamp(null, 0.3)), ...unary((x) => x.clamp(-0.3))],
  maximum: [
    ...binary((a, b) => maximum(a, b)).filter(({ name }) => name !== "with itself"),
    { name: "ties", f: (a, b) => maximum(a, b), inputs: [copied(tied), copied(tied)], atKink: true },
  ],
  minimum: [
    ...binary((a, b) => minimum(a, b)).filter(({ name }) => name !== "with itself"),
    { name: "ties", f: (a, b) => minimum(a, b), inputs: [copied(tied), copied(tied)], atKink: true },
  ],
  where: [
    { name: "same shape", f: (a, b) => where(mask, a, b), inputs: [normal(2, 3), normal(2, 3)] },
    { name: "broadcast", f: (a, b) => where(mask, a, b), inputs: [normal(3), normal(2, 1)] },
    { name: "condition broadcast", f: (a) => where(mask, a, 1), inputs: [normal(4, 2, 3)] },
  ],
  sum: reduction((x, dim, options) => x.sum(dim, options)),
  mean: reduction((x, dim, options) => x.mean(dim, options)),
  var: [
    ...reduction((x, dim, options) => x.var(dim, options)),
    { name: "biased", f: (x) => x.var(1, { correction: 0 }), inputs: [normal(2, 3)] },
  ],
  std: [
    ...reduction((x, dim, options) => x.std(dim, options)),
    { name: "biased", f: (x) => x.std(1, { correction: 0 }), inputs: [normal(2, 3)] },
  ],
  max: [
    { name: "all", f: (x) => x.max(), inputs: [transposed(normal(2, 3))] },
    { name: "two tied", f: (x) => x.max(), inputs: [copied(tied)], atKink: true },
  ],
  min: [
    { name: "all", f: (x) => x.min(), inputs: [normal(2, 3)] },
    { name: "two tied", f: (x) => x.min(), inputs: [leaf(tied.neg())], atKink: true },
  ],
  logsumexp: reduction((x, dim, options) => x.logsumexp(dim, options)),
  softmax: [0, 1, -1].map((dim) => ({ name: `dim ${dim}`, f: (x) => x.softmax(dim), inputs: [normal(2, 3, 2)] })),
  logSoftmax: [0, 1, -1].map((dim) => ({ name: `dim ${dim}`, f: (x) => x.logSoftmax(dim), inputs: [normal(2, 3, 2)] })),
  clone: unary((x) => x.clone()),
  to: [
    {
      name: "to float32 and back",
      f: (x) => x.to("float32").to("float64"),
      inputs: [normal(2, 3)],
      options: { eps: 1e-2 },
    },
  ],
  view: [
    { name: "flat", f: (x) => x.view(-1), inputs: [normal(2, 3)] },
    { name: "split, of transposed", f: (x) => x.view(3, 2, 2), inputs: [leaf(normal(4, 3).t())] },
    { name: "squeezed", f: (x) => x.squeeze(), inputs: [transposed(normal(2, 1, 3))] },
    { name: "to scalar", f: (x) => x.view(), inputs: [normal(1, 1)] },
    { name: "empty", f: (x) => x.view(3, 0), inputs: [normal(0, 3)] },
    { name: "max along a dimension", f: (x) => x.max(1).values, inputs: [normal(2, 3)] },
  ],
  permute: [
    { name: "cycle", f: (x) => x.permute(2, 0, 1), inputs: [normal(2, 3, 4)] },
    ...unary((x) => x.permute(...x.shape.map((_, d) => x.ndim - 1 - d))),
  ],
  expand: [
    { name: "size 1", f: (x) => x.expand(2, 3), inputs: [normal(2, 1)] },
    { name: "new dimension", f: (x) => x.expand(2, -1), inputs: [normal(3)] },
    { name: "scalar", f: (x) => x.expand(2, 2), inputs: [normal()] },
    { name: "to empty", f: (x) => x.expand(0, 3), inputs: [normal(1, 3)] },
  ],
  sumTo: [
    { name: "row", f: (x) => sumTo(x, [3]), inputs: [normal(2, 3)] },
    { name: "column", f: (x) => sumTo(x, [2, 1]), inputs: [transposed(normal(2, 3))] },
    { name: "scalar", f: (x) => sumTo(x, []), inputs: [normal(2, 3)] },
    { name: "outer and inner", f: (x) => sumTo(x, [1, 3, 1]), inputs: [normal(2, 2, 3, 2)] },
  ],
  slice: [
    { name: "rows", f: (x) => x.slice(0, 1, 3), inputs: [normal(4, 2)] },
    { name: "steps", f: (x) => x.slice(1, 0, 5, 2), inputs: [transposed(normal(2, 5))] },
    { name: "none", f: (x) => x.slice(0, 2, 1), inputs: [normal(3)] },
    { name: "select", f: (x) => x.select(1, -1), inputs: [normal(2, 3)] },
    { name: "narrow", f: (x) => x.narrow(0, 1, 2), inputs: [normal(3, 2)] },
  ],
  sliceBackward: [
    { name: "rows", f: adjoint((x) => x.slice(0, 1, 3), normal(4, 2)), inputs: [normal(2, 2)] },
    { name: "steps", f: adjoint((x) => x.slice(1, 1, 5, 2), normal(2, 5)), inputs: [transposed(normal(2, 2))] },
  ],
  cat: [
    { name: "first", f: (a, b) => cat([a, b]), inputs: [normal(2, 3), normal(1, 3)] },
    { name: "last, one twice", f: (a, b) => cat([a, b, a], -1), inputs: [transposed(normal(2, 3)), normal(2, 1)] },
    { name: "empty part", f: (a, b) => cat([a, b]), inputs: [normal(0, 3), normal(1, 3)] },
  ],
  take: [
    { name: "gather", f: (x) => x.gather(1, indices(2, 0, 0, 1).view(2, 2)), inputs: [normal(2, 3)] },
    {
      name: "indexSelect twice the same",
      f: (x) => x.indexSelect(0, indices(1, 1, 0)),
      inputs: [transposed(normal(2, 3))],
    },
    { name: "index", f: (x) => x.index(indices(0, -1), "...", indices(1, 1)), inputs: [normal(2, 3, 2)] },
    { name: "mask", f: (x) => x.index(mask), inputs: [normal(2, 3)] },
    { name: "nothing", f: (x) => x.indexSelect(0, indices()), inputs: [normal(2, 3)] },
  ],
  putAdd: [
    {
      name: "one place twice, forward",
      f: (x, y) => x.scatterAdd(0, indices(1, 1, 0, 1).view(2, 2), y),
      inputs: [normal(2, 3), normal(2, 2)],
    },
    { name: "rows", f: (x, y) => x.indexAdd(1, indices(2, 2), y, { alpha: 2 }), inputs: [normal(2, 3), normal(2, 2)] },
    {
      name: "one place twice",
      f: adjoint((x) => x.indexSelect(0, indices(1, 1, 0)), normal(2, 3)),
      inputs: [normal(3, 3)],
    },
  ],
  put: [
    {
      name: "rows",
      f: (x, y) => x.scatter(0, indices(1, 0).view(2, 1), y),
      inputs: [normal(2, 3), normal(2, 1)],
    },
    {
      name: "src larger than index",
      f: (x, y) => x.scatter(1, indices(2).view(1, 1), y),
      inputs: [normal(2, 3), normal(2, 2)],
    },
    { name: "a number", f: (x) => x.scatter(0, indices(1).view(1, 1), 5), inputs: [transposed(normal(2, 3))] },
    {
      name: "at indices",
      f: (x, y) => x.indexPut([indices(1, 0), indices(2, 2)], y),
      inputs: [normal(2, 3), normal(2)],
    },
    {
      name: "in place, in a view",
      f: (x, y) => {
        const z = x.mul(2);
        z.select(0, 1).indexPut_([indices(2, 0)], y);
        return z.mul(x);
      },
      inputs: [normal(2, 3), normal(2)],
    },
    { name: "one value under a mask", f: (x, y) => x.indexPut([mask], y), inputs: [normal(2, 3), normal()] },
  ],
  cumsum: [
    ...[0, 1, -1].map((dim) => ({ name: `dim ${dim}`, f: (x: Tensor) => x.cumsum(dim), inputs: [normal(2, 3, 2)] })),
    ...unary((x) => x.cumsum(-1)),
  ],
  norm: [2, 1, 0, 3, 1.5, 0.5, -1, Infinity, -Infinity].flatMap((p) => [
    ...[undefined, 1, [0, 2]].map((dim) => ({
      name: `p = ${p} over ${dim}`,
      f: (x: Tensor) => x.norm(p, dim),
      inputs: [normal(2, 3, 2)],
    })),
    { name: `p = ${p}, kept`, f: (x: Tensor) => x.norm(p, 0, { keepdim: true }), inputs: [transposed(normal(2, 3))] },
  ]),
  flip: [
    { name: "two dimensions", f: (x) => x.flip(0, 2), inputs: [normal(2, 3, 2)] },
    ...unary((x) => (x.ndim > 0 ? x.flip(-1) : x.flip())),
  ],
  diagonal: [
    { name: "main", f: (x) => x.diagonal(), inputs: [normal(2, 3)] },
    { name: "of the outer dimensions", f: (x) => x.diagonal(1, 0, 2), inputs: [transposed(normal(2, 3, 4))] },
    { name: "outside", f: (x) => x.diagonal(5), inputs: [normal(2, 3)] },
    { name: "trace", f: (x) => x.trace(), inputs: [normal(3, 3)] },
  ],
  diagonalBackward: [
    { name: "of a vector", f: (x) => x.diag(-1), inputs: [normal(3)] },
    { name: "of rows", f: adjoint((x) => x.diagonal(1, 0, 2), normal(2, 3, 4)), inputs: [transposed(normal(3, 2))] },
  ],
  unfold: [
    { name: "windows that overlap", f: (x) => x.unfold(0, 3, 1), inputs: [normal(5, 2)] },
    { name: "windows apart", f: (x) => x.unfold(1, 2, 3), inputs: [transposed(normal(2, 6))] },
  ],
  unfoldBackward: [
    { name: "overlap", f: adjoint((x) => x.unfold(0, 3, 1), normal(5, 2)), inputs: [normal(3, 2, 3)] },
    { name: "apart", f: adjoint((x) => x.unfold(1, 2, 3), normal(2, 6)), inputs: [transposed(normal(2, 2, 2))] },
  ],
  matmul: [
    { name: "einsum", f: (a, b) => einsum("ijj,jk->ki", a, b), inputs: [normal(2, 3, 3), normal(3, 2)] },
    { name: "matrices", f: (a, b) => a.matmul(b), inputs: [normal(2, 3), normal(3, 4)] },
    { name: "transposed", f: (a, b) => a.t().matmul(b.t()), inputs: [normal(3, 2), normal(5, 3)] },
    { name: "vectors", f: (a, b) => a.matmul(b), inputs: [normal(3), normal(3)] },
    { name: "matrix and vector", f: (a, b) => a.matmul(b), inputs: [normal(2, 3), normal(3)] },
    { name: "vector and batch", f: (a, b) => a.matmul(b), inputs: [normal(3), normal(2, 3, 2)] },
    { name: "batches broadcast", f: (a, b) => a.matmul(b), inputs: [normal(2, 1, 2, 3), normal(3, 3, 2)] },
    { name: "inner size 0", f: (a, b) => a.matmul(b), inputs: [normal(2, 0), normal(0, 2)] },
  ],
  linear: [
    { name: "with bias", f: nn.functional.linear, inputs: [normal(4, 3), normal(2, 3), normal(2)] },
    { name: "without", f: (x, w) => nn.functional.linear(x, w), inputs: [transposed(normal(4, 3)), normal(2, 3)] },
    { name: "3-D", f: nn.functional.linear, inputs: [normal(2, 2, 3), normal(2, 3), normal(2)] },
    { name: "vector", f: nn.functional.linear, inputs: [normal(3), normal(2, 3), normal(2)] },
    { name: "empty batch", f: nn.functional.linear, inputs: [normal(0, 3), normal(2, 3), normal(2)] },
  ],
  binaryCrossEntropy: [
    {
      name: "of probabilities",
      f: (x, t) => binaryCrossEntropy(x, t, { reduction: "none" }),
      inputs: [fraction(2, 3).abs().add(0.1), fraction(2, 3).abs().add(0.1)].map(leaf),
    },
  ],
  conv2d: convolutions((x, w, bias) => conv2d(x, w, bias ?? null, { padding: 1 })),
  conv2dInput: [
    ...convolutions((x, w) => convTranspose2d(x, w.transpose(0, 1), null, { stride: [2, 1] })),
    {
      name: "of a strided, dilated, grouped one",
      f: adjoint((x) => conv2d(x, kernel, null, { stride: 2, dilation: 2, groups: 2 }), image),
      inputs: [normal(2, 2, 1, 2)],
    },
  ],
  conv2dWeight: [
    {
      name: "of a strided, dilated, grouped one",
      f: adjoint((w) => conv2d(image, w, null, { stride: 2, dilation: 2, groups: 2 }), kernel),
      inputs: [normal(2, 2, 1, 2)],
    },
  ],
  batchNorm: [
    { name: "(N, C)", f: norm, inputs: [normal(4, 3), normal(3), normal(3)] },
    { name: "(N, C, L)", f: norm, inputs: [normal(3, 2, 3), normal(2), normal(2)] },
    { name: "(N, C, H, W)", f: norm, inputs: [transposed(normal(2, 2, 3, 2)), normal(2), normal(2)] },
    { name: "not affine, transposed", f: norm, inputs: [transposed(normal(4, 3))] },
    { name: "one channel", f: norm, inputs: [normal(5, 1), normal(1), normal(1)] },
  ],
};

/** All nodes that y's gradient passes. */
function graphOf(y: Tensor): Set<Node> {
  const nodes = new Set<Node>(y.gradFn ? [y.gradFn as Node] : []);
  for (const node of nodes) for (const { target } of node.edges ?? []) if (target instanceof Node) nodes.add(target);
  return nodes;
}

/** What lets a leaf keep its gradient: a pull-back gives dy, whole or in part, or memory that nobody else has. */
function expectOwnMemory({ shape, edges }: Node, others: readonly Tensor[]): void {
  const dy = ones(shape, { dtype: "float64" });
  const taken = new Set(others.map(({ storage }) => storage));
  for (const { pullBack } of [...(edges ?? []), ...(edges ?? [])]) {
    const { storage } = noGrad(() => pullBack(dy));
    expect(taken.has(storage)).toBe(false);
    if (storage !== dy.storage) taken.add(storage);
  }
}

it("covers every operation in the registry", () => {
  expect(Object.keys(cases).sort()).toEqual([...registry].sort());
});

describe.each(Object.entries(cases))("%s", (operation, samples) => {
  it.each(samples)("$name", ({ f, inputs, options, atKink }) => {
    const name = `${operation[0].toUpperCase()}${operation.slice(1)}Backward0`;
    const [output] = [f(...inputs)].flat();
    const nodes = [...graphOf(output)];
    expect(nodes.map((node) => node.name)).toContain(name);
    for (const node of nodes) expectOwnMemory(node, [...inputs, output]);
    gradcheck(f, inputs, options);
    if (!atKink) gradgradcheck(f, inputs, options);
  });
});
