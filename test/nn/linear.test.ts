/** Linear's numbers are PyTorch's, from test/fixtures/modules.py; the layers that only call an operation or other layers. */
import { describe, expect, it } from "vitest";
import { arange, type DType, manualSeed, nn, ones, rand, tensor } from "../../src/index.ts";
import { expectClose, expectExact, readFixture, type StoredTensor } from "../support/fixtures.ts";

const fixture = readFixture<{
  linear: {
    shape: number[];
    bias: boolean;
    dtype: DType;
    y: StoredTensor;
    dx: StoredTensor;
    dparameters: StoredTensor[];
  }[];
  linearErrors: { shape: number[]; error: string }[];
}>("modules.json");

describe("Linear: PyTorch's output and gradients, within 5e-7 in float32 and 1e-15 in float64", () => {
  it.each(fixture.linear)("x $shape, bias $bias, $dtype", ({ shape, bias, dtype, ...expected }) => {
    manualSeed(0);
    const layer = new nn.Linear(shape[shape.length - 1], 3, { bias, dtype });
    const x = rand(shape, { dtype, requiresGrad: true });
    const y = layer.forward(x);
    y.backward(rand(y.shape, { dtype }));
    const tolerance = { atol: dtype === "float32" ? 5e-7 : 1e-15 };
    expectClose(y, expected.y, tolerance);
    expectClose(x.grad, expected.dx, tolerance);
    const parameters = layer.parameters();
    expect(parameters).toHaveLength(expected.dparameters.length);
    parameters.forEach((parameter, i) => {
      expectClose(parameter.grad, expected.dparameters[i], tolerance);
    });
  });

  it.each(fixture.linearErrors)("refuses x $shape, in PyTorch's words: $error", ({ shape, error }) => {
    expect(() => new nn.Linear(4, 3).forward(ones(shape))).toThrow(error);
  });
});

describe("Flatten", () => {
  it.each([
    { layer: new nn.Flatten(), shape: [2, 12] },
    { layer: new nn.Flatten(0), shape: [24] },
    { layer: new nn.Flatten(0, 1), shape: [6, 4] },
    { layer: new nn.Flatten(1, 1), shape: [2, 3, 4] },
  ])("$layer makes (2, 3, 4) $shape", ({ layer, shape }) => {
    expect(layer.forward(ones([2, 3, 4])).shape).toEqual(shape);
  });
});

it("ReLU is 0 below 0, and so is its gradient, also at 0", () => {
  const x = tensor([-1, 0, 2], { requiresGrad: true });
  const y = new nn.ReLU().forward(x);
  y.sum().backward();
  expectExact(y, [0, 0, 2]);
  expectExact(x.grad, [0, 0, 1]);
});

describe("Sequential", () => {
  const layers = [new nn.Flatten(), new nn.Linear(4, 3), new nn.ReLU()];
  const model = new nn.Sequential(...layers);

  it("runs its layers one after another; without any, it is the identity", () => {
    const x = arange(8).view(2, 2, 2);
    const [flatten, linear, relu] = layers;
    expectExact(model.forward(x), relu.forward(linear.forward(flatten.forward(x))));
    expect(new nn.Sequential().forward(x)).toBe(x);
  });

  it("can be counted, indexed from both ends and iterated", () => {
    expect(model.length).toBe(3);
    expect([model.at(0), model.at(-1)]).toEqual([layers[0], layers[2]]);
    expect([...model]).toEqual(layers);
    expect(() => model.at(3)).toThrow("index 3 is out of range");
    expect(() => model.at(-4)).toThrow("index -4 is out of range");
  });
});
