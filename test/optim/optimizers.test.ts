/** Adam, AdamW, RMSprop and Adagrad move parameters as PyTorch's do. */
import { describe, it } from "vitest";
import { Answers } from "../support/answers.ts";
import { expectExact } from "../support/fixtures.ts";
import { type Minimising, minimise, namesOf, product } from "../support/minimise.ts";
import { torch } from "../support/torch.ts";

const { error, ones, optim } = torch;

type Cases = Record<string, Minimising>;

const answers = new Answers("optimizers");

const defaults: Cases = { defaults: { settings: {} }, "defaults, float64": { settings: {}, dtype: "float64" } };
const skipped: Minimising["skipped"] = [[0, 1], [1, 1], [3, 0]]; // biome-ignore format: a list of pairs

/** Every choice of a value for each setting. */
const choices = (settings: Record<string, readonly (number | boolean)[]>): Cases => {
  const keys = Object.keys(settings);
  const made = product(...Object.values(settings)).map((values) =>
    Object.fromEntries(keys.map((key, i) => [key, values[i]])),
  );
  return Object.fromEntries(made.map((settings) => [namesOf(settings), { settings }]));
};

function everything(settings: object): Cases {
  return { everything: { settings }, "everything, float64": { settings, dtype: "float64" } };
}

const adam: Cases = {
  ...defaults,
  ...choices({ lr: [0.05], weightDecay: [0, 0.1], amsgrad: [false, true], maximize: [false, true] }),
  ...everything({ lr: 0.1, betas: [0.5, 0.8], eps: 0.01, weightDecay: 0.2, amsgrad: true }),
  "betas 0": { settings: { lr: 0.1, betas: [0, 0], eps: 1 } },
  "lr 0": { settings: { lr: 0 } },
  "lr changed before steps 2 and 4": { settings: {}, changes: [[2, 0, { lr: 0.1 }], [4, 0, { lr: 0.01 }]] }, // biome-ignore format: two changes
  "gradients that shrink and grow": { settings: { lr: 0.5, amsgrad: true }, steps: 10 },
  "two groups": {
    settings: { lr: 0.1 },
    groups: [
      [[2, 0], { lr: 0.2, weightDecay: 0.3 }],
      [[1], { betas: [0.8, 0.9] }],
    ],
  },
  "a parameter without gradient at times": { settings: { lr: 0.1 }, skipped },
};

const rmsprop = { lr: 0.1, alpha: 0.5, eps: 0.01, weightDecay: 0.2, momentum: 0.5, centered: true };
const adagrad = { lr: 0.1, lrDecay: 0.2, weightDecay: 0.2, initialAccumulatorValue: 0.5, eps: 0.01 };

const cases: Record<"Adam" | "AdamW" | "RMSprop" | "Adagrad", Cases> = {
  Adam: adam,
  AdamW: adam,
  RMSprop: {
    ...defaults,
    ...choices({ lr: [0.05], weightDecay: [0, 0.1], momentum: [0, 0.9], centered: [false, true] }),
    ...everything(rmsprop),
    maximize: { settings: { ...rmsprop, maximize: true } },
    "lr changed": { settings: {}, changes: [[2, 0, { lr: 0.1 }], [4, 0, { alpha: 0.5 }]] }, // biome-ignore format: two changes
    "two groups": { settings: { lr: 0.1 }, groups: [[[2, 0], { momentum: 0.5 }], [[1], { centered: true }]] }, // biome-ignore format: two groups
    "a parameter without gradient at times": { settings: rmsprop, skipped },
  },
  Adagrad: {
    ...defaults,
    ...choices({ lr: [0.05], weightDecay: [0, 0.1], lrDecay: [0, 0.3], maximize: [false, true] }),
    ...everything(adagrad),
    "two groups": { settings: { lr: 0.1 }, groups: [[[2, 0], { lr: 0.2 }], [[1], { lrDecay: 1 }]] }, // biome-ignore format: two groups
    "a parameter without gradient at times": { settings: adagrad, skipped },
  },
};

/** In float32 RMSprop's v - m² cancels. */
const toleranceFor = ({ dtype }: Minimising) =>
  dtype === "float64" ? { rtol: 1e-13, atol: 1e-14 } : { rtol: 1e-6, atol: 1e-6 };

for (const [optimizer, own] of Object.entries(cases) as [keyof typeof cases, Cases][]) {
  describe.each(Object.entries(own))(`${optimizer}, %s`, (name, minimising) => {
    it("PyTorch's parameters after every step, and its state dict at the end", () => {
      answers.check(`${optimizer}, ${name}`, () => minimise(optimizer, minimising), toleranceFor(minimising));
    });

    it("the same with a new optimizer, which loads the old one's state dict, at every step", () => {
      const expected = minimise(optimizer, minimising).values.flat();
      const { values } = minimise(optimizer, minimising, { reloaded: true });
      for (const [i, p] of values.flat().entries()) expectExact(p, expected[i]);
    });
  });
}

describe("what the constructors refuse", () => {
  const wrong = {
    Adam: [
      { lr: -1 },
      { eps: -1 },
      { betas: [1, 0.9] },
      { betas: [0.9, -0.1] },
      { betas: [0.9, 1.5] },
      { weightDecay: -1 },
    ],
    RMSprop: [{ lr: -1 }, { eps: -1 }, { momentum: -1 }, { weightDecay: -1 }, { alpha: -1 }],
    Adagrad: [{ lr: -1 }, { eps: -1 }, { lrDecay: -1 }, { weightDecay: -1 }, { initialAccumulatorValue: -1 }],
  };
  for (const [name, list] of Object.entries(wrong)) {
    const Optimizer = optim[name as keyof typeof wrong];
    for (const settings of list as object[]) {
      answers.it(`${name} of ${JSON.stringify(settings)}`, () =>
        error(() => new Optimizer([ones(2, { requiresGrad: true })], settings)),
      );
    }
  }
});
