/** Weights whose columns, or rows, are perpendicular unit vectors, computed of matrices that may be any. */
import { noGrad } from "../autograd/grad-mode.ts";
import { allclose } from "../autograd/ops/closeness.ts";
import { add, div, mul, sign, sub } from "../autograd/ops/elementwise.ts";
import { eachMatrix, mT, sizesOf } from "../autograd/ops/linalg/batches.ts";
import { qr } from "../autograd/ops/linalg/factorizations.ts";
import { matrixExp } from "../autograd/ops/linalg/functions.ts";
import { solve } from "../autograd/ops/linalg/solving.ts";
import { tril } from "../autograd/ops/masks.ts";
import { matmul } from "../autograd/ops/matmul.ts";
import { cat, narrow } from "../autograd/ops/parts.ts";
import { sum } from "../autograd/ops/reduction.ts";
import { clone, expand, to, unsqueeze } from "../autograd/ops/shape.ts";
import { diagonal } from "../autograd/ops/windows.ts";
import { check } from "../tensor/check.ts";
import { eye, randn, zeros } from "../tensor/create.ts";
import { finfo } from "../tensor/limits.ts";
import { householder } from "../tensor/linalg/qr.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, type Shape, sameShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { NotImplementedError, tensorIn } from "./parametrization-list.ts";
import { registerParametrization } from "./parametrize.ts";

/** What `orthogonal` may be told. */
export interface OrthogonalOptions {
  /** How an orthogonal matrix is made. Default: null, "matrixExp" if the weight is square, else "householder". */
  orthogonalMap?: "matrixExp" | "cayley" | "householder" | null;
  /** Whether it is multiplied with a fixed orthogonal matrix, at first the weight itself. Default: true. */
  useTrivialization?: boolean;
}
type OrthogonalMap = NonNullable<OrthogonalOptions["orthogonalMap"]>;

const torchNames: Readonly<Record<OrthogonalMap, string>> = {
  matrixExp: "matrix_exp",
  cayley: "cayley",
  householder: "householder",
};

const diagonalOf = (x: Tensor): Tensor => diagonal(x, 0, -2, -1);

function isOrthogonal(Q: Tensor): boolean {
  const [n, k] = sizesOf(Q);
  return allclose(matmul(mT(Q), Q), eye(k, { dtype: Q.dtype }), { atol: 10 * n * finfo(Q.dtype).eps });
}

/** The orthogonal Q of A = Q R whose R has no negative number on its diagonal. */
function madeOrthogonal(A: Tensor): Tensor {
  const { Q, R } = qr(A);
  return mul(Q, unsqueeze(sign(diagonalOf(R)), -2));
}

/** The product of the reflections I - 2 v vᵀ / vᵀ v; column k of V is v below its k-th element, which is 1. */
function reflections(V: Tensor): Tensor {
  const [n, k] = sizesOf(V);
  const ones = eye(n, k, { dtype: V.dtype });
  const scales = div(2, add(sum(mul(V, V), -2, { keepdim: true }), 1)); // (…, 1, k)
  let Q = ones;
  for (let i = k - 1; i >= 0; i--) {
    const column = (x: Tensor) => narrow(x, -1, i, 1);
    const v = add(column(V), column(ones));
    Q = sub(Q, mul(column(scales), matmul(v, matmul(mT(v), Q))));
  }
  return Q;
}

/**
 * What the reflections of a QR factorization are made of: their vectors below the diagonal, as LAPACK's geqrf, and on it the signs with
 * which Q then has to be multiplied: where nothing was to be reflected, `reflections` does.
 */
function reflectors(Q: Tensor): Tensor {
  const [n, k] = sizesOf(Q);
  const [V] = eachMatrix(Q, [[n, k]], (a) => {
    const { r, vectors } = householder(a, n, k);
    const isReflected = (j: number) => vectors.some((v, at) => at % k === j && v !== 0);
    return [
      r.slice(0, n * k).map((value, at) => {
        const [i, j] = [Math.floor(at / k), at % k];
        if (i !== j) return i > j ? vectors[at] : value;
        return isReflected(j) ? Math.sign(value) : -Math.sign(value);
      }),
    ];
  });
  return V;
}

/** Makes any matrix an orthogonal one; of a batch, each. */
class _Orthogonal extends Module {
  readonly shape: Shape;
  readonly orthogonalMap: OrthogonalMap;
  readonly useTrivialization: boolean;
  readonly base: Tensor | null;

  constructor({ shape }: Tensor, orthogonalMap: OrthogonalMap, useTrivialization: boolean) {
    super();
    this.shape = shape;
    this.orthogonalMap = orthogonalMap;
    this.useTrivialization = useTrivialization;
    this.base = this.registerBuffer("base", null as Tensor | null);
  }

  override forward(x: Tensor): Tensor {
    const [n, k] = sizesOf(x);
    const tall = n < k ? mT(x) : x;
    const made = this.orthogonalMap === "householder" ? reflected(tall) : rotated(tall, this.orthogonalMap);
    const Q = this.base ? matmul(this.base, made) : made;
    return n < k ? mT(Q) : Q;
  }

  rightInverse(value: Tensor): Tensor {
    const size = (shape: Shape) => `torch.Size(${formatShape(shape)})`;
    const otherShape = () =>
      `Expected a matrix or batch of matrices of shape ${size(this.shape)}. Got a tensor of shape ${size(value.shape)}.`;
    check(sameShape(value.shape, this.shape), otherShape);
    return noGrad(() => (this.useTrivialization ? this.rebased(value) : this.unreflected(value)));
  }

  /** Makes the value the base, and gives what stands for the unit matrix. */
  protected rebased(value: Tensor): Tensor {
    const [rows, columns] = sizesOf(value);
    const tall = rows < columns ? mT(value) : value;
    const [n, k] = sizesOf(tall);
    const batch = tall.shape.slice(0, -2);
    const filled = () => cat([tall, randn([...batch, n, n - k], { dtype: tall.dtype })], -1);
    const isFit = n === k && isOrthogonal(tall);
    Object.assign(this, { base: isFit ? clone(tall) : madeOrthogonal(n === k ? tall : filled()) });
    return clone(expand(mul(eye(rows, columns, { dtype: value.dtype }), -1), value.shape));
  }

  protected unreflected(value: Tensor): Tensor {
    const impossible =
      "It is not possible to assign to the matrix exponential or the Cayley parametrizations when use_trivialization=False.";
    check(this.orthogonalMap === "householder", impossible, NotImplementedError);
    const [n, k] = sizesOf(value);
    return n < k ? mT(reflectors(mT(value))) : reflectors(value);
  }
}

/** Reflections, times the signs on the diagonal. */
function reflected(x: Tensor): Tensor {
  return mul(reflections(tril(x, -1)), unsqueeze(to(diagonalOf(x), "int32"), -2));
}

/** exp(A), or (I + A/2) (I - A/2)⁻¹, of the skew-symmetric A = X - Xᵀ, where X is what of x is not above the diagonal. */
function rotated(x: Tensor, map: "matrixExp" | "cayley"): Tensor {
  const [n, k] = sizesOf(x);
  const { dtype, shape } = x;
  const lower = tril(x);
  const X = n === k ? lower : cat([lower, zeros([...shape.slice(0, -2), n, n - k], { dtype })], -1);
  const A = sub(X, mT(X));
  const one = eye(n, { dtype });
  const Q = map === "matrixExp" ? matrixExp(A) : solve(add(one, A, { alpha: -0.5 }), add(one, A, { alpha: 0.5 }));
  return n === k ? Q : narrow(Q, -1, 0, k);
}

/**
 * Makes a weight orthogonal, and keeps it so in training: its columns are perpendicular unit vectors, or, if there are fewer, its rows; of
 * a weight of more dimensions, those of each matrix in it. At first it is the weight itself, if that is orthogonal, else the Q of
 * its QR factorization. Returns the module. Mirrors `torch.nn.utils.parametrizations.orthogonal` (Lezcano 2019,
 * https://arxiv.org/abs/1909.09501).
 * @throws if the module has no such tensor, or it has fewer than two dimensions
 * @example
 * const layer = nn.utils.parametrizations.orthogonal(new nn.Linear(2, 3));
 * console.log(layer, layer.weight.t().matmul(layer.weight).round({ decimals: 5 }));
 */
export function orthogonal<M extends Module>(module: M, name = "weight", options?: OrthogonalOptions): M {
  const { orthogonalMap, useTrivialization } = readOptions(options, { orthogonalMap: null, useTrivialization: true });
  const weight = tensorIn(module, name);
  const vector = () => `Expected a matrix or batch of matrices. Got a tensor of ${weight.ndim} dimensions.`;
  check(weight.ndim >= 2, vector);
  const [n, k] = sizesOf(weight);
  const map = orthogonalMap ?? (n === k ? "matrixExp" : "householder");
  const names = Object.values(torchNames).map((known) => `"${known}"`);
  check(Object.hasOwn(torchNames, map), () => `orthogonal_map has to be one of ${names.join(", ")}. Got: ${map}`);
  return registerParametrization(module, name, new _Orthogonal(weight, map, useTrivialization), { unsafe: true });
}
