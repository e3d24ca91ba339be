/** The decompositions of linear algebra are what they say, also of special matrices; and its errors are PyTorch's. */
import { expect, it } from "vitest";
import { Generator, type Tensor } from "../../../src/index.ts";
import { Answers, expectClose, torch } from "../../support/index.ts";

const { cat, cholesky, error, eye, linalg, logdet, ones, randn, slogdet, tensor, zeros } = torch;
const dtype = "float64";
const close = { atol: 1e-12, rtol: 1e-12 };

const made = (...shape: number[]) => randn(shape, { dtype, generator: new Generator(shape.length) });
const matrices = {
  tall: made(6, 4),
  wide: made(3, 5),
  "a batch": made(2, 3, 3),
  "of rank 1": tensor([[1, 2, 3], [2, 4, 6], [3, 6, 9]], { dtype }), // biome-ignore format: a matrix
  zeros: zeros([3, 2], { dtype }),
  "the identity": eye(4, { dtype }),
  "large and small": tensor([[1e150, 1], [1, 1e-150]], { dtype }), // biome-ignore format: a matrix
  "with a zero column": tensor([[0, 1], [0, 2], [0, 2]], { dtype }), // biome-ignore format: a matrix
};

function expectOrthogonal(Q: Tensor): void {
  const n = Q.shape[Q.ndim - 1];
  expectClose(Q.transpose(-2, -1).matmul(Q), eye(n, { dtype }).expand([...Q.shape.slice(0, -2), n, n]), close);
}

it.each(Object.entries(matrices))(
  "the factors of a matrix, %s, give it back, and their vectors are perpendicular",
  (_, A) => {
    const scale = Math.max(1, A.abs().max().item());
    const isA = (x: Tensor) => expectClose(x.div(scale), A.div(scale), close);
    for (const mode of ["reduced", "complete"] as const) {
      const { Q, R } = linalg.qr(A, mode);
      expectOrthogonal(Q);
      isA(Q.matmul(R));
      expectClose(R.tril(-1), R.mul(0), close);
    }
    const { U, S, Vh } = linalg.svd(A);
    expectOrthogonal(U);
    expectOrthogonal(Vh.transpose(-2, -1));
    const k = S.shape[S.ndim - 1];
    isA(
      U.narrow(-1, 0, k)
        .mul(S.unsqueeze(-2))
        .matmul(Vh.narrow(-2, 0, k)),
    );
    expect(S.diff().le(0).all().item()).toBe(1);
  },
);

it("eigenvalues ascend, and their vectors are perpendicular, of one triangle", () => {
  const A = made(5, 5);
  for (const UPLO of ["L", "U"] as const) {
    const { eigenvalues, eigenvectors } = linalg.eigh(A, UPLO);
    expectOrthogonal(eigenvectors);
    const half = UPLO === "L" ? A.tril(-1) : A.triu(1);
    const symmetric = half.add(half.t()).add(A.diag().diag());
    expectClose(symmetric.matmul(eigenvectors), eigenvectors.mul(eigenvalues), close);
    expect(eigenvalues.diff().ge(0).all().item()).toBe(1);
  }
});

it("an exponential of large numbers is that of the small ones, squared", () => {
  const A = tensor([[0, 30], [-30, 0]], { dtype }); // biome-ignore format: a matrix
  const [c, s] = [Math.cos(30), Math.sin(30)];
  expectClose(A.matrixExp(), tensor([[c, s], [-s, c]], { dtype }), { atol: 1e-11 }); // biome-ignore format: a matrix
});

const [square, three, singular] = [eye(2), ones([2, 3]), ones([2, 2])];
const whole = tensor([[1]], { dtype: "int32" });
const calls: Record<string, () => unknown> = {
  "inv of no square": () => linalg.inv(three),
  "inv of a vector": () => linalg.inv(ones(3)),
  "inv of a singular matrix": () => linalg.inv(singular),
  "inv of a batch": () => linalg.inv(ones([3, 2, 2])),
  "inv of whole numbers": () => linalg.inv(whole),
  "solve with a singular matrix": () => linalg.solve(singular, ones(2)),
  "solve with a batch": () => linalg.solve(ones([3, 2, 2]), ones([3, 2])),
  "solve with another length": () => linalg.solve(square, ones(3)),
  "solve with another dtype": () => linalg.solve(square, ones(2, { dtype })),
  "solve with a scalar": () => linalg.solve(square, tensor(1)),
  "det of no square": () => linalg.det(three),
  "slogdet of no square": () => slogdet(three),
  "logdet of no square": () => logdet(three),
  "cholesky of a negative matrix": () => linalg.cholesky(square.neg()),
  "cholesky by its second name": () => cholesky(square.neg()),
  "cholesky of a batch": () => linalg.cholesky(square.neg().expand(2, 2, 2)),
  "qr of a vector": () => linalg.qr(ones(3)),
  "qr in an unknown mode": () => linalg.qr(square, "x" as "r"),
  "eigh of no square": () => linalg.eigh(three),
  "eigh of another triangle": () => linalg.eigh(square, "x" as "L"),
  "svd of NaN": () => linalg.svd(square.mul(Number.NaN)),
  "svd of a vector": () => linalg.svd(ones(2)),
  "lstsq with another length": () => linalg.lstsq(three, ones(3)),
  "lstsq with another driver": () => linalg.lstsq(square, square, { driver: "qr" as "gels" }),
  "lstsq of less than full rank with gels": () => linalg.lstsq(singular, ones([2, 1]), { driver: "gels" }),
  "pinv of a vector": () => linalg.pinv(ones(2)),
  "matrixPower of no square": () => linalg.matrixPower(three, 2),
  "matrixPower of a singular matrix": () => linalg.matrixPower(singular, -1),
  "matrixRank of a vector": () => linalg.matrixRank(ones(2)),
  "matrixExp of no square": () => linalg.matrixExp(three),
  "cond of no square": () => linalg.cond(three, 1),
  "norm of an unknown order": () => linalg.norm(square, 3),
  "norm of a batch": () => linalg.norm(ones([2, 2, 2]), 2),
  "norm over three dimensions": () => linalg.norm(ones([2, 2, 2]), 2, [0, 1, 2]),
  "norm of whole numbers": () => linalg.norm(whole),
  "matrixNorm of a vector": () => linalg.matrixNorm(ones(2)),
  "matrixNorm in one dimension": () => linalg.matrixNorm(square, "fro", [0, 0]),
  "solveTriangular of a vector": () => linalg.solveTriangular(square, ones(2), { upper: true }),
  "solveTriangular of no square": () => linalg.solveTriangular(three, ones([3, 1]), { upper: true }),
  "multiDot of one": () => linalg.multiDot([square]),
  "multiDot of others": () => linalg.multiDot([square, ones([3, 2])]),
  "multiDot with a cube": () => linalg.multiDot([square, ones([2, 2, 2]), square]),
  "cross of vectors of four": () => linalg.cross(ones([2, 4]), ones([2, 4])),
};
const answers = new Answers("linalg");
answers.each(
  Object.fromEntries(Object.entries(calls).map(([name, call]) => [`${name} is an error`, () => void error(call)])),
);

const graded = tensor([4, 2, 1e-3], { dtype }).diag();
const pair = torch.stack([graded, graded.mul(2)]);
const eachOf = (...values: number[]) => tensor(values, { dtype });

answers.each({
  "up to where singular values count as 0, for all matrices and for each": () => [
    linalg.matrixRank(pair, { atol: eachOf(1, 3) }),
    linalg.matrixRank(pair, { rtol: eachOf(0.3, 0.6) }),
    linalg.matrixRank(pair, { atol: 1, rtol: tensor(0.6), hermitian: true }),
    linalg.matrixRank(graded, { atol: eachOf(1, 2.5, 5) }),
    linalg.matrixRank(graded, { tol: 2.5 }),
    linalg.pinv(graded, { rcond: 0.3 }),
    linalg.pinv(pair, { rcond: eachOf(0.3, 0.6) }),
    linalg.pinv(pair, { atol: eachOf(1, 3), hermitian: true }),
  ],
  "what each driver of least squares finds": () =>
    ([undefined, "gels", "gelsy", "gelsd", "gelss"] as const).flatMap((driver) =>
      [matrices.tall.narrow(0, 0, 3).narrow(1, 0, 2), pair].map((A) => {
        const found = linalg.lstsq(
          A.clone().requiresGrad_(),
          torch
            .arange(3, { dtype })
            .add(1)
            .view(3, 1)
            .expand([...A.shape.slice(0, -1), 1]),
          { driver: driver ?? null },
        );
        return [found.solution, found.residuals, found.rank, found.singularValues];
      }),
    ),
});

it("special values", () => {
  expect(linalg.det(zeros([0, 0])).item()).toBe(1);
  expect(slogdet(zeros([2, 2])).logabsdet.item()).toBe(-Infinity);
  expect(logdet(eye(3).neg()).item()).toBeNaN();
  expect(linalg.cond(zeros([2, 2]).fill_(1), 2).item()).toBeGreaterThan(1e6);
  expect(linalg.matrixRank(matrices["of rank 1"]).item()).toBe(1);
});

answers.it("what solveEx says is said of each matrix, not of each equation", () => {
  const [A, B] = [cat([eye(2).view(1, 1, 2, 2), ones([1, 1, 2, 2])]), ones([1, 3, 2, 1])];
  return [
    linalg.solveEx(A, B).info,
    linalg.solveEx(ones([2, 2]), ones([3, 2, 1])).info,
    error(() => linalg.solve(A, B), "\n"),
  ];
});

for (const rows of [
  [3, 3],
  [0, 0],
])
  answers.it(`error of luSolve with rows ${rows}`, () =>
    error(() => linalg.luSolve(eye(2), tensor(rows, { dtype: "int32" }), ones([2, 1])), "\n"),
  );
answers.it("error of luSolve with two dtypes", () =>
  error(() => linalg.luSolve(eye(2), tensor([1, 2], { dtype: "int32" }), ones([2, 1], { dtype })), "\n"),
);
answers.it(
  "the product of no reflections is one of its matrix",
  () => linalg.householderProduct(ones([3, 2]).requiresGrad_(), zeros([0])).requiresGrad,
);
