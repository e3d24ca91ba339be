// biome-ignore-all format: an example stands on the page as it is written here
/** Examples of tensor.md: how tensors are made, and Tensor's members. */

import type * as all from "lucidgrad";
import { arange, cat, einsum, eye, full, fullLike, Generator, getRngState, linspace, manualSeed, matmul, maximum, minimum, ones, onesLike, rand, randint, randintLike, randLike, randn, randnLike, randperm, Slice, setRngState, stack, Tensor, tensor, where, zeros, zerosLike } from "lucidgrad";
import type { Example, ExamplesOf, ExamplesOfTensor } from "./types.ts";

export const creation = {
  tensor: () => tensor([[1, 2], [3, 4]]),
  zeros: () => zeros([2, 3]),
  ones: () => ones(3, { dtype: "int32" }),
  full: () => full([2, 2], 7),
  eye: () => eye(3),
  arange: () => arange(2, 10, 3),
  linspace: () => linspace(0, 1, 5),
  zerosLike: () => zerosLike(tensor([1, 2], { dtype: "float64" })),
  onesLike: () => onesLike(tensor([[1, 2, 3]])),
  fullLike: () => fullLike(tensor([1, 2]), 9),
  rand: () => {
    manualSeed(0);
    console.log(rand([2, 2]));
  },
  randn: () => {
    manualSeed(0);
    console.log(randn(3));
  },
  randint: () => {
    manualSeed(0);
    console.log(randint(0, 10, [5]));
  },
  randperm: () => {
    manualSeed(0);
    console.log(randperm(5));
  },
  randLike: () => {
    manualSeed(0);
    console.log(randLike(zeros(3)));
  },
  randnLike: () => {
    manualSeed(0);
    console.log(randnLike(zeros(3)));
  },
  randintLike: () => {
    manualSeed(0);
    console.log(randintLike(zeros(3), 0, 100));
  },
  Generator: () => {
    const generator = new Generator(0); // a stream of its own
    console.log(rand(2, { generator }));
    const state = generator.getState();
    console.log(rand(2, { generator }));
    generator.setState(state);
    console.log(rand(2, { generator }));
  },
  manualSeed: () => {
    manualSeed(1);
    console.log(rand(2));
    manualSeed(1);
    console.log(rand(2));
  },
  getRngState: () => {
    manualSeed(0);
    console.log(getRngState().seed, getRngState().words.length);
  },
  setRngState: () => {
    const state = getRngState();
    console.log(rand(2));
    setRngState(state);
    console.log(rand(2));
  },
  einsum: () => {
    const [a, b] = [arange(6).view(2, 3), ones([3, 2])];
    console.log(einsum("ij,jk->ik", a, b)); // the matrix product
    console.log(einsum("ij->j", a)); // sums of columns
  },
  maximum: () => maximum(tensor([1, 5, 3]), tensor([4, 2, 3])),
  minimum: () => minimum(tensor([1, 5, 3]), tensor([4, 2, 3])),
  where: () => {
    const x = tensor([-2, 3, -1]);
    console.log(where(x.gt(0), x, 0));
  },
  Slice: () => {
    const x = arange(6);
    console.log(x.index(new Slice(1, 4)), x.index(new Slice(0, 6, 2)));
  },
  matmul: () => matmul(tensor([[1, 2], [3, 4]]), tensor([[1, 0], [10, 1]])),
  cat: () => cat([tensor([[1, 2]]), tensor([[3, 4], [5, 6]])], 0),
  stack: () => stack([tensor([1, 2]), tensor([3, 4])], 1),
} satisfies Partial<ExamplesOf<typeof all>>;

export const tensorMethods: ExamplesOfTensor = {
  empty: () => Tensor.empty([2], "float32"),
  storage: () => {
    const x = arange(4);
    console.log(x.storage === x.view(2, 2).storage, x.storage.data);
  },
  dtype: () => console.log(tensor([1, 2]).dtype, tensor([1, 2]).gt(1).dtype),
  shape: () => zeros([2, 3]).shape,
  strides: () => {
    const x = zeros([2, 3]);
    console.log(x.strides, x.t().strides);
  },
  offset: () => arange(6).view(2, 3).select(0, 1).offset,
  grad: () => {
    const x = tensor([1, 2], { requiresGrad: true });
    console.log(x.grad);
    x.mul(x).sum().backward();
    console.log(x.grad);
  },
  gradFn: () => tensor([1, 2], { requiresGrad: true }).exp().gradFn?.name,
  ndim: () => zeros([2, 3]).ndim,
  numel: () => zeros([2, 3]).numel,
  requiresGrad: () => {
    const x = ones(2, { requiresGrad: true });
    console.log(x.requiresGrad, x.mul(2).requiresGrad, ones(2).requiresGrad);
    console.log(ones(2).requiresGrad_());
  },
  isLeaf: () => {
    const x = ones(2, { requiresGrad: true });
    console.log(x.isLeaf, x.mul(2).isLeaf);
  },
  isContiguous: () => {
    const x = zeros([2, 3]);
    console.log(x.isContiguous, x.t().isContiguous);
  },
  data: () => arange(4).view(2, 2).t().data,
  item: () => tensor([1, 2, 3]).sum().item(),
  toArray: () => arange(4).view(2, 2).toArray(),
  toString: () => String(tensor([1, 2.5])),

  backward: () => {
    const x = tensor([1, 2, 3], { requiresGrad: true });
    x.pow(2).sum().backward();
    console.log(x.grad);
  },
  detach: () => {
    const x = tensor([1, 2], { requiresGrad: true });
    console.log(x.mul(2), x.mul(2).detach());
  },
  retainGrad: () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = x.mul(3);
    y.retainGrad();
    y.pow(2).sum().backward();
    console.log(y.grad, x.grad);
  },
  registerHook: () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const handle = x.registerHook((gradient) => gradient.mul(10));
    x.sum().backward();
    console.log(x.grad);
    handle.remove();
  },

  add: () => {
    const x = tensor([[1, 2], [3, 4]]);
    console.log(x.add(tensor([10, 20]))); // broadcast to each row
    console.log(x.add_(1, { alpha: 5 })); // x + 5 · 1, in place
  },
  sub: () => tensor([5, 6]).sub(tensor([1, 2]), { alpha: 2 }),
  mul: () => tensor([1, 2]).mul(tensor([[10], [100]])),
  div: () => tensor([1, 2], { dtype: "int32" }).div(4),
  pow: () => console.log(tensor([1, 2, 3]).pow(2), tensor([4, 9]).pow(0.5)),
  maximum: () => tensor([-1, 2]).maximum(0),
  minimum: () => tensor([-1, 2]).minimum(tensor([3, 1])),
  neg: () => tensor([1, -2]).neg(),
  abs: () => tensor([-1.5, 2]).abs(),
  exp: () => {
    const x = tensor([0, 1]);
    console.log(x.exp());
    x.exp_(); // x itself
    console.log(x);
  },
  log: () => tensor([1, Math.E, 0]).log(),
  sqrt: () => tensor([4, 9, -1]).sqrt(),
  tanh: () => tensor([-1, 0, 100]).tanh(),
  sigmoid: () => tensor([-100, 0, 2]).sigmoid(),
  relu: () => tensor([-1, 0, 2]).relu(),
  sin: () => tensor([0, Math.PI / 2]).sin(),
  cos: () => tensor([0, Math.PI]).cos(),
  tan: () => tensor([0, Math.PI / 4]).tan(),
  asin: () => tensor([0, 1, 2]).asin(),
  acos: () => tensor([1, 0, -1]).acos(),
  atan: () => tensor([0, 1, Infinity]).atan(),
  atan2: () => tensor([1, 1, -1]).atan2(tensor([1, -1, -1])),
  sinh: () => tensor([0, 1]).sinh(),
  cosh: () => tensor([0, 1]).cosh(),
  asinh: () => tensor([0, 1]).asinh(),
  acosh: () => tensor([1, 2]).acosh(),
  atanh: () => tensor([0, 0.5, 1]).atanh(),
  erf: () => tensor([0, 0.5, 3]).erf(),
  erfc: () => tensor([0, 0.5, 3]).erfc(),
  expm1: () => tensor([1e-8]).expm1().item(),
  log1p: () => tensor([1e-8]).log1p().item(),
  log2: () => tensor([1, 2, 8]).log2(),
  log10: () => tensor([1, 10, 1000]).log10(),
  rsqrt: () => tensor([4, 100]).rsqrt(),
  reciprocal: () => tensor([2, 4, 0]).reciprocal(),
  floor: () => tensor([-1.5, 1.5]).floor(),
  ceil: () => tensor([-1.5, 1.5]).ceil(),
  trunc: () => tensor([-1.5, 1.5]).trunc(),
  round: () => tensor([0.5, 1.5, 2.5, -0.7]).round(),
  square: () => tensor([-3, 2]).square(),
  clamp: () => {
    const x = tensor([-2, 0.5, 3]);
    console.log(x.clamp(-1, 1), x.clamp(0));
  },
  where: () => {
    const x = tensor([-2, 3]);
    console.log(x.where(x.gt(0), x.mul(0.1)));
  },
  matmul: () => {
    const x = arange(6).view(2, 3);
    console.log(x.matmul(x.t()), x.matmul(ones(3)));
  },
  copy_: () => zeros([2, 2]).copy_(tensor([1, 2])),
  fill_: () => zeros(3).fill_(7),
  zero_: () => ones(3).zero_(),
  uniform_: () => zeros(3).uniform_(-1, 1),
  normal_: () => zeros(3).normal_(10, 2),
  bernoulli_: () => zeros(6).bernoulli_(0.5),

  eq: () => tensor([1, 2, 3]).eq(2),
  ne: () => tensor([1, 2, 3]).ne(2),
  lt: () => tensor([1, 2, 3]).lt(2),
  le: () => tensor([1, 2, 3]).le(2),
  gt: () => tensor([1, 2, 3]).gt(tensor([3, 2, 1])),
  ge: () => tensor([1, 2, 3]).ge(tensor([3, 2, 1])),
  isnan: () => tensor([1, Number.NaN]).isnan(),
  sign: () => tensor([-5, 0, 2]).sign(),

  sum: () => {
    const x = arange(6).view(2, 3);
    console.log(x.sum(), x.sum(0), x.sum(1, { keepdim: true }));
  },
  mean: () => {
    const x = arange(6).view(2, 3);
    console.log(x.mean(), x.mean([0, 1]), x.mean(1));
  },
  var: () => {
    const x = tensor([1, 2, 3, 4]);
    console.log(x.var(), x.var(0, { correction: 0 }));
  },
  std: () => tensor([1, 2, 3, 4]).std(),
  logsumexp: () => tensor([1000, 1000]).logsumexp(0),
  max: () => {
    const x = tensor([[1, 9], [4, 3]]);
    console.log(x.max());
    const { values, indices } = x.max(1);
    console.log(values, indices);
  },
  min: () => {
    const { values, indices } = tensor([[1, 9], [4, 3]]).min(0);
    console.log(values, indices);
  },
  argmax: () => {
    const x = tensor([[1, 9], [4, 3]]);
    console.log(x.argmax(), x.argmax(1));
  },
  argmin: () => tensor([[1, 9], [4, 3]]).argmin(0),
  softmax: () => tensor([1, 2, 3]).softmax(0),
  logSoftmax: () => tensor([1, 2, 3]).logSoftmax(0),

  view: () => {
    const x = arange(6);
    const y = x.view(2, -1);
    y.fill_(1); // x, too
    console.log(x);
  },
  reshape: () => arange(6).view(2, 3).t().reshape(6),
  expand: () => tensor([[1], [2]]).expand(2, 3),
  permute: () => zeros([2, 3, 4]).permute(2, 0, 1).shape,
  transpose: () => zeros([2, 3, 4]).transpose(0, 2).shape,
  t: () => tensor([[1, 2], [3, 4]]).t(),
  flatten: () => {
    const x = zeros([2, 3, 4]);
    console.log(x.flatten().shape, x.flatten(1).shape);
  },
  squeeze: () => {
    const x = zeros([1, 3, 1]);
    console.log(x.squeeze().shape, x.squeeze(0).shape);
  },
  unsqueeze: () => {
    const x = zeros(3);
    console.log(x.unsqueeze(0).shape, x.unsqueeze(-1).shape);
  },
  narrow: () => arange(10).narrow(0, 2, 3),
  select: () => arange(6).view(2, 3).select(1, -1),
  slice: () => arange(10).slice(0, -4, Infinity, 2),
  index: () => {
    const x = arange(12).view(3, 4);
    console.log(x.index(0, new Slice(1, 3))); // x[0, 1:3]
    console.log(x.index("...", -1)); // x[..., -1]
    console.log(x.index(tensor([2, 0], { dtype: "int32" }))); // x[[2, 0]]
    console.log(x.index(x.gt(8))); // x[x > 8]
  },
  gather: () => {
    const x = tensor([[1, 2], [3, 4]]);
    const index = tensor([[1], [0]], { dtype: "int32" });
    console.log(x.gather(1, index)); // one element of each row
  },
  indexSelect: () => arange(6).view(2, 3).indexSelect(1, tensor([2, 0], { dtype: "int32" })),
  contiguous: () => {
    const x = arange(6).view(2, 3).t();
    console.log(x.isContiguous, x.contiguous().isContiguous);
  },
  clone: () => {
    const x = zeros(2);
    x.clone().fill_(5);
    console.log(x);
  },
  to: () => tensor([1.7, -1.7]).to("int32"),

  maskedFill: () => {
    const x = tensor([[1, 2], [3, 4]]);
    console.log(x.maskedFill(x.gt(2), 0));
  },
  maskedSelect: () => {
    const x = tensor([[1, 2], [3, 4]]);
    console.log(x.maskedSelect(x.gt(2)));
  },
  tril: () => ones([3, 3]).tril(),
  triu: () => ones([3, 3]).triu(1),
  cumsum: () => tensor([1, 2, 3]).cumsum(0),
  cumprod: () => tensor([1, 2, 3]).cumprod(0),
  prod: () => tensor([2, 3, 4]).prod(),
  sort: () => {
    const { values, indices } = tensor([3, 1, 2]).sort();
    console.log(values, indices);
  },
  argsort: () => tensor([3, 1, 2]).argsort(0, { descending: true }),
  topk: () => {
    const { values, indices } = tensor([3, 1, 4, 1, 5]).topk(2);
    console.log(values, indices);
  },
  norm: () => {
    const x = tensor([[3, 4], [6, 8]]);
    console.log(x.norm(2, 1), x.norm(1));
  },
  scatter: () => {
    const digits = tensor([[2], [0]], { dtype: "int32" });
    console.log(zeros([2, 3]).scatter(1, digits, 1)); // one-hot
  },
  scatterAdd: () => {
    const bins = tensor([0, 1, 0], { dtype: "int32" });
    console.log(zeros(2).scatterAdd(0, bins, tensor([1, 2, 3])));
  },
  indexPut: () => {
    const [rows, columns] = [tensor([0, 1], { dtype: "int32" }), tensor([2, 0], { dtype: "int32" })];
    console.log(zeros([2, 3]).indexPut([rows, columns], tensor([5, 6])));
  },
  indexAdd: () => {
    const index = tensor([0, 2], { dtype: "int32" });
    console.log(ones(3).indexAdd(0, index, tensor([10, 20])));
  },
  flip: () => arange(4).view(2, 2).flip(1),
  roll: () => arange(5).roll(2),
  movedim: () => zeros([2, 3, 4]).movedim(0, -1).shape,
  repeat: () => tensor([1, 2]).repeat(2, 2),
  tile: () => tensor([[1, 2], [3, 4]]).tile(2),
  repeatInterleave: () => tensor([1, 2]).repeatInterleave(2),
  split: () => arange(5).split(2),
  chunk: () => arange(5).chunk(2),
  diagonal: () => arange(9).view(3, 3).diagonal(1),
  diag: () => tensor([1, 2]).diag(),
  trace: () => arange(9).view(3, 3).trace(),
  unfold: () => arange(5).unfold(0, 3, 1),
  mm: () => ones([2, 3]).mm(ones([3, 2])),
  bmm: () => ones([10, 2, 3]).bmm(ones([10, 3, 4])).shape,
  mv: () => tensor([[1, 2], [3, 4]]).mv(tensor([1, 10])),
  dot: () => tensor([1, 2]).dot(tensor([3, 4])),
  outer: () => tensor([1, 2]).outer(tensor([10, 20, 30])),
  logicalAnd: () => tensor([true, true, false]).logicalAnd(tensor([true, false, false])),
  logicalOr: () => tensor([true, true, false]).logicalOr(tensor([true, false, false])),
  logicalXor: () => tensor([true, true, false]).logicalXor(tensor([true, false, false])),
  logicalNot: () => tensor([0, 1, 2]).logicalNot(),
  any: () => tensor([[0, 0], [0, 1]]).any(1),
  all: () => tensor([[1, 1], [0, 1]]).all(1),
  isinf: () => tensor([1, -Infinity, Number.NaN]).isinf(),
  isfinite: () => tensor([1, -Infinity, Number.NaN]).isfinite(),
  countNonzero: () => tensor([0, 3, 0, 5]).countNonzero(),
  nonzero: () => tensor([[0, 3], [5, 0]]).nonzero(),
} satisfies Record<string, Example>;
