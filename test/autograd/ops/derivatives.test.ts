/**
 * Derivatives are PyTorch's also where a formula for them would divide 0 by 0, or subtract what is far larger than the result, and where
 * nothing but their being 0 is known.
 */
import type { DType, Tensor } from "../../../src/index.ts";
import { Answers, torch } from "../../support/index.ts";

const { arange, bernoulli, binomial, error, eye, grad, linalg, nn, normal, ones, poisson, slogdet, tensor, zeros } =
  torch;
const dtype = "float64";

const answers = new Answers("special_derivatives");

/** Of 1, 2, … times the results the gradients, and of 1, 2, … times those the gradients, by x and by the numbers that go in. */
function derivatives(f: (x: Tensor) => Tensor, x: Tensor): Tensor[] {
  const numbers = (like: Tensor) => arange(1, like.numel + 1, { dtype: like.dtype }).view(like.shape);
  const leaf = x.detach().requiresGrad_();
  const y = f(leaf);
  const dy = numbers(y).requiresGrad_();
  const [dx] = grad([y], [leaf], { gradOutputs: [dy], createGraph: true }) as Tensor[];
  return [y, dx, ...(grad([dx], [leaf, dy], { gradOutputs: [numbers(dx)] }) as Tensor[])];
}

const skew = tensor([[1, 0.3, 0.2], [0.5, 3, 0.7], [0.1, 0.2, 2]], { dtype }); // biome-ignore format: a matrix
const ofRank2 = (type: DType) => tensor([[1, 2, 3], [2, 1, 0], [3, 3, 3]], { dtype: type }); // biome-ignore format: a matrix
const far = tensor([-7.4, -0.5, 20, 60]);

answers.each({
  "eigenvalues of which one triangle is read": () => derivatives((A) => linalg.eigvalsh(A), skew),
  "eigenvectors of which one triangle is read, whatever their sign": () =>
    derivatives((A) => linalg.eigh(A, "U").eigenvectors.square(), skew),
  "a pseudoinverse of which one triangle is read": () => derivatives((A) => linalg.pinv(A, { hermitian: true }), skew),
  "of a pseudoinverse of a matrix that is symmetric": () =>
    derivatives((A) => linalg.pinv(A, { hermitian: true }), skew.add(skew.t())),
  "the determinant of a singular matrix": () => derivatives((A) => linalg.det(A), ofRank2("float64")),
  "the determinant of a matrix that is nearly singular": () => {
    const A = tensor([[-0.921122, 0.5688743], [-1, 0.6175883]]); // biome-ignore format: a matrix
    return derivatives((x) => linalg.det(x), A);
  },
  "logcumsumexp where signs change": () => derivatives((x) => x.logcumsumexp(0).mul(tensor([1, -1, 2, -3])), far),
  "logcumsumexp of large numbers": () =>
    derivatives((x) => x.logcumsumexp(0).mul(tensor([-1, 1, -2, 3])), tensor([1000, 1001, 999, -1000])),
  "the soft margin loss far from the margin": () =>
    derivatives((x) => nn.functional.softMarginLoss(x, tensor([7.1, 1, -1, 1]), { reduction: "none" }), far.mul(0.5)),
  "the norm of nothing": () => derivatives((x) => linalg.norm(x), zeros(0, { dtype })),
  "the norms of nothing and of a row": () => derivatives((x) => linalg.norm(x, null, 0), zeros([0, 2], { dtype })),
  "the power 0 of a matrix, the sign of a determinant and random numbers have the gradient 0": () => {
    const A = eye(2).mul(0.5).requiresGrad_();
    const ys = [linalg.matrixPower(A, 0), slogdet(A).sign, bernoulli(A), poisson(A), normal(A, 1), normal(0, A.add(1))];
    const ofBinomial = binomial(ones([2, 2]), A).requiresGrad;
    return [...ys.map((y) => [y.requiresGrad, torch.gradients(y.sum(), [A])]), ofBinomial];
  },
  "sizes of 1 in more than 64 dimensions are not reduced": () => {
    const x = ones(Array(65).fill(1));
    return [x.sum(), error(() => x.sum(-1)), error(() => x.amax(64)), error(() => x.argmax(0))];
  },
});
