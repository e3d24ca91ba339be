/** What a module finds in its fields: nothing that could be trained is lost without a word. */
import { describe, expect, it, vi } from "vitest";
import { nn, ones, optim, type Tensor, tensor, zeros } from "../../src/index.ts";
import { Answers, torch, unobserved } from "../support/index.ts";

class Plain extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x;
  }
}

const withFields = (fields: object): nn.Module => Object.assign(new Plain(), fields);
const parameter = () => new nn.Parameter(ones([1]));
const namesOf = (module: nn.Module) => module.namedParameters().map(([name]) => name);

describe("parameters and modules in collections are found, by their keys", () => {
  it.each<[string, object, string[]]>([
    ["an array", [parameter(), new nn.Linear(1, 1)], ["held.0", "held.1.weight", "held.1.bias"]],
    ["arrays in an array", [[parameter()], [parameter(), parameter()]], ["held.0.0", "held.1.0", "held.1.1"]],
    ["a plain object", { left: parameter(), rightHand: [parameter()] }, ["held.left", "held.rightHand.0"]],
    ["an object without prototype", Object.assign(Object.create(null), { left: parameter() }), ["held.left"]],
    ["a map", new Map([["left", parameter()]]), ["held.left"]],
    ["a set", new Set([parameter(), parameter()]), ["held.0", "held.1"]],
    ["a sparse array", Object.assign([], { 2: parameter() }), ["held.2"]],
    ["an array with other things", [1, "a", null, undefined, parameter(), zeros([1])], ["held.4"]],
  ])("%s", (_, held, names) => {
    const module = withFields({ held });
    expect(namesOf(module)).toEqual(names);
    expect(Object.keys(module.stateDict())).toEqual(names);
  });

  it("one that holds itself is looked through once", () => {
    const held: Record<string, unknown> = { weight: parameter() };
    held.itself = [held];
    expect(Object.keys(withFields({ held }).stateDict())).toEqual(["held.weight"]);
  });
});

describe("a tensor in a field", () => {
  it("is no state unless it was registered as a buffer, as in PyTorch", () => {
    const module = withFields({ last: ones([1]), seen: [ones([1])] });
    module.registerBuffer("runningMean", zeros([2]));
    module.registerBuffer("scratch", zeros([3]), { persistent: false });
    module.registerBuffer("none", null);
    expect(module.namedBuffers().map(([name]) => name)).toEqual(["running_mean", "scratch"]);
    expect(Object.keys(module.stateDict())).toEqual(["running_mean"]);
    Object.assign(module, { runningMean: ones([5]), none: ones([1]) });
    expect(Object.keys(module.stateDict())).toEqual(["running_mean", "none"]);
    expect(module.buffers()[0].shape).toEqual([5]);
  });

  it("registerBuffer and registerParameter give what they were given, for a field", () => {
    class Scale extends nn.Module {
      readonly mean = this.registerBuffer("mean", zeros([2]));
      readonly bias: nn.Parameter | null = this.registerParameter("bias", null);
      override forward(x: Tensor): Tensor {
        return x.sub(this.mean);
      }
    }
    const scale = new Scale();
    expect([scale.mean.shape, scale.bias, Object.keys(scale.stateDict())]).toEqual([[2], null, ["mean"]]);
  });
});

describe("what a field holds stays what it is, in PyTorch's words:", () => {
  const assigned = (name: string, value: () => unknown) => () => {
    const module = torch.custom("Custom", {
      layer: new torch.nn.Linear(1, 1),
      scale: new torch.nn.Parameter(torch.ones([1])),
      mean: torch.ones([1]),
    });
    unobserved(module).parameters(); // as an optimizer is given
    return torch.error(() => {
      Object.assign(module, { [name]: value() });
      unobserved(module).parameters();
    }, null);
  };
  const wording = Object.fromEntries(
    [
      "parameter 'scale' (torch.nn.Parameter",
      "buffer 'mean' (torch.Tensor",
      "child module 'layer' (torch.nn.Module",
    ].map((what) => [
      `cannot assign 'int' as ${what} or None expected)`,
      `cannot assign 'number' as ${what} or None expected)`,
    ]),
  );

  new Answers("fields").each(
    {
      "a tensor for a parameter": assigned("scale", () => torch.ones([1])),
      "a number for a parameter": assigned("scale", () => 3),
      "nothing for a parameter": assigned("scale", () => null),
      "a parameter for a parameter": assigned("scale", () => new torch.nn.Parameter(torch.ones([1]))),
      "a tensor for a module": assigned("layer", () => torch.ones([1])),
      "a number for a module": assigned("layer", () => 3),
      "a parameter for a module": assigned("layer", () => new torch.nn.Parameter(torch.ones([1]))),
      "a tensor for a buffer": assigned("mean", () => torch.ones([1])),
      "a number for a buffer": assigned("mean", () => 3),
      "a parameter for a buffer": assigned("mean", () => new torch.nn.Parameter(torch.ones([1]))),
    },
    { wording },
  );

  const layers: Record<string, () => nn.Module> = {
    Linear: () => new nn.Linear(1, 1, { bias: false }),
    Conv1d: () => new nn.Conv1d(1, 1, 1, { bias: false }),
    ConvTranspose2d: () => new nn.ConvTranspose2d(1, 1, 1),
    Embedding: () => new nn.Embedding(2, 1),
    BatchNorm1d: () => new nn.BatchNorm1d(1),
    LayerNorm: () => new nn.LayerNorm(1),
    "GroupNorm without affine": () => new nn.GroupNorm(1, 1, { affine: false }),
  };

  it.each(Object.keys(layers))("also in a new layer that nobody has looked at: %s", (name) => {
    for (const field of ["weight", "bias"]) {
      const layer = layers[name]();
      if (!(field in layer)) continue;
      Object.assign(layer, { [field]: ones([1]) });
      const message = `cannot assign 'torch.FloatTensor' as parameter '${field}' (torch.nn.Parameter or None expected)`;
      for (const look of [() => layer.parameters(), () => layer.stateDict(), () => new nn.Sequential(layer).eval()]) {
        expect(look).toThrow(message);
      }
    }
  });

  it("also in an array", () => {
    const scales = [parameter(), parameter()];
    const module = withFields({ scales });
    module.parameters();
    Object.assign(scales, { 1: ones([1]) });
    expect(() => module.zeroGrad()).toThrow("cannot assign 'torch.FloatTensor' as parameter 'scales.1'");
    scales.pop();
    expect(namesOf(module)).toEqual(["scales.0"]);
  });

  it("a weight can be that of another layer", () => {
    const [encoder, decoder] = [new nn.Linear(2, 3), new nn.Linear(2, 3)];
    decoder.weight = encoder.weight;
    const model = new nn.Sequential(encoder, decoder);
    expect(namesOf(model)).toEqual(["0.weight", "0.bias", "1.bias"]);
    expect(Object.keys(model.stateDict())).toEqual(["0.weight", "0.bias", "1.weight", "1.bias"]);
  });
});

describe("names", () => {
  it.each([
    ["fooBar", "foo_bar"],
    ["W", "_w"],
  ])("%s and %s would be one in the state dict: an error that names both", (one, other) => {
    const message = `"${one}" and "${other}" of Plain are both "${other}" in a state dict`;
    expect(() => withFields({ [one]: parameter(), [other]: parameter() }).parameters()).toThrow(message);
    const module = withFields({ [one]: parameter(), [other]: new nn.Linear(1, 1) });
    expect(() => module.stateDict()).toThrow(message);
    expect(namesOf(withFields({ [one]: 3, [other]: parameter() }))).toEqual([other]);
  });

  it("hold no dot, and are not empty", () => {
    expect(() => withFields({ "a.b": parameter() }).parameters()).toThrow(
      'parameter name can\'t contain ".", got: a.b',
    );
    expect(() => withFields({ "a.b": new nn.ReLU() }).modules()).toThrow('module name can\'t contain ".", got: a.b');
    expect(() => withFields({ a: { "b.c": parameter() } }).parameters()).toThrow("got: b.c");
    expect(() => withFields({ "": parameter() }).parameters()).toThrow('parameter name can\'t be empty string ""');
    expect(() => new Plain().registerBuffer("a.b", ones([1]))).toThrow('buffer name can\'t contain "."');
    expect(namesOf(withFields({ "a.b": 3 }))).toEqual([]);
  });
});

describe("modules in modules", () => {
  it("one that is in itself is refused, with its name", () => {
    const outer = withFields({});
    Object.assign(outer, { inner: withFields({ outer }) });
    for (const look of [() => outer.parameters(), () => outer.train(), () => outer.apply(() => {})]) {
      expect(look).toThrow('"inner.outer" is the Plain that it is in: a module cannot be a part of itself');
    }
  });

  it("may be 10,000 deep", () => {
    let model: nn.Module = new nn.Linear(1, 1);
    for (let i = 0; i < 10_000; i++) model = withFields({ next: model });
    let applied = 0;
    model.eval().apply(() => void applied++);
    expect([model.parameters().length, model.modules().length, applied]).toEqual([2, 10_001, 10_001]);
    model.zeroGrad();
    model.loadStateDict(model.deepcopy().stateDict());
  });

  it("run and are copied however deep they are", () => {
    const layer = new nn.Linear(1, 1);
    let model = new nn.Sequential(layer);
    for (let i = 0; i < 10_000; i++)
      model = new nn.Sequential(i % 100 === 0 ? new nn.ReLU() : new nn.Sequential(), model);
    nn.init.constant_(layer.weight, 3);
    nn.init.zeros_(layer.bias!);
    const [x, copy] = [ones([1, 1]), model.deepcopy()];
    model.forward(x).backward();
    expect([model.forward(x).item(), layer.weight.grad?.item(), copy.forward(x).item()]).toEqual([3, 1, 3]);
    expect(copy.parameters().map(({ grad }) => grad)).toEqual([null, null]);
  });

  it("a Sequential in itself does not run for ever", () => {
    const model = new nn.Sequential(new nn.ReLU());
    model.append(new nn.Sequential(model));
    expect(() => model.forward(ones([1]))).toThrow("a module cannot be a part of itself");
  });

  it("are printed however deep they are", () => {
    let model: nn.Module = new nn.Linear(1, 1);
    for (let i = 0; i < 5000; i++) model = new nn.Sequential(model);
    const lines = String(model).split("\n");
    expect(lines.length).toBe(10_001);
    expect([lines[2], lines[5000].trim(), lines[9999]]).toEqual([
      "    (0): Sequential(",
      "(0): Linear(in_features=1, out_features=1, bias=True)",
      "  )",
    ]);
  });

  it("are printed as they say themselves, if they do", () => {
    const inner = Object.assign(withFields({ layer: new nn.ReLU() }), { toString: () => "one\ntwo" });
    expect(String(withFields({ inner, next: new nn.ReLU() }))).toBe(
      "Plain(\n  (inner): one\n  two\n  (next): ReLU()\n)",
    );
  });

  it("recurse: false gives those of the module alone", () => {
    const module = withFields({ scale: parameter(), layer: new nn.BatchNorm1d(1) });
    module.registerBuffer("mean", zeros([1]));
    const own = { recurse: false };
    expect([module.parameters(own), module.parameters(own).length, module.buffers(own).length]).toEqual([
      [module.parameters()[0]],
      1,
      1,
    ]);
  });
});

describe("a second copy of the library", async () => {
  vi.resetModules();
  const copy = await import("../../src/index.ts");
  const message = "of another copy of lucidgrad";

  it.each<[string, unknown]>([
    ["Linear", new copy.nn.Linear(1, 1)],
    ["Parameter", new copy.nn.Parameter(copy.ones([1]))],
  ])("its %s is refused, wherever it is", (name, foreign) => {
    expect(() => withFields({ layer: foreign }).parameters()).toThrow(`"layer" is a ${name} ${message}`);
    expect(() => withFields({ layers: [foreign] }).parameters()).toThrow(`"layers.0" is a ${name} ${message}`);
    expect(() => new nn.Sequential(foreign as nn.Module).parameters()).toThrow(message);
    const layer = Object.assign(new nn.Linear(1, 1), { weight: foreign });
    expect(() => layer.parameters()).toThrow("as parameter 'weight'");
  });

  it("its parameters are refused by an optimizer", () => {
    const parameters = new copy.nn.Linear(1, 1).parameters() as unknown as Tensor[];
    expect(() => new optim.SGD(parameters)).toThrow(`one of the params is Parameter ${message}`);
  });
});

it("a field that is not there yet, or no longer, is no error", () => {
  const module = withFields({ scale: parameter(), later: undefined });
  expect(namesOf(module)).toEqual(["scale"]);
  Object.assign(module, { scale: null, later: parameter() });
  expect(namesOf(module)).toEqual(["later"]);
  expect(module.forward(tensor([1])).toArray()).toEqual([1]);
});
