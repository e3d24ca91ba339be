/** The same seed gives PyTorch's initial weights: test/fixtures/modules.py wrote them. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type DType, manualSeed, nn, type Tensor, zeros } from "../../src/index.ts";
import { expectClose, readFixture, type StoredTensor } from "../support/fixtures.ts";

/** Of a tensor too large to list. */
interface Digest {
  shape: number[];
  sha256: string;
}

type Options = Record<string, number & nn.init.Nonlinearity & "fanIn">;

const fixture = readFixture<{
  linearInit: {
    seed: number;
    dtype: DType;
    layers: [inFeatures: number, outFeatures: number, bias: boolean][];
    parameters: (StoredTensor | Digest)[];
  }[];
  init: { function: keyof typeof fill; options: Options; result: StoredTensor }[];
  gains: { nonlinearity: nn.init.Nonlinearity; slope: number | null; gain: number }[];
  initErrors: Record<string, string>;
}>("modules.json");

/** Every function by PyTorch's name, given a tensor and PyTorch's keyword arguments. */
const fill = {
  uniform_: (x: Tensor, { a, b }: Options) => nn.init.uniform_(x, a, b),
  normal_: (x: Tensor, { mean, std }: Options) => nn.init.normal_(x, mean, std),
  constant_: (x: Tensor, { val }: Options) => nn.init.constant_(x, val),
  ones_: nn.init.ones_,
  zeros_: nn.init.zeros_,
  kaiming_uniform_: (x: Tensor, options: Options) => nn.init.kaimingUniform_(x, options),
  kaiming_normal_: (x: Tensor, options: Options) => nn.init.kaimingNormal_(x, options),
  xavier_uniform_: (x: Tensor, { gain }: Options) => nn.init.xavierUniform_(x, gain),
  xavier_normal_: (x: Tensor, { gain }: Options) => nn.init.xavierNormal_(x, gain),
  orthogonal_: (x: Tensor, { gain }: Options) => nn.init.orthogonal_(x, gain),
};

/** float32 is exact. In float64, PyTorch computes x · (to - from) + from with one rounding, which JavaScript cannot. */
function expectSame(actual: Tensor, expected: StoredTensor | Digest): void {
  if ("sha256" in expected) {
    expect(actual.shape).toEqual(expected.shape);
    expect(createHash("sha256").update(actual.data).digest("hex")).toBe(expected.sha256);
  } else {
    expectClose(actual, expected, { atol: actual.dtype === "float64" ? 2e-16 : 0 });
  }
}

describe("Linear layers, made one after another, start with PyTorch's weights and biases: every bit in float32, within 2e-16 in float64", () => {
  it.each(fixture.linearInit)("seed $seed, $dtype, (in, out, bias) $layers", ({ seed, dtype, layers, parameters }) => {
    manualSeed(seed);
    const made = layers.map(([inputs, outputs, bias]) => new nn.Linear(inputs, outputs, { bias, dtype }));
    const actual = made.flatMap((layer) => layer.parameters());
    expect(actual).toHaveLength(parameters.length);
    actual.forEach((parameter, i) => {
      expectSame(parameter, parameters[i]);
    });
  });

  it("resetParameters draws them anew", () => {
    manualSeed(42);
    const first = new nn.Linear(3, 4);
    const layer = new nn.Linear(3, 4);
    manualSeed(42);
    layer.resetParameters();
    expect(layer.parameters().map(String)).toEqual(first.parameters().map(String));
  });
});

describe("nn.init fills a tensor with PyTorch's numbers: every bit, but 16 and more normal ones, and orthogonal ones, within 1e-6", () => {
  it.each(fixture.init)("$function $result.shape, options $options", ({ function: name, options, result }) => {
    manualSeed(11);
    const x = zeros(result.shape, { dtype: result.dtype ?? "float32", requiresGrad: true });
    expect(fill[name](x, options)).toBe(x);
    expect([x.isLeaf, x.requiresGrad]).toEqual([true, true]);
    // PyTorch makes 16 and more normal numbers with vectorized approximations of log, sin and cos.
    // Its QR decomposition rounds otherwise than Gram-Schmidt.
    const isApproximate = name === "orthogonal_" || (name.includes("normal") && result.data.length >= 16);
    if (isApproximate) expectClose(x, result, { atol: 1e-6 });
    else expectSame(x, result);
  });

  it.each(fixture.gains)("calculateGain of $nonlinearity, slope $slope, is $gain", ({ nonlinearity, slope, gain }) => {
    expect(nn.init.calculateGain(nonlinearity, slope ?? undefined)).toBe(gain);
  });

  it("refuses fewer than 2 dimensions and unknown nonlinearities, in PyTorch's words", () => {
    const { initErrors } = fixture;
    for (const init of [
      nn.init.kaimingUniform_,
      nn.init.kaimingNormal_,
      nn.init.xavierUniform_,
      nn.init.xavierNormal_,
    ]) {
      expect(() => init(zeros([3]))).toThrow(initErrors["fewer than 2 dimensions"]);
    }
    const unknown = "swish" as nn.init.Nonlinearity;
    expect(() => nn.init.calculateGain(unknown)).toThrow(initErrors["unknown nonlinearity"]);
    expect(() => nn.init.kaimingUniform_(zeros([2, 2]), { nonlinearity: unknown })).toThrow("swish");
  });
});
