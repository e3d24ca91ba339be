/** The same seed and the same calls give PyTorch's numbers. */
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../src/index.ts";
import { Answers } from "../../support/answers.ts";
import { torch } from "../../support/torch.ts";

const { bernoulli, binomial, full, multinomial, normal, ones, poisson, tensor } = torch;
const { error, Generator, manualSeed, rand, randint, randLike, randn, randnLike, randperm, zeros } = torch;

const answers = new Answers("distributions", {
  atol: 0,
  rtol: 0,
  of: {
    // PyTorch computes 16 normals or more with vectorised functions that round differently.
    normals: { atol: 1e-6, rtol: 1e-6 },
    // Where PyTorch multiplies and adds float64 numbers in one rounding, JavaScript needs two.
    scaled: { atol: 2e-16, rtol: 2e-16 },
  },
});

const weights = tensor([0.1, 0.2, 0.3, 0.4]);
const rows = tensor([
  [1, 2, 3],
  [3, 0, 1],
]);

const f32 = { dtype: "float32" } as const;
const f64 = { dtype: "float64" } as const;
const i32 = { dtype: "int32" } as const;

const normals = (...args: Parameters<typeof randn>) => ({ normals: randn(...args) });
const normalIn = (x: Tensor, mean = 0, std = 1) => ({ normals: x.normal_(mean, std) });
const uniformIn = (x: Tensor, from = 0, to = 1) => {
  const y = x.uniform_(from, to);
  return x.dtype === "float64" ? { scaled: y } : y;
};

/** Each call's numbers depend on how much every call before it drew. */
const streams = {
  "every function in turn": () => [
    [rand(5), rand([2, 2], f64), randint(0, 100, [6], i32), normals(3), randperm(10, i32), normals(2)],
    [uniformIn(zeros(4), -2.5, 7.1), normals(17), normals(1), normalIn(zeros(3, f64), 5, 0.1), rand(3)],
  ],
  "normals of every size": () => [1, 15, 16, 17, 31, 32, 100].flatMap((n) => [normals(n), normals(n, f64)]),
  // The spare normal of an odd count waits for the next small call; nothing in between takes or drops it.
  "the spare normal": () => [
    [normals(1), rand(2), normals(16), randint(0, 10, [3], i32), randperm(5, i32), uniformIn(zeros(2, f64), 1, 2)],
    [normals(1), normals(1), normals(3, f64), normals(1), normals(0), normals([])],
  ],
  "uniform ranges": () => [
    [uniformIn(zeros(7)), uniformIn(zeros(7), -1, 1), uniformIn(zeros(7), -0.1, 0.1), uniformIn(zeros(7), 1e-3, 1e3)],
    [uniformIn(zeros(7), -1 / 28, 1 / 28), uniformIn(zeros(3), 2, 2), uniformIn(zeros(7, f64), -0.1, 0.3)],
  ],
  "memory order": () => [
    [
      uniformIn(zeros([3, 2]).t()),
      uniformIn(zeros([3, 2], f64).t(), -1, 1),
      uniformIn(zeros([2, 2, 3]).permute(1, 2, 0)),
    ],
    [uniformIn(zeros([3, 1, 2]).permute(2, 1, 0)), normalIn(zeros([3, 2]).t()), normalIn(zeros([5, 4]).t())],
    [normalIn(zeros([5, 4], f64).t(), 1, 2), normalIn(zeros([3, 4, 2]).permute(2, 0, 1)), rand(2)],
  ],
  "whole numbers": () => [
    [randint(0, 2, [5], i32), randint(-7, 8, [5], i32), randint(0, 2 ** 28 - 1, [5], i32), randint(3, 4, [4], i32)],
    [randint(0, 10, [2, 3], f32), [1, 0, 2, 100].map((n) => randperm(n, i32)), rand(1)],
  ],
  "more numbers than the state has words": () => [rand(700), randperm(700, i32), rand(1)],
  "functions of a uniform number or a normal": () => [
    [
      zeros(5).exponential_(),
      zeros(5).exponential_(0.3),
      zeros(5).exponential_(0),
      { scaled: zeros(5, f64).exponential_(2) },
    ],
    [zeros(6).geometric_(0.2), zeros(6, i32).geometric_(0.7), zeros(3).cauchy_(), zeros(3).cauchy_(1, 5), rand(1)],
    [zeros(3).logNormal_(), zeros(20).logNormal_(0, 0.3), { scaled: zeros(3, f64).logNormal_(1, 2) }, normals(1)],
    [zeros([3, 2]).t().exponential_(), zeros([2, 3, 2]).permute(1, 2, 0).geometric_(0.4), rand(1)],
  ],
  "whole numbers in place": () => [
    [zeros(4).random_(), zeros(4, f64).random_(), zeros(4, i32).random_(), zeros(4, { dtype: "bool" }).random_()],
    [
      zeros(4).random_(7),
      zeros(4, i32).random_(-3, 12),
      zeros(4).random_(2 ** 25 + 3),
      zeros(4).random_(2 ** 32),
      rand(1),
    ],
    [zeros(4, f64).random_(-3, 2 ** 40), zeros(4).random_(2 ** 28), zeros(4, i32).random_(5, null), rand(1)],
  ],
  "truths of probabilities": () => [
    [
      bernoulli(tensor([0, 0.5, 1, 0.3])),
      bernoulli(
        tensor([
          [0.5, 0.2],
          [0.9, 0.1],
        ]).t(),
      ),
      bernoulli(zeros(5), 0.5),
    ],
    [
      bernoulli(tensor([0.5, 0.5, 0.5], f64)),
      zeros(5, i32).bernoulli_(0.4),
      zeros([2, 3]).bernoulli_(tensor([0.2, 0.5, 1])),
    ],
    [
      zeros([3, 2])
        .t()
        .bernoulli_(
          tensor(
            [
              [0.5, 0.5, 0.9],
              [0.1, 0.5, 0.5],
            ],
            f64,
          ),
        ),
      zeros(3).bernoulli(0.5),
      rand(1),
    ],
  ],
  "normals of tensors": () => [
    { normals: [normal(tensor([0, 10, 20]), tensor([1, 2, 3])), normal(tensor([[1], [2]]), tensor([1, 2, 3], f64))] },
    {
      normals: [
        normal(zeros(20), 2),
        normal(1, tensor([0, 1, 2])),
        normal(5, 0.1, [3]),
        normal(5, 0.1, [4, 5]),
        normal(ones(3)),
      ],
    },
    rand(1),
  ],
  "events of Poisson's": () => [
    [poisson(tensor([0.5, 3, 12, 50])), poisson(tensor([0, 9.99, 10, 1000, 1e6])), poisson(full([4, 25], 3)), rand(1)],
    [
      poisson(
        tensor(
          [
            [0.5, 3],
            [12, 50],
          ],
          f64,
        ).t(),
      ),
      poisson(full([50], 30)),
      rand(1),
    ],
  ],
  successes: () => [
    [
      binomial(tensor([10, 10, 100, 100]), tensor([0.2, 0.7, 0.3, 0.9])),
      binomial(full([50], 40), full([50], 0.6)),
      rand(1),
    ],
    [
      binomial(tensor([0, -1, 5, 5], f64), tensor([0.5, 0.5, 0, 1], f64)),
      binomial(full([50], 9), full([50], 0.2)),
      rand(1),
    ],
  ],
  "indices by weight": () => [
    [multinomial(weights, 8, { replacement: true }), multinomial(weights, 4), multinomial(weights, 1), rand(1)],
    [
      multinomial(rows, 5, { replacement: true }),
      multinomial(rows, 2),
      multinomial(rows.t(), 2),
      rows.multinomial(3),
      rand(1),
    ],
    [multinomial(rand(300), 200, { replacement: true }), multinomial(rand(300, f64), 20), rand(1)],
    multinomial(tensor([0, 3, 0, 1]), 2),
  ],
  "a batch of normals": () => [normals([4, 25]), normalIn(zeros([2, 50]), -3, 0.5), rand(1)],
};

const everySeed = [0, 42, 1234, 2 ** 32 + 42, -1, 2n ** 63n, -(2n ** 63n), 2n ** 64n - 1n];

describe("streams: PyTorch's bit for bit, but normals to 1e-6, and float64 ranges to the last bit", () => {
  for (const [name, draw] of Object.entries(streams)) {
    for (const seed of name === "every function in turn" ? everySeed : [0, 42]) {
      answers.it(`${name}, seed ${seed}`, () => {
        manualSeed(seed);
        return draw();
      });
    }
  }
});

describe("a generator of one's own", () => {
  it("gives what the default one would, and leaves that alone", () => {
    manualSeed(1);
    const expected = [rand(3), randn(3), randint(0, 9, 3), randperm(5)].map(String);
    manualSeed(7);
    const before = rand(1).item();
    manualSeed(7);
    const generator = new Generator(1);
    const own = [rand(3, { generator }), randn(3, { generator })];
    own.push(randint(0, 9, 3, { generator }), randperm(5, { generator }));
    expect(own.map(String)).toEqual(expected);
    expect(rand(1).item()).toBe(before);
  });

  it("serves the in-place functions too", () => {
    const generator = new Generator(3);
    const expected = [rand(4, { generator }), randn(4, { generator })].map(String);
    generator.manualSeed(3);
    expect([zeros(4).uniform_(0, 1, { generator }), zeros(4).normal_(0, 1, { generator })].map(String)).toEqual(
      expected,
    );
  });
});

describe("errors are PyTorch's", () => {
  const refused = {
    "seed too large": () => manualSeed(2n ** 64n),
    "seed too small": () => manualSeed(-(2n ** 63n) - 1n),
    "uniform_ from above to": () => zeros(2).uniform_(2, 1),
    "normal_ of negative std": () => zeros(2).normal_(0, -1),
    "randint of nothing": () => randint(3, 3, [2]),
    "rand of whole numbers": () => rand(3, { dtype: "int32" }),
    "randn of truths": () => randn(3, { dtype: "bool" }),
    "randLike of whole numbers": () => randLike(zeros(2, { dtype: "int32" })),
    "randnLike of whole numbers": () => randnLike(zeros(20, { dtype: "int32" })),
    "uniform_ of truths": () => zeros(2, { dtype: "bool" }).uniform_(),
    "normal_ of whole numbers": () => zeros(2, { dtype: "int32" }).normal_(),
    "randint above int32": () => randint(0, 2 ** 31 + 1, [2], { dtype: "int32" }),
    "randint below int32": () => randint(-(2 ** 31) - 1, 0, [2], { dtype: "int32" }),
    "exponential_ of a negative rate": () => zeros(2).exponential_(-1),
    "exponential_ of whole numbers": () => zeros(2, i32).exponential_(),
    "geometric_ of 0": () => zeros(2).geometric_(0),
    "geometric_ of 1": () => zeros(2).geometric_(1),
    "geometric_ of truths": () => zeros(2, { dtype: "bool" }).geometric_(0.5),
    "cauchy_ of whole numbers": () => zeros(2, i32).cauchy_(),
    "logNormal_ of no deviation": () => zeros(2).logNormal_(0, 0),
    "logNormal_ of whole numbers": () => zeros(2, i32).logNormal_(),
    "random_ of nothing": () => zeros(2).random_(0),
    "random_ above int32": () => zeros(2, i32).random_(2 ** 31 + 1),
    "bernoulli_ above 1": () => zeros(2).bernoulli_(2),
    "normal of negative deviations": () => normal(zeros(2), tensor([1, -1])),
    "normal of a negative deviation": () => normal(zeros(2), -1),
    "normal of whole numbers": () => normal(zeros(2, i32), 1),
    "normal of sizes that do not fit": () => normal(zeros(2), ones(3)),
    "poisson of a negative rate": () => poisson(tensor([-1])),
    "poisson of whole numbers": () => poisson(zeros(2, { dtype: "bool" })),
    "binomial of two dtypes": () => binomial(ones(1), ones(1, f64)),
    "more indices than weights": () => multinomial(weights, 5),
    "no indices": () => multinomial(weights, 0),
    "indices of no weight": () => multinomial(zeros(3), 1),
    "indices of no weight in one row": () =>
      multinomial(
        tensor([
          [0, 1],
          [0, 0],
        ]),
        1,
        { replacement: true },
      ),
    "indices of a negative weight": () => multinomial(tensor([-1, 2]), 1),
    "indices of a negative weight, again": () => multinomial(tensor([-1, 2]), 1, { replacement: true }),
    "indices of an infinite weight": () => multinomial(tensor([Infinity, 2]), 1, { replacement: true }),
    "weights of three dimensions": () => multinomial(ones([2, 2, 2]), 1),
    "randint above bool": () => randint(0, 3, [2], { dtype: "bool" }),
    "randint below bool": () => randint(-1, 1, [2], { dtype: "bool" }),
    "uniform_ where memory is shared": () => zeros(1).expand(3).uniform_(),
  };
  for (const [name, run] of Object.entries(refused)) answers.it(name, () => error(run));
});
