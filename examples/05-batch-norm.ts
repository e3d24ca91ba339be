/** The program of docs/guide/05-batch-norm.md: Batch norm: what it does, why it helps, and how it goes wrong. */
import { grad, manualSeed, nn, noGrad, ones, rand, randn, type Tensor } from "lucidgrad";

const spread = (x: Tensor) => x.sub(x.mean()).pow(2).mean().sqrt().item();

function throughTwentyLayers(scale: number, normalize: boolean): string {
  manualSeed(0);
  let x = randn([64, 100]);
  for (let layer = 0; layer < 20; layer++) {
    x = x.matmul(randn([100, 100]).mul(scale / Math.sqrt(100)));
    if (normalize) x = new nn.BatchNorm1d(100).forward(x);
    x = x.relu();
  }
  return spread(x).toPrecision(2);
}
for (const scale of [0.5, Math.SQRT2, 4]) {
  const [plain, normalized] = [throughTwentyLayers(scale, false), throughTwentyLayers(scale, true)];
  console.log(`weights × ${scale.toFixed(1)}: spread at the end ${plain}, with batch norm ${normalized}`);
}

function batchNormByHand(x: Tensor, gamma: Tensor, beta: Tensor, eps = 1e-5): Tensor {
  const mean = x.mean(0);
  const centered = x.sub(mean);
  const variance = centered.mul(centered).mean(0);
  const xhat = centered.div(variance.add(eps).sqrt());
  return xhat.mul(gamma).add(beta);
}

const largestDifference = (a: Tensor, b: Tensor) => a.sub(b).abs().max().item();
const small = (value: number) => (Math.abs(value) < 1e-5 ? "about 0" : value.toPrecision(3));

manualSeed(0);
const x = randn([8, 3], { dtype: "float64", requiresGrad: true });
const gamma = rand([3], { dtype: "float64", requiresGrad: true });
const beta = rand([3], { dtype: "float64", requiresGrad: true });
const layer = nn.functional.batchNorm(x, null, null, { weight: gamma, bias: beta, training: true });
console.log("by hand and by lucidgrad differ by", small(largestDifference(batchNormByHand(x, gamma, beta), layer)));

function batchNormBackward(dy: Tensor, x: Tensor, gamma: Tensor, eps = 1e-5) {
  const n = x.shape[0];
  const centered = x.sub(x.mean(0));
  const s = centered.mul(centered).mean(0).add(eps).pow(-0.5);
  const xhat = centered.mul(s);

  const dbeta = dy.sum(0);
  const dgamma = dy.mul(xhat).sum(0);
  const directly = dy;
  const byTheMean = dbeta.div(n).neg();
  const byTheVariance = xhat.mul(dgamma).div(n).neg();
  return { dx: directly.add(byTheMean).add(byTheVariance).mul(gamma.mul(s)), dgamma, dbeta };
}

const dy = randn([8, 3], { dtype: "float64" });
const derived = noGrad(() => batchNormBackward(dy, x, gamma));
const [dx, dgamma, dbeta] = grad(batchNormByHand(x, gamma, beta), [x, gamma, beta], { gradOutputs: [dy] });
console.log(
  "dx, dγ and dβ differ from autograd's by",
  [
    largestDifference(derived.dx, dx),
    largestDifference(derived.dgamma, dgamma),
    largestDifference(derived.dbeta, dbeta),
  ].map(small),
);

const xhat = noGrad(() => batchNormByHand(x, ones([3], { dtype: "float64" }), ones([3], { dtype: "float64" })).sub(1));
console.log(
  "Σ dx:",
  dx.sum(0).abs().max().item().toFixed(3),
  "  Σ dx · x̂:",
  dx.mul(xhat).sum(0).abs().max().item().toFixed(3),
);

const inputs = randn([64, 20]);
const target = randn([64, 5]);
const weights = randn([5, 20]);
const lossOf = (w: Tensor) =>
  nn.functional.batchNorm(inputs.matmul(w.t()), null, null, { training: true }).mul(target).mean();

for (const size of [1, 2, 4]) {
  const w = weights.mul(size).requiresGrad_();
  const loss = lossOf(w);
  loss.backward();
  const along = (w.grad as Tensor).mul(w).sum().item();
  console.log(
    `weights × ${size}: loss ${loss.item().toFixed(4)}, |gradient| ${(w.grad as Tensor).norm().item().toFixed(5)}, along the weights: ${small(along)}`,
  );
}

const norm = new nn.BatchNorm1d(1);
for (let batch = 1; batch <= 50; batch++) {
  norm.forward(randn([32, 1]).mul(2).add(10)); // mean 10, variance 4
  if ([1, 5, 10, 20, 50].includes(batch)) {
    const [mean, variance] = [norm.runningMean as Tensor, norm.runningVar as Tensor].map((t) => t.item().toFixed(2));
    console.log(`after ${String(batch).padStart(2)} batches: running mean ${mean}, variance ${variance}`);
  }
}

const alone = randn([1, 1]).mul(2).add(10);
const withOthers = alone.expand(2, 1).clone();
withOthers.select(0, 1).add_(5);
norm.eval();
console.log(
  "eval: alone",
  norm.forward(alone).item().toFixed(3),
  " with another",
  norm.forward(withOthers).index(0, 0).item().toFixed(3),
);
norm.train();
console.log("train: with another", norm.forward(withOthers).index(0, 0).item().toFixed(3));

const biased = new nn.Sequential(new nn.Linear(20, 5), new nn.BatchNorm1d(5), new nn.ReLU(), new nn.Linear(5, 1));
biased.forward(inputs).sum().backward();
for (const [name, parameter] of biased.namedParameters()) {
  if (name.endsWith("bias")) console.log(name, small((parameter.grad as Tensor).norm().item()));
}

const pairs = randn([2, 6]).mul(3);
console.log(new nn.BatchNorm1d(6).forward(pairs).detach());
try {
  new nn.BatchNorm1d(6).forward(randn([1, 6]));
} catch (error) {
  console.log((error as Error).message);
}
