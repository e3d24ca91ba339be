/** Linear's numbers are PyTorch's; the layers that only call an operation or other layers. */
import { describe, expect, it } from "vitest";
import { arange, type DType, nn, ones, tensor } from "../../src/index.ts";
import { Answers } from "../support/answers.ts";
import { expectExact } from "../support/fixtures.ts";
import { torch } from "../support/torch.ts";

const answers = new Answers("linear");

describe("Linear: PyTorch's output and gradients, within 5e-7 in float32 and 1e-15 in float64", () => {
  const linear = (shape: number[], { bias = true, dtype = "float32" as DType } = {}) =>
    answers.it(
      `x [${shape}], bias ${bias}, ${dtype}`,
      () => {
        torch.manualSeed(0);
        const layer = new torch.nn.Linear(shape[shape.length - 1], 3, { bias, dtype });
        const x = torch.rand(shape, { dtype, requiresGrad: true });
        const y = layer.forward(x);
        y.backward(torch.rand(y.shape, { dtype }));
        return [y, x.grad, layer.parameters().map(({ grad }) => grad)];
      },
      { rtol: 0, atol: dtype === "float32" ? 5e-7 : 1e-15 },
    );
  linear([4]);
  linear([2, 4]);
  linear([2, 3, 4]);
  linear([2, 4], { bias: false });
  linear([2, 1, 2, 5]);
  linear([0, 4]);
  linear([3, 7], { dtype: "float64" });

  for (const shape of [
    [2, 3],
    [5, 2, 3],
  ]) {
    const run = () => torch.error(() => new torch.nn.Linear(4, 3).forward(ones(shape)), "\n");
    answers.it(`error of x [${shape}]`, run);
  }
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
