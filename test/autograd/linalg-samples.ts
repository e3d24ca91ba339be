/** Samples of linear algebra: of what does not depend on the signs of vectors. samples.ts takes them in. */
import type { TensorFunction } from "../../src/autograd/gradcheck.ts";
import type { Tensor } from "../../src/index.ts";
import { torch } from "../support/index.ts";
import { on, unlike } from "./sampling.ts";

const { eye, linalg } = torch;

const identity = (x: Tensor): Tensor => eye(x.shape[x.ndim - 1], { dtype: x.dtype });
/** A matrix that is far from singular. */
const regular = (x: Tensor): Tensor => x.add(identity(x).mul(3));
/** A symmetric one that is positive-definite. */
const positive = (x: Tensor): Tensor => x.matmul(x.transpose(-2, -1)).add(identity(x));
const symmetric = (x: Tensor): Tensor => x.add(x.transpose(-2, -1));

/** f of such matrices. PyTorch's gradients at special numbers are other NaN. */
const of = (f: TensorFunction, ...lists: string[][]) =>
  unlike(on(f, ...lists)).map((sample) => ({ ...sample, isOfNumbers: true }));
const ofRegular = (f: TensorFunction, ...shapes: string[]) =>
  of((x) => f(regular(x)), ...(shapes.length > 0 ? shapes : ["3x3", "2x2x2"]).map((shape) => [shape]));

const recomposed = ({ U, S, Vh }: { U: Tensor; S: Tensor; Vh: Tensor }, power: number): Tensor =>
  U.mul(S.pow(power).unsqueeze(-2)).matmul(Vh);
const recomposedLow = ({ U, S, V }: { U: Tensor; S: Tensor; V: Tensor }): Tensor =>
  U.mul(S.unsqueeze(-2)).matmul(V.transpose(-2, -1));
const inverse: TensorFunction = (x) => x.inverse();

export const linalgSamples = {
  // as tensors have it
  det: [ofRegular((x) => x.det(), "3x3", "2x2x2", "1x1"), of((x) => x.t().matmul(x).det(), ["2x3"])],
  slogdet: ofRegular((x) => x.slogdet().logabsdet),
  logdet: of((x) => positive(x).logdet(), ["3x3"]),
  inverse: ofRegular(inverse),
  pinverse: of((x) => x.pinverse(), ["2x3"]),
  cholesky: of((x) => positive(x).cholesky(), ["3x3"], ["2x2x2"]),
  qr: of((x) => x.qr().R, ["3x2"]),
  svd: of(
    (x) => {
      const { U, S, V } = x.svd();
      return U.mul(S.pow(2).unsqueeze(-2)).matmul(V.t());
    },
    ["3x2"],
  ),
  matrixExp: of((x) => x.matrixExp(), ["2x2"], ["2x3x3"]),
  matrixPower: [of((x) => x.matrixPower(3), ["2x2"]), ofRegular((x) => x.matrixPower(-2))],

  choleskyInverse: [
    ofRegular((x) => x.choleskyInverse()),
    of((x) => regular(x).choleskyInverse({ upper: true }), ["2x2"]),
  ],
  choleskySolve: [
    of((b, l) => b.choleskySolve(regular(l)), ["3x2", "3x3"], ["2x3x1", "3x3"]),
    of((b, l) => b.choleskySolve(regular(l), { upper: true }), ["2x2", "2x2"]),
  ],
  lu: ofRegular((x) => x.lu().LU),
  luSolve: of(
    (b, x) => {
      const { LU, pivots } = x.lu();
      return b.luSolve(LU, pivots);
    },
    ["3x2", "3x3"],
  ),
  luUnpack: of(
    (x) => {
      const { LU, pivots } = x.lu();
      const { P, L, U } = torch.luUnpack(LU, pivots);
      return [P, L, U];
    },
    ["3x3"],
    ["2x3"],
    ["3x2"],
  ),
  geqrf: [of((x) => x.detach().geqrf().a, ["3x2"], ["2x3"]), of((x) => x.detach().geqrf().tau, ["3x2"])],
  orgqr: of((x, tau) => x.orgqr(tau), ["3x2", "2"], ["2x3x3", "2x2"]),
  ormqr: [
    of((x, tau, y) => x.ormqr(tau, y), ["3x2", "2", "3x2"]),
    of((x, tau, y) => x.ormqr(tau, y, { left: false, transpose: true }), ["3x2", "2", "2x3"]),
  ],
  svdLowrank: of((x) => recomposedLow(torch.svdLowrank(x.matmul(x.t()).matmul(x), { q: 2 })), ["3x2"]),
  pcaLowrank: of((x) => recomposedLow(torch.pcaLowrank(x, { q: 2 })), ["4x2"]),

  // as linalg has it
  "linalg.det": ofRegular((x) => linalg.det(x)),
  "linalg.slogdet": ofRegular((x) => linalg.slogdet(x).sign),
  "linalg.inv": ofRegular((x) => linalg.inv(x)),
  "linalg.solve": [
    of((a, b) => linalg.solve(regular(a), b), ["3x3", "3x2"], ["3x3", "3"], ["2x2x2", "2x1"], ["2x2", "3x2x1"]),
    of((a, b) => linalg.solve(regular(a), b, { left: false }), ["2x2", "3x2"]),
  ],
  "linalg.solveTriangular": [
    of((a, b) => linalg.solveTriangular(regular(a), b, { upper: true }), ["3x3", "3x2"]),
    of((a, b) => linalg.solveTriangular(a, b, { upper: false, left: false, unitriangular: true }), ["2x2", "2x3x2"]),
  ],
  "linalg.cholesky": of((x) => linalg.cholesky(positive(x), { upper: true }), ["3x3"]),
  "linalg.qr": [
    of((x) => linalg.qr(x).Q, ["3x3"], ["3x2"], ["2x3"]),
    of((x) => linalg.qr(x).R, ["3x3"], ["3x2"], ["2x3"], ["2x3x2"]),
    of(
      (x) => {
        const { Q, R } = linalg.qr(x);
        return [Q, R];
      },
      ["2x3"],
      ["3x2"],
    ),
    of((x) => linalg.qr(x.detach(), "complete").Q, ["3x2"]),
    of((x) => linalg.qr(x.detach(), "r").R, ["3x2"]),
  ],
  "linalg.eigh": of(
    (x) => {
      const { eigenvalues, eigenvectors } = linalg.eigh(symmetric(x));
      return eigenvectors.mul(eigenvalues.exp().unsqueeze(-2)).matmul(eigenvectors.transpose(-2, -1));
    },
    ["3x3"],
    ["2x2x2"],
  ),
  "linalg.eigvalsh": of((x) => linalg.eigvalsh(symmetric(x), "U"), ["3x3"]),
  "linalg.svd": [of((x) => recomposed(linalg.svd(x, { fullMatrices: false }), 2), ["3x2"], ["2x3"], ["2x2x2"])],
  "linalg.svdvals": of((x) => linalg.svdvals(x), ["3x2"], ["2x3x3"]),
  "linalg.pinv": of((x) => linalg.pinv(x), ["3x2"], ["2x3"]),
  "linalg.lstsq": of((a, b) => linalg.lstsq(a, b).solution, ["4x2", "4x1"], ["2x3", "2x2"]),
  "linalg.matrixRank": of((x) => linalg.matrixRank(x.detach()), ["3x2"], ["2x3x3"]),
  "linalg.matrixPower": of((x) => linalg.matrixPower(x, 5), ["2x2"]),
  "linalg.matrixExp": of((x) => linalg.matrixExp(x.mul(4)), ["3x3"]),
  "linalg.vectorNorm": of((x) => linalg.vectorNorm(x, 3, [0, 1]), ["2x3"]),
  "linalg.matrixNorm": (["fro", "nuc", 1, -1, 2, -2, Infinity, -Infinity] as const).flatMap((ord) => [
    ...of((x) => linalg.matrixNorm(x, ord), ["2x3"]),
    ...of((x) => linalg.matrixNorm(x, ord, [0, 2], { keepdim: true }), ["3x2x2"]),
  ]),
  "linalg.norm": [
    of((x) => linalg.norm(x), ["2x3"]),
    of((x) => linalg.norm(x, 1), ["2x3"], ["3"]),
    of((x) => linalg.norm(x, 2, 1, { keepdim: true }), ["2x3"]),
    of((x) => linalg.norm(x, "nuc", [0, 1]), ["2x3"]),
  ],
  "linalg.cond": [
    ([null, 2, -2] as const).flatMap((ord) => of((x) => linalg.cond(x, ord), ["3x2"])),
    (["fro", "nuc", 1, -1, Infinity] as const).flatMap((ord) => ofRegular((x) => linalg.cond(x, ord), "2x2")),
  ],
  "linalg.multiDot": [of((a, b, c) => linalg.multiDot([a, b, c]), ["2x3", "3x4", "4x2"], ["3", "3x4", "4"])],
  "linalg.cross": of((a, b) => linalg.cross(a, b), ["2x3", "1x3"]),
  "linalg.vander": of((x) => linalg.vander(x, { N: 4 }), ["2x3"]),
  "linalg.diagonal": of((x) => linalg.diagonal(x, { offset: 1 }), ["2x3x3"]),
  "linalg.luFactor": ofRegular((x) => linalg.luFactor(x).LU),
  "linalg.luFactorEx": of((x) => linalg.luFactorEx(x).LU, ["3x2"], ["2x2x3"]),
  "linalg.lu": of(
    (x) => {
      const { L, U } = linalg.lu(x);
      return [L, U];
    },
    ["3x3"],
    ["2x2x3"],
    ["4x2"],
  ),
  "linalg.luSolve": [
    { left: true, adjoint: false },
    { left: true, adjoint: true },
    { left: false, adjoint: false },
    { left: false, adjoint: true },
  ].flatMap((options) =>
    of(
      (x, b) => {
        const { LU, pivots } = linalg.luFactor(x);
        return linalg.luSolve(LU, pivots, b, options);
      },
      ["2x2", "2x2"],
    ),
  ),
  "linalg.choleskyEx": of((x) => linalg.choleskyEx(positive(x)).L, ["3x3"], ["2x2x2"]),
  "linalg.invEx": ofRegular((x) => linalg.invEx(x).inverse),
  "linalg.solveEx": of((a, b) => linalg.solveEx(regular(a), b).result, ["3x3", "3x2"], ["3x3", "3"]),
  "linalg.householderProduct": of((x, tau) => linalg.householderProduct(x, tau), ["3x2", "2"]),
  "linalg.vecdot": of((a, b) => linalg.vecdot(a, b, { dim: 0 }), ["3x2", "3x2"]),
  "linalg.tensorinv": of((x) => linalg.tensorinv(x.add(eye(4, { dtype: x.dtype }).view(2, 2, 4).mul(3))), ["2x2x4"]),
  "linalg.tensorsolve": of(
    (x, b) => linalg.tensorsolve(x.add(eye(4, { dtype: x.dtype }).view(2, 2, 4).mul(3)), b),
    ["2x2x4", "2x2"],
  ),
  "linalg.matmul": of((a, b) => linalg.matmul(a, b), ["2x3", "3"]),
};
