/**
 * More methods of Tensor: rearranging, sorting, writing at positions, and questions. What each does is said where it is
 * defined, in ops/. The methods that networks are made of are in methods.ts.
 */
import { Tensor } from "../tensor/tensor.ts";
import { inplace } from "./inplace.ts";
import * as c from "./ops/cumulative.ts";
import * as l from "./ops/logical.ts";
import * as m from "./ops/masks.ts";
import * as p from "./ops/products.ts";
import * as a from "./ops/rearrange.ts";
import type { Dims, ReductionOptions, ValuesAndIndices } from "./ops/reduction.ts";
import * as put from "./ops/scatter.ts";
import * as sorting from "./ops/sorting.ts";
import { norm } from "./ops/vector-norm.ts";
import * as w from "./ops/windows.ts";

type OneOrMore = number | readonly number[];

// biome-ignore format: an index, one line a method
const methods = {
  // masks
  maskedFill(this: Tensor, mask: Tensor, value: Tensor | number): Tensor { return m.maskedFill(this, mask, value); },
  maskedFill_(this: Tensor, mask: Tensor, value: Tensor | number): Tensor { return inplace(this, (x) => m.maskedFill(x, mask, value)); },
  maskedSelect(this: Tensor, mask: Tensor): Tensor { return m.maskedSelect(this, mask); },
  tril(this: Tensor, diagonal?: number): Tensor { return m.tril(this, diagonal); },
  tril_(this: Tensor, diagonal?: number): Tensor { return inplace(this, (x) => m.tril(x, diagonal)); },
  triu(this: Tensor, diagonal?: number): Tensor { return m.triu(this, diagonal); },
  triu_(this: Tensor, diagonal?: number): Tensor { return inplace(this, (x) => m.triu(x, diagonal)); },

  // running sums and products, order
  cumsum(this: Tensor, dim: number): Tensor { return c.cumsum(this, dim); },
  cumsum_(this: Tensor, dim: number): Tensor { return inplace(this, (x) => c.cumsum(x, dim)); },
  cumprod(this: Tensor, dim: number): Tensor { return c.cumprod(this, dim); },
  cumprod_(this: Tensor, dim: number): Tensor { return inplace(this, (x) => c.cumprod(x, dim)); },
  prod(this: Tensor, dim?: number, options?: ReductionOptions): Tensor { return c.prod(this, dim, options); },
  sort(this: Tensor, dim?: number, options?: sorting.SortOptions): ValuesAndIndices { return sorting.sort(this, dim, options); },
  argsort(this: Tensor, dim?: number, options?: sorting.SortOptions): Tensor { return sorting.argsort(this, dim, options); },
  topk(this: Tensor, k: number, dim?: number, options?: sorting.TopkOptions): ValuesAndIndices { return sorting.topk(this, k, dim, options); },

  // length
  norm(this: Tensor, p?: number, dim?: Dims, options?: ReductionOptions): Tensor { return norm(this, p, dim, options); },

  // writing at positions
  scatter(this: Tensor, dim: number, index: Tensor, src: Tensor | number): Tensor { return put.scatter(this, dim, index, src); },
  scatter_(this: Tensor, dim: number, index: Tensor, src: Tensor | number): Tensor { return inplace(this, (x) => put.scatter(x, dim, index, src)); },
  scatterAdd(this: Tensor, dim: number, index: Tensor, src: Tensor): Tensor { return put.scatterAdd(this, dim, index, src); },
  scatterAdd_(this: Tensor, dim: number, index: Tensor, src: Tensor): Tensor { return inplace(this, (x) => put.scatterAdd(x, dim, index, src)); },
  indexPut(this: Tensor, indices: readonly Tensor[], values: Tensor, options?: put.IndexPutOptions): Tensor { return put.indexPut(this, indices, values, options); },
  indexPut_(this: Tensor, indices: readonly Tensor[], values: Tensor, options?: put.IndexPutOptions): Tensor { return inplace(this, (x) => put.indexPut(x, indices, values, options)); },
  indexAdd(this: Tensor, dim: number, index: Tensor, source: Tensor, options?: put.IndexAddOptions): Tensor { return put.indexAdd(this, dim, index, source, options); },
  indexAdd_(this: Tensor, dim: number, index: Tensor, source: Tensor, options?: put.IndexAddOptions): Tensor { return inplace(this, (x) => put.indexAdd(x, dim, index, source, options)); },

  // other arrangements
  flip(this: Tensor, ...dims: number[] | [readonly number[]]): Tensor { return a.flip(this, dims.flat()); },
  roll(this: Tensor, shifts: OneOrMore, dims?: OneOrMore): Tensor { return a.roll(this, shifts, dims); },
  movedim(this: Tensor, source: OneOrMore, destination: OneOrMore): Tensor { return a.movedim(this, source, destination); },
  repeat(this: Tensor, ...sizes: number[] | [readonly number[]]): Tensor { return a.repeat(this, sizes.flat()); },
  tile(this: Tensor, ...sizes: number[] | [readonly number[]]): Tensor { return a.tile(this, sizes.flat()); },
  repeatInterleave(this: Tensor, repeats: number, dim?: number): Tensor { return a.repeatInterleave(this, repeats, dim); },
  split(this: Tensor, size: OneOrMore, dim?: number): Tensor[] { return a.split(this, size, dim); },
  chunk(this: Tensor, chunks: number, dim?: number): Tensor[] { return a.chunk(this, chunks, dim); },
  diagonal(this: Tensor, offset?: number, dim1?: number, dim2?: number): Tensor { return w.diagonal(this, offset, dim1, dim2); },
  diag(this: Tensor, offset?: number): Tensor { return w.diag(this, offset); },
  trace(this: Tensor): Tensor { return w.trace(this); },
  unfold(this: Tensor, dim: number, size: number, step: number): Tensor { return w.unfold(this, dim, size, step); },

  // products
  mm(this: Tensor, other: Tensor): Tensor { return p.mm(this, other); },
  bmm(this: Tensor, other: Tensor): Tensor { return p.bmm(this, other); },
  mv(this: Tensor, vector: Tensor): Tensor { return p.mv(this, vector); },
  dot(this: Tensor, other: Tensor): Tensor { return p.dot(this, other); },
  outer(this: Tensor, other: Tensor): Tensor { return p.outer(this, other); },

  // questions, whose answer has no gradient
  logicalAnd(this: Tensor, other: Tensor): Tensor { return l.logicalAnd(this, other); },
  logicalOr(this: Tensor, other: Tensor): Tensor { return l.logicalOr(this, other); },
  logicalXor(this: Tensor, other: Tensor): Tensor { return l.logicalXor(this, other); },
  logicalNot(this: Tensor): Tensor { return l.logicalNot(this); },
  any(this: Tensor, dim?: number, options?: ReductionOptions): Tensor { return l.any(this, dim, options); },
  all(this: Tensor, dim?: number, options?: ReductionOptions): Tensor { return l.all(this, dim, options); },
  isinf(this: Tensor): Tensor { return l.isinf(this); },
  isfinite(this: Tensor): Tensor { return l.isfinite(this); },
  countNonzero(this: Tensor, dim?: Dims): Tensor { return l.countNonzero(this, dim); },
  nonzero(this: Tensor): Tensor { return l.nonzero(this); },
};

type ArrayMethods = typeof methods;

declare module "../tensor/tensor.ts" {
  interface Tensor extends ArrayMethods {}
}

Object.assign(Tensor.prototype, methods);
