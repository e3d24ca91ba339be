/** The same seed gives PyTorch's initial weights. */
import { describe, expect, it } from "vitest";
import { type DType, manualSeed, nn, type Tensor, zeros } from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";

const answers = new Answers("init");
const { init } = torch.nn;

/** float32 is exact. In float64, PyTorch computes x · (to - from) + from with one rounding, which JavaScript cannot. */
const exactly = (dtype: DType) => ({ rtol: 0, atol: dtype === "float64" ? 2e-16 : 0 });

describe("Linear layers, made one after another, start with PyTorch's weights and biases: every bit in float32, within 2e-16 in float64", () => {
  /** Each of the widths is the outputs of one layer and the inputs of the next. */
  const linears = (seed: number, widths: number[], { biases = [true], dtype = "float32" as DType } = {}) =>
    answers.it(
      `seed ${seed}, ${dtype}, ${widths.join(" to ")}, bias ${biases}`,
      () => {
        torch.manualSeed(seed);
        const layers = widths.slice(1).map((width, i) => {
          const bias = biases[i % biases.length];
          return new torch.nn.Linear(widths[i], width, { bias, dtype });
        });
        const parameters = layers.flatMap((layer) => layer.parameters());
        return parameters.map((p) => (p.numel <= 30 ? p : [p.shape, torch.digest(p)]));
      },
      exactly(dtype),
    );
  linears(0, [784, 128, 10]);
  linears(42, [3, 4]);
  linears(1234, [1, 1, 1, 1], { biases: [true, false] });
  linears(7, [20, 16, 4, 2], { biases: [false, true] });
  linears(2, [2, 5], { dtype: "float64" });
  linears(3, [10, 3, 2], { dtype: "float64" });
  linears(5, [0, 3, 0, 2, 2]);

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
  const fills = init as unknown as Record<string, (x: Tensor, ...args: unknown[]) => Tensor>;

  function filled(name: string, shape: number[], args: unknown[] = [], dtype: DType = "float32"): void {
    // PyTorch makes 16 and more normal numbers with vectorized approximations of log, sin and cos.
    // Its QR decomposition rounds otherwise than Gram-Schmidt.
    const count = shape.reduce((product, size) => product * size);
    const isApproximate = /orthogonal_|truncNormal_|sparse_/.test(name) || (/normal/i.test(name) && count >= 16);
    const run = () => {
      torch.manualSeed(11);
      const x = torch.zeros(shape, { dtype, requiresGrad: true });
      expect(fills[name](x, ...args)).toBe(x);
      return [x, x.isLeaf, x.requiresGrad];
    };
    const title = `${name} of [${shape}], ${JSON.stringify(args)}, ${dtype}`;
    answers.it(title, run, isApproximate ? { rtol: 0, atol: 1e-6 } : exactly(dtype));
  }

  filled("uniform_", [2, 5]);
  filled("uniform_", [9], [-3.0, 0.1]);
  filled("uniform_", [4], [0.1, 0.7], "float64");
  filled("normal_", [3, 4]);
  filled("normal_", [4, 5], [2.0, 0.3]);
  filled("constant_", [2, 2], [0.3]);
  filled("ones_", [3]);
  filled("zeros_", [3]);
  filled("kaimingUniform_", [3, 7]);
  filled("kaimingUniform_", [3, 7], [{ a: Math.sqrt(5) }]);
  filled("kaimingUniform_", [3, 7], [{ mode: "fanOut", nonlinearity: "relu" }]);
  filled("kaimingUniform_", [2, 3, 2, 2], [{ nonlinearity: "tanh" }]);
  filled("kaimingUniform_", [3, 5], [{ nonlinearity: "selu" }]);
  filled("kaimingUniform_", [3, 5], [{ nonlinearity: "sigmoid", mode: "fanOut" }], "float64");
  filled("kaimingNormal_", [3, 4], [{ nonlinearity: "relu" }]);
  filled("kaimingNormal_", [5, 5], [{ a: 0.2 }]);
  filled("kaimingNormal_", [4, 2, 3], [{ mode: "fanOut", nonlinearity: "linear" }]);
  filled("xavierUniform_", [3, 7]);
  filled("xavierUniform_", [2, 3, 2, 2], [5 / 3]);
  filled("xavierNormal_", [3, 4]);
  filled("xavierNormal_", [6, 4], [0.5]);
  filled("truncNormal_", [3, 4]);
  filled("truncNormal_", [2, 3], [1.0, 2.0, -1.0, 0.5]);
  filled("truncNormal_", [9], [0.0, 0.02], "float64");
  filled("eye_", [2, 3]);
  filled("eye_", [3, 2], [], "float64");
  filled("dirac_", [3, 2, 3]);
  filled("dirac_", [4, 3, 2, 5], [2]);
  filled("dirac_", [2, 2, 1, 2, 3]);
  filled("sparse_", [5, 3], [0.5]);
  filled("sparse_", [3, 4], [0.1, 2.0], "float64");
  filled("orthogonal_", [3, 5]);
  filled("orthogonal_", [5, 3], [2.0]);
  filled("orthogonal_", [4, 2, 2, 1], [], "float64");

  for (const name of ["linear", "sigmoid", "tanh", "relu", "selu", "leaky_relu"] as const)
    answers.it(`calculateGain of ${name}`, () => init.calculateGain(name), { rtol: 0, atol: 0 });
  for (const slope of [0.2, 0])
    answers.it(`calculateGain of slope ${slope}`, () => init.calculateGain("leaky_relu", slope), { rtol: 0, atol: 0 });

  it("refuses fewer than 2 dimensions and unknown nonlinearities, in PyTorch's words", () => {
    for (const name of ["kaimingUniform_", "kaimingNormal_", "xavierUniform_", "xavierNormal_"] as const) {
      const run = () => torch.error(() => init[name](zeros([3])), "\n");
      answers.check(`error of ${name} of fewer than 2 dimensions`, run);
    }
    answers.check("error of eye_ of a vector", () => torch.error(() => init.eye_(zeros([2])), "\n"));
    answers.check("error of dirac_ of a vector", () => torch.error(() => init.dirac_(zeros([2])), "\n"));
    answers.check("error of sparse_ of a vector", () => torch.error(() => init.sparse_(zeros([2]), 0.5), "\n"));
    answers.check("error of dirac_ of groups", () => torch.error(() => init.dirac_(zeros([3, 2, 2]), 2), "\n"));
    const unknown = "swish" as nn.init.Nonlinearity;
    answers.check("error of an unknown nonlinearity", () => torch.error(() => init.calculateGain(unknown), "\n"));
    expect(() => nn.init.kaimingUniform_(zeros([2, 2]), { nonlinearity: unknown })).toThrow("swish");
  });
});
