/** Every distribution draws PyTorch's samples, and has its probabilities, moments and gradients, to the second derivative. */
import { describe } from "vitest";
import type { distributions as Distributions, Tensor } from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";
import { type Case, cases, leaves } from "./cases.ts";

const { grad, gradients, manualSeed, tensor } = torch;

const answers = new Answers("random_variables");

/** PyTorch's trigamma has nine digits, */
const trigamma = { rtol: 1e-8, atol: 1e-9 };
/** and its gradient of gamma and beta numbers, which are approximated, four or three. */
const implicit = { rtol: 1e-3, atol: 1e-5 };

/** Weights, all different, so that gradients do not cancel. */
const weighed = (y: Tensor): Tensor => {
  const weights = Array.from({ length: y.numel }, (_, i) => 1 + ((i * 7) % 5) / 4);
  return y.mul(tensor(weights, { dtype: y.dtype }).view(y.shape)).sum();
};

const valuesOf = ({ values }: Case) => tensor(values as number[], { dtype: "float64" });

/** y with its gradients. */
const withGradients = (y: Tensor, xs: readonly Tensor[]) => [y, ...gradients(weighed(y), xs)];

function logProb(sample: Case) {
  const xs = leaves(sample, "float64");
  const y = sample.make(...xs).logProb(valuesOf(sample));
  if (!y.requiresGrad) return [y];
  const first = grad(weighed(y), xs, { createGraph: true, allowUnused: true }).flatMap((dx) => (dx ? [dx] : []));
  const bent = first.filter((dx) => dx.requiresGrad).map(weighed);
  return [
    y,
    ...first,
    ...(bent.length > 0
      ? gradients(
          bent.reduce((sum, dx) => sum.add(dx)),
          xs,
        )
      : []),
  ];
}

function told(sample: Case) {
  return sample.has
    .filter((name) => name !== "rsample")
    .map((name) => {
      const xs = leaves(sample, "float64");
      const distribution: Distributions.Distribution = sample.make(...xs);
      if (name === "cdf") return withGradients(distribution.cdf(valuesOf(sample)), xs);
      if (name === "entropy") return withGradients(distribution.entropy(), xs);
      if (name === "enumerateSupport") {
        return [distribution.enumerateSupport(), distribution.enumerateSupport({ expand: false })];
      }
      return withGradients(distribution[name], xs);
    });
}

function rsample(sample: Case) {
  manualSeed(3);
  const xs = leaves(sample, "float64");
  return withGradients(sample.make(...xs).rsample([2]), xs);
}

describe.each(Object.entries(cases))("%s", (name, sample) => {
  for (const dtype of ["float32", "float64"] as const) {
    answers.it(`${name}: samples, ${dtype}`, () => {
      manualSeed(7);
      const distribution = sample.make(...leaves(sample, dtype));
      return [
        distribution.sample(),
        distribution.sample([2, 3]),
        distribution.expand([2, ...distribution.batchShape]).sample([2]),
      ];
    });
  }
  const comparing = sample.ofGamma ? trigamma : {};
  answers.it(`${name}: log probabilities, gradients, second derivatives`, () => logProb(sample), comparing);
  answers.it(`${name}: what else it tells`, () => told(sample), comparing);
  if (sample.has.includes("rsample")) {
    const approximate = sample.ofGamma ? implicit : {};
    answers.it(`${name}: rsample and its gradients`, () => rsample(sample), approximate);
  }
  const { shares } = sample;
  if (shares) {
    answers.it(`${name}: icdf`, () => {
      const xs = leaves(sample, "float64");
      return withGradients(sample.make(...xs).icdf(tensor(shares, { dtype: "float64" })), xs);
    });
  }
  answers.it(`${name}: is printed`, () => String(sample.make(...leaves(sample, "float32"))));
});
