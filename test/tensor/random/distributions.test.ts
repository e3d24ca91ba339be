/** The same seed and the same calls give PyTorch's numbers: test/fixtures/random_streams.py wrote them. */
import { describe, expect, it } from "vitest";
import { Generator, manualSeed, rand, randint, randn, randperm, type Tensor, zeros } from "../../../src/index.ts";
import { expectClose, expectExact, readFixture, type StoredTensor } from "../../support/fixtures.ts";

interface Call extends StoredTensor {
  name: "rand" | "randn" | "randint" | "randperm" | "uniform_" | "normal_";
  args: number[];
  /** The order of the dimensions in memory, outermost first, where it is not row-major. */
  order: number[] | null;
}

interface Stream {
  name: string;
  seed: string;
  calls: Call[];
}

const { streams, errors } = readFixture<{ streams: Stream[]; errors: Record<string, string> }>("random_streams.json");

/** Zeros whose dimensions lie in memory in `order`. */
function laidOut({ shape, order, dtype = "float32" }: Call): Tensor {
  if (!order) return zeros(shape, { dtype });
  const inMemory = order.map((d) => shape[d]);
  return zeros(inMemory, { dtype }).permute(shape.map((_, d) => order.indexOf(d)));
}

function run(call: Call): Tensor {
  const { name, args, shape, dtype = "float32" } = call;
  const [a, b] = args;
  switch (name) {
    case "rand":
      return rand(shape, { dtype });
    case "randn":
      return randn(shape, { dtype });
    case "randint":
      return randint(a, b, shape, { dtype });
    case "randperm":
      return randperm(shape[0], { dtype });
    case "uniform_":
      return laidOut(call).uniform_(a, b);
    case "normal_":
      return laidOut(call).normal_(a, b);
  }
}

/** PyTorch computes 16 normals or more with vectorised functions that round differently. */
const isNormal = ({ name }: Call) => name === "randn" || name === "normal_";

/** Where PyTorch multiplies and adds float64 numbers in one rounding, JavaScript needs two. */
const isScaledFloat64 = ({ name, dtype, args }: Call) => name === "uniform_" && dtype === "float64" && args[0] !== 0;

describe("streams: PyTorch's bit for bit, but normals to 1e-6, and float64 ranges to the last bit", () => {
  it.each(streams)("$name, seed $seed", ({ seed, calls }) => {
    manualSeed(BigInt(seed));
    for (const call of calls) {
      if (isNormal(call)) expectClose(run(call), call, { atol: 1e-6, rtol: 1e-6 });
      else if (isScaledFloat64(call)) expectClose(run(call), call, { atol: 2e-16, rtol: 2e-16 });
      else expectExact(run(call), call);
    }
  });
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
  const cases: Record<string, () => unknown> = {
    "seed too large": () => manualSeed(2n ** 64n),
    "seed too small": () => manualSeed(-(2n ** 63n) - 1n),
    "uniform_ from above to": () => zeros(2).uniform_(2, 1),
    "normal_ of negative std": () => zeros(2).normal_(0, -1),
    "randint of nothing": () => randint(3, 3, 2),
    "uniform_ where memory is shared": () => zeros(1).expand(3).uniform_(),
  };

  it.each(Object.keys(errors))("%s", (name) => {
    expect(cases[name]).toThrow(errors[name]);
  });
});
