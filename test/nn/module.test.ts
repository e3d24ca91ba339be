/** Modules find, name and print what they hold as PyTorch's do: test/fixtures/modules.py wrote the names and texts. */
import { describe, expect, it } from "vitest";
import { nn, ones, randn, type Tensor, tensor, zeros } from "../../src/index.ts";
import { readFixture } from "../support/fixtures.ts";
import { models } from "../support/models.ts";

interface Names {
  stateDict: string[];
  parameters: string[];
  buffers: string[];
  modules: string[];
  /** The classes, in the order in which apply() comes to them. */
  applied: string[];
}

const fixture = readFixture<{ printed: Record<string, string>; named: Record<string, Names> }>("modules.json");

const firstOf = <T>(entries: [string, T][]) => entries.map(([name]) => name);

describe("a module prints exactly as in PyTorch", () => {
  const { Parameter, "frozen Parameter": frozen, ...modules } = fixture.printed;

  it.each(Object.entries(modules))("%s", (name, text) => {
    expect(String(models[name]())).toBe(text);
  });

  it("a parameter, trained or frozen", () => {
    expect(String(new nn.Parameter(tensor([1, 2.5])))).toBe(Parameter);
    expect(String(new nn.Parameter(tensor([1, 2.5]), false))).toBe(frozen);
  });

  it("an array of modules, which is no module of its own here, as its elements", () => {
    expect(String(models.WithList())).toBe(
      [
        "WithList(",
        "  (hidden_layers.0): Linear(in_features=2, out_features=2, bias=True)",
        "  (hidden_layers.1): ReLU()",
        "  (hidden_layers.2): Linear(in_features=2, out_features=2, bias=True)",
        "  (head): Linear(in_features=2, out_features=1, bias=True)",
        ")",
      ].join("\n"),
    );
  });
});

describe("a module names what it holds as PyTorch does, in the same order:", () => {
  it.each(Object.entries(fixture.named))("%s", (name, expected) => {
    const model = models[name]();
    const applied: string[] = [];
    expect(model.apply((module) => applied.push(module.constructor.name))).toBe(model);
    expect({
      stateDict: Object.keys(model.stateDict()),
      parameters: firstOf(model.namedParameters()),
      buffers: firstOf(model.namedBuffers()),
      modules: firstOf(model.namedModules()),
      applied,
    }).toEqual(expected);
  });
});

describe("what is part of a module", () => {
  class Net extends nn.Module {
    readonly layer = new nn.Linear(2, 2);
    readonly runningAverage = zeros([2]);
    readonly notAModule = { layer: new nn.Linear(2, 2) };
    readonly mixed = [3, "text", new nn.ReLU()];
    readonly nothing = null;
    readonly #hiddenLayer = new nn.Linear(2, 2);
    readonly #hiddenTensor = zeros([2]);
    readonly #hiddenParameter = new nn.Parameter(zeros([2]));

    override forward(x: Tensor): Tensor {
      return this.#hiddenLayer.forward(this.layer.forward(x)).add(this.#hiddenTensor).add(this.#hiddenParameter);
    }
  }

  it("#private fields and plain objects are not; tensors, parameters, modules and modules in arrays are", () => {
    const net = new Net();
    expect(Object.keys(net.stateDict())).toEqual(["running_average", "layer.weight", "layer.bias"]);
    expect(firstOf(net.namedModules())).toEqual(["", "layer", "mixed.2"]);
    expect(net.children()).toEqual([net.layer, net.mixed[2]]);
    expect(net.parameters()).toEqual([net.layer.weight, net.layer.bias]);
    expect(net.buffers()).toEqual([net.runningAverage]);
  });

  it("a parameter requires a gradient unless told otherwise, and shares the memory of its data", () => {
    const data = ones([2]);
    const parameter = new nn.Parameter(data);
    expect([parameter.requiresGrad, new nn.Parameter(data, false).requiresGrad]).toEqual([true, false]);
    data.fill_(5);
    expect(parameter.toArray()).toEqual([5, 5]);
  });
});

describe("what reaches every module below", () => {
  const model = models.DigitClassifier();
  const modes = () => new Set(model.modules().map((module) => module.training));

  it("train() and eval(), which return the module", () => {
    expect(modes()).toEqual(new Set([true]));
    expect(model.eval()).toBe(model);
    expect(modes()).toEqual(new Set([false]));
    expect(model.train()).toBe(model);
    expect(modes()).toEqual(new Set([true]));
    model.children()[2].eval();
    expect(modes()).toEqual(new Set([true, false]));
    model.train();
  });

  it("zeroGrad()", () => {
    model
      .forward(randn([3, 2, 2]))
      .sum()
      .backward();
    expect(model.parameters().every((parameter) => parameter.grad)).toBe(true);
    model.zeroGrad();
    expect(model.parameters().some((parameter) => parameter.grad)).toBe(false);
  });

  it("requiresGrad_()", () => {
    expect(model.requiresGrad_(false)).toBe(model);
    expect(model.forward(randn([3, 2, 2])).requiresGrad).toBe(false);
    model.requiresGrad_();
    expect(model.forward(randn([3, 2, 2])).requiresGrad).toBe(true);
  });
});

it("a parameter of two layers gets the gradients of both, and a layer under two names is trained once", () => {
  const tied = models.Tied();
  const [weight] = tied.parameters();
  tied
    .forward(randn([4, 2]))
    .sum()
    .backward();
  expect(tied.parameters().filter((parameter) => parameter === weight)).toHaveLength(1);
  expect(weight.grad).not.toBeNull();
});
