/** Modules hold, name, print and load what PyTorch's do. */
import { describe, expect, it } from "vitest";
import { arange, full, manualSeed, nn, ones, randn, type Tensor, tensor, zeros } from "../../src/index.ts";
import { Answers, expectExact, torch, unobserved } from "../support/index.ts";

const answers = new Answers("modules");
const { BatchNorm1d, CrossEntropyLoss, Flatten, Linear, Parameter, ReLU, Sequential } = torch.nn;

const small = () => new Sequential(new Linear(2, 3), new BatchNorm1d(3), new ReLU(), new Linear(3, 1));

const withList = () =>
  torch.custom("WithList", { hiddenLayers: [new Linear(2, 2), new ReLU(), new Linear(2, 2)], head: new Linear(2, 1) });

/** Modules of users, in which parameters, buffers and modules come in any order. */
function digitClassifier() {
  const innerLayers = new Sequential(new Linear(3, 3, { bias: false }), new BatchNorm1d(3), new ReLU());
  const outScale = new Parameter(torch.ones([1]));
  return torch.custom("DigitClassifier", {
    pixelMean: torch.zeros([2]),
    flattenImage: new Flatten(),
    inputLayer: new Linear(4, 3),
    firstBlock: torch.custom("ResidualBlock", { innerLayers, outScale }, "residual=True"),
    outputLayer: new Linear(3, 2),
    temperature: new Parameter(torch.ones([])),
    loss: new CrossEntropyLoss({ weight: tensor([1, 2]) }),
  });
}

/** One weight in two layers, and one layer under two names. */
function tied() {
  const [encoder, decoder, norm] = [new Linear(2, 2), new Linear(2, 2, { bias: false }), new BatchNorm1d(2)];
  Object.assign(decoder, { weight: encoder.weight });
  return torch.custom("Tied", { encoder, decoder, norm, sameNorm: norm });
}

const nothingLearned = { affine: false, trackRunningStats: false };
const modules: Record<string, () => nn.Module> = {
  Linear: () => new Linear(2, 3),
  "Linear without bias": () => new Linear(20, 10, { bias: false }),
  BatchNorm1d: () => new BatchNorm1d(3),
  "BatchNorm1d, all options": () => new BatchNorm1d(8, { eps: 1e-12, momentum: null, ...nothingLearned }),
  "BatchNorm1d, eps 0.001, momentum 0.05": () => new BatchNorm1d(8, { eps: 0.001, momentum: 0.05 }),
  "BatchNorm1d, eps 2.5e-7, momentum 0.5": () => new BatchNorm1d(8, { eps: 2.5e-7, momentum: 0.5 }),
  ReLU: () => new ReLU(),
  Flatten: () => new Flatten(),
  "Flatten(0, 2)": () => new Flatten(0, 2),
  CrossEntropyLoss: () => new CrossEntropyLoss({ labelSmoothing: 0.1 }),
  "CrossEntropyLoss with weight": () => new CrossEntropyLoss({ weight: ones([2]) }),
  Sequential: small,
  "empty Sequential": () => new Sequential(),
  "nested Sequential": () =>
    new Sequential(new Flatten(), new Sequential(new Linear(2, 3), new Sequential(new ReLU())), new Sequential()),
  DigitClassifier: digitClassifier,
  Tied: tied,
  TwoLines: () => torch.custom("TwoLines", {}, "first=1\nsecond=2"),
  "Sequential of TwoLines": () => new Sequential(torch.custom("TwoLines", {}, "first=1\nsecond=2")),
};

const firstOf = <T>(entries: [string, T][]) => entries.map(([name]) => name);

describe("a module prints as in PyTorch, and names what it holds as PyTorch does, in the same order:", () => {
  const contentsOf = (model: nn.Module) => [
    model.stateDict(),
    firstOf(model.namedParameters()),
    firstOf(model.namedBuffers()),
  ];

  for (const [name, make] of Object.entries(modules))
    answers.it(name, () => {
      torch.manualSeed(0);
      const model = make();
      return [String(model), firstOf(model.namedModules()), ...contentsOf(model)];
    });

  answers.each({
    "an array of modules": () => {
      torch.manualSeed(0);
      return contentsOf(withList());
    },
    "a parameter, trained or frozen": () =>
      [true, false].map((requiresGrad) => String(new Parameter(torch.tensor([1, 2.5]), requiresGrad))),
  });

  it("an array of modules is no module of its own here", () => {
    const model = unobserved(withList());
    const names = ["", "hidden_layers.0", "hidden_layers.1", "hidden_layers.2", "head"];
    expect(firstOf(model.namedModules())).toEqual(names);
    expect(String(model).split("\n")).toEqual([
      "WithList(",
      "  (hidden_layers.0): Linear(in_features=2, out_features=2, bias=True)",
      "  (hidden_layers.1): ReLU()",
      "  (hidden_layers.2): Linear(in_features=2, out_features=2, bias=True)",
      "  (head): Linear(in_features=2, out_features=1, bias=True)",
      ")",
    ]);
  });
});

describe("what is part of a module", () => {
  class Net extends nn.Module {
    readonly layer = new nn.Linear(2, 2);
    readonly runningAverage = this.registerBuffer("runningAverage", zeros([2]));
    readonly lastSeen = zeros([2]);
    readonly mixed = [3, "text", new nn.ReLU()];
    readonly nothing = null;
    readonly #hiddenLayer = new nn.Linear(2, 2);
    readonly #hiddenTensor = zeros([2]);
    readonly #hiddenParameter = new nn.Parameter(zeros([2]));

    override forward(x: Tensor): Tensor {
      return this.#hiddenLayer.forward(this.layer.forward(x)).add(this.#hiddenTensor).add(this.#hiddenParameter);
    }
  }

  it("#private fields and other tensors are not; buffers, parameters, modules and modules in arrays are", () => {
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

describe("what reaches every module below, and returns the module", () => {
  const model = new nn.Sequential(new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3)), new nn.Linear(3, 1));
  const modes = () => new Set(model.modules().map((module) => module.training));

  it("train() and eval()", () => {
    expect(modes()).toEqual(new Set([true]));
    expect(model.eval()).toBe(model);
    expect(modes()).toEqual(new Set([false]));
    expect(model.train()).toBe(model);
    expect(modes()).toEqual(new Set([true]));
    model.children()[0].eval();
    expect(modes()).toEqual(new Set([true, false]));
    model.train();
  });

  it("apply(), children first", () => {
    const applied: string[] = [];
    expect(model.apply((module) => applied.push(module.constructor.name))).toBe(model);
    expect(applied).toEqual(["Linear", "BatchNorm1d", "Sequential", "Linear", "Sequential"]);
  });

  it("zeroGrad()", () => {
    model
      .forward(randn([4, 2]))
      .sum()
      .backward();
    expect(model.parameters().every((parameter) => parameter.grad)).toBe(true);
    model.zeroGrad();
    expect(model.parameters().some((parameter) => parameter.grad)).toBe(false);
  });

  it("requiresGrad_()", () => {
    expect(model.requiresGrad_(false)).toBe(model);
    expect(model.forward(randn([4, 2])).requiresGrad).toBe(false);
    expect(model.requiresGrad_().forward(randn([4, 2])).requiresGrad).toBe(true);
  });
});

it("a parameter of two layers gets the gradients of both, and a layer under two names is trained once", () => {
  const [encoder, decoder] = [new nn.Linear(2, 2), new nn.Linear(2, 2, { bias: false })];
  Object.assign(decoder, { weight: encoder.weight });
  const model = new nn.Sequential(encoder, decoder, encoder);
  expect(model.parameters()).toEqual([encoder.weight, encoder.bias]);
  decoder
    .forward(randn([4, 2]))
    .sum()
    .backward();
  expect(model.parameters()[0].grad).not.toBeNull();
});

/** Replaces entries of a state dict by a tensor of this shape, full of 7; null takes one out. */
type Change = Record<string, number[] | null>;
const loads: [name: string, make: () => nn.Module, change: Change, strict?: boolean][] = [
  ["nothing wrong", small, {}],
  ["a missing key", small, { "0.bias": null }],
  ["missing keys", small, { "3.weight": null, "0.bias": null, "1.running_var": null }],
  ["an unexpected key", small, { "9.x": [2] }],
  ["unexpected keys", small, { extra: [], "0.scale": [1], weight: [3] }],
  ["an unexpected key of a child, before one of the model", small, { "1.scale": [1], extra: [1] }],
  ["another shape", small, { "1.weight": [4] }],
  ["other shapes", small, { "3.weight": [1, 4], "0.weight": [2, 3], "1.running_mean": [1] }],
  ["a scalar for a vector", small, { "3.bias": [] }],
  ["everything wrong", small, { "0.bias": null, "1.weight": [4], "9.x": [2] }],
  ["a missing and an unexpected key", small, { "0.bias": null, "9.x": [2] }, false],
  ["everything wrong", small, { "0.bias": null, "1.weight": [4], "9.x": [2] }, false],
  ["a module of a user", digitClassifier, { pixel_mean: null, "loss.weight": [3], "first_block.x": [1] }],
  ["a list of modules", withList, { "hidden_layers.0.bias": null, "hidden_layers.1.weight": [1] }],
];

describe("loadStateDict: PyTorch's keys, values and errors, which change nothing:", () => {
  for (const [name, make, change, strict = true] of loads)
    answers.it(`${name}, strict ${strict}`, () => {
      torch.manualSeed(0);
      const model = make();
      const state = { ...make().stateDict() };
      for (const [key, shape] of Object.entries(change)) {
        if (shape) state[key] = full(shape, 7);
        else delete state[key];
      }
      const snapshot = () => Object.values(unobserved(model).stateDict()).map(String);
      const before = snapshot();
      let keys: ReturnType<nn.Module["loadStateDict"]> | undefined;
      torch.error(() => {
        keys = model.loadStateDict(state, { strict });
      }, null);
      if (keys) return [keys.missingKeys, keys.unexpectedKeys, model.stateDict()];
      expect(snapshot()).toEqual(before);
      return "refused";
    });

  it("makes two models give the same output, and their memory stays their own", () => {
    manualSeed(0);
    const [model, copy] = [unobserved(small()), unobserved(small())];
    const x = randn([5, 2]);
    model.forward(x); // so that the running statistics are not the initial ones
    const state = model.stateDict();
    expect(copy.loadStateDict(state)).toEqual({ missingKeys: [], unexpectedKeys: [] });
    expectExact(copy.eval().forward(x), model.eval().forward(x));
    state["0.weight"].fill_(9);
    expect(copy.parameters()[0].toArray()).not.toEqual(model.parameters()[0].toArray());
  });

  it("keeps every parameter the object, the leaf and the dtype it was", () => {
    const model = new nn.Linear(2, 3);
    const { weight } = model;
    model.loadStateDict({ weight: ones([3, 2], { dtype: "float64" }), bias: ones([3]) });
    expect(model.weight).toBe(weight);
    expect([weight.isLeaf, weight.requiresGrad, weight.dtype]).toEqual([true, true, "float32"]);
    expectExact(weight, [1, 1, 1, 1, 1, 1]);
  });

  describe("takes states of PyTorch's old versions as PyTorch does:", () => {
    /** A batch norm that has seen batches, inside a model, after it has loaded a state with another count, or with none. */
    const afterLoading = (count: Tensor | null) => () => {
      const model = new Sequential(new BatchNorm1d(2), new torch.nn.InstanceNorm1d(2));
      for (let i = 0; i < 7; i++) model.forward(torch.ones([2, 2, 2]).mul(i));
      const { "0.num_batches_tracked": _, ...others } = model.stateDict();
      const state = count ? { ...others, "0.num_batches_tracked": count } : others;
      torch.error(() => model.loadStateDict(state, { strict: true }), null);
      return model.stateDict();
    };

    answers.each({
      "a batch norm that did not count batches": afterLoading(null),
      "a count in a vector of one element": afterLoading(tensor([3], { dtype: "int32" })),
      "a count in a longer vector": afterLoading(tensor([4, 5], { dtype: "int32" })),
    });

    it("a vector without elements is no scalar", () => {
      const norm = new nn.BatchNorm1d(2);
      const state = { ...norm.stateDict(), num_batches_tracked: zeros([0], { dtype: "int32" }) };
      expect(() => norm.loadStateDict(state)).toThrow("size mismatch for num_batches_tracked");
    });
  });

  /** Counts, and keeps the count beside its tensors. */
  class Counting extends nn.Linear {
    count = 0;
    override getExtraState(): unknown {
      return { count: this.count };
    }
    override setExtraState({ count }: { count: number }): void {
      this.count = count;
    }
  }

  it("has what a module keeps beside its tensors, after them, and gives it to it", () => {
    const model = () => new nn.Sequential(new Counting(1, 1), new nn.Linear(1, 1));
    const first = model();
    Object.assign(first.at(0), { count: 7 });
    const state = first.stateDict();
    expect(Object.keys(state)).toEqual(["0.weight", "0.bias", "0._extra_state", "1.weight", "1.bias"]);
    const second = model();
    second.loadStateDict(state);
    expect(second.at(0)).toMatchObject({ count: 7 });
  });

  it("says, in PyTorch's order and words, that it is missing or unexpected", () => {
    const model = new nn.Sequential(new Counting(1, 1), new nn.Linear(1, 1));
    const { "0.weight": _, "0._extra_state": extra, ...others } = model.stateDict();
    const state = { "1.more": ones([1]), "1._extra_state": extra, more: ones([1]), ...others };
    expect(() => model.loadStateDict(state)).toThrow(
      'Missing key(s) in state_dict: "0.weight", "0._extra_state". ' +
        '\n\tUnexpected key(s) in state_dict: "more", "1._extra_state", "1.more". ',
    );
    const words = "Reached a code path in Module.get_extra_state() that should never be called.";
    expect(() => new nn.ReLU().getExtraState()).toThrow(words);
    expect(() => new nn.ReLU().setExtraState({})).toThrow(words.replace("get", "set"));
  });

  it("tells hooks of what was loaded, children first, and lets them take names out of the lists, or add to them", () => {
    const model = new nn.Sequential(new nn.Linear(1, 1), new nn.Linear(1, 1));
    const seen: unknown[] = [];
    const note = (name: string) => (module: nn.Module, keys: nn.IncompatibleKeys) => {
      seen.push([name, module.parameters()[0].item(), [...keys.missingKeys], [...keys.unexpectedKeys]]);
    };
    model.registerLoadStateDictPostHook(note("all"));
    model.at(0).registerLoadStateDictPostHook(note("0"));
    const handle = model.at(1).registerLoadStateDictPostHook((_, { missingKeys }) => void missingKeys.splice(0));
    const { "1.weight": weight, ...state } = model.stateDict();
    const given = { ...state, "0.weight": zeros([1, 1]), "1.other": weight };
    const all = 'Missing key(s) in state_dict: "1.weight". \n\tUnexpected key(s) in state_dict: "1.other". ';
    expect(() => model.loadStateDict(given)).toThrow('\n\tUnexpected key(s) in state_dict: "1.other". ');
    expect(seen).toEqual([
      ["0", 0, [], []],
      ["all", 0, [], ["1.other"]],
    ]);
    handle.remove();
    expect(() => model.loadStateDict(given)).toThrow(all);
    expect(() => model.loadStateDict({ ...given, "0.bias": zeros([2]) })).toThrow("size mismatch for 0.bias");
    model.registerLoadStateDictPostHook((_, keys) => void Object.assign(keys.unexpectedKeys, { length: 0 }));
    model.registerLoadStateDictPostHook((_, { missingKeys }) => void missingKeys.splice(0));
    expect(model.loadStateDict(given)).toEqual({ missingKeys: [], unexpectedKeys: [] });
    model.registerLoadStateDictPostHook((() => 1) as unknown as nn.LoadStateDictPostHook);
    expect(() => model.loadStateDict(given)).toThrow("expected to return new values, if incompatible_keys need to be");
  });

  it("refuses what is no tensor", () => {
    const state = { weight: [[1, 2]], bias: ones([1]) } as unknown as nn.StateDict;
    const message = 'While copying the parameter named "weight", expected torch.Tensor or Tensor-like object';
    expect(() => new nn.Linear(2, 1).loadStateDict(state)).toThrow(message);
  });

  it("does not take a name that every object has for a key", () => {
    const state: nn.StateDict = Object.assign(Object.create({ weight: ones([3, 2]) }), { bias: ones(3) });
    expect(() => new nn.Linear(2, 3).loadStateDict(state)).toThrow('Missing key(s) in state_dict: "weight"');
  });

  it("a state dict shares memory with the module, but records nothing", () => {
    const model = new nn.Linear(2, 3);
    const { weight } = model.stateDict();
    expect(weight.requiresGrad).toBe(false);
    weight.fill_(2);
    expectExact(model.weight, [2, 2, 2, 2, 2, 2]);
  });
});

describe("Sequential, ModuleList and ModuleDict", () => {
  const layers = [new nn.Flatten(), new nn.Linear(4, 3), new nn.ReLU()];
  const model = new nn.Sequential(...layers);

  it("Sequential runs its layers one after another; without any, it is the identity", () => {
    const x = arange(8).view(2, 2, 2);
    const [flatten, linear, relu] = layers;
    expectExact(model.forward(x), relu.forward(linear.forward(flatten.forward(x))));
    expect(new nn.Sequential().forward(x)).toBe(x);
  });

  it.each([model, new nn.ModuleList(layers)])("can be counted, indexed from both ends and iterated: %s", (list) => {
    expect(list.length).toBe(3);
    expect([list.at(0), list.at(-1)]).toEqual([layers[0], layers[2]]);
    expect([...list]).toEqual(layers);
    expect(() => list.at(3)).toThrow("index 3 is out of range");
    expect(() => list.at(-4)).toThrow("index -4 is out of range");
  });

  it("is extended by any number of modules, and by itself", () => {
    const list = new nn.ModuleList(Array(200_000).fill(new nn.ReLU()));
    expect(list.extend(list)).toHaveLength(400_000);
  });

  answers.each({
    "a ModuleList": () => {
      torch.manualSeed(0);
      const list = new torch.nn.ModuleList([new Linear(1, 1)]).append(new ReLU()).extend([new torch.nn.Identity()]);
      list.insert(1, new torch.nn.Tanh());
      return [String(list), list.stateDict()];
    },
    "a ParameterList": () => {
      const list = new torch.nn.ParameterList([torch.ones([2]), new Parameter(torch.zeros([2, 3]))]);
      list.append(torch.ones([])).extend([torch.ones([1], { dtype: "float64" })]);
      const holder = torch.custom("Holder", { allWeights: list });
      return [String(list), String(holder), holder.stateDict(), holder.parameters()];
    },
    "a ParameterDict": () => {
      const dict = new torch.nn.ParameterDict({ left: torch.ones([2]), right: new Parameter(torch.zeros([2, 3])) });
      const holder = torch.custom("Holder", { allWeights: dict });
      return [String(dict), String(holder), holder.stateDict(), holder.parameters()];
    },
    "a ModuleDict": () => {
      torch.manualSeed(0);
      const dict = new torch.nn.ModuleDict({ a: new Linear(1, 1, { bias: false }), b: new ReLU() });
      return [String(dict), dict.stateDict()];
    },
  });

  it("a ModuleDict is read and changed by name", () => {
    const dict = new nn.ModuleDict({ a: layers[1] }).set("b", layers[2]);
    expect([dict.get("b"), dict.has("b"), dict.delete("b"), dict.has("b")]).toEqual([layers[2], true, true, false]);
    expect([[...dict.keys()], [...dict], dict.length]).toEqual([["a"], [["a", layers[1]]], 1]);
    expect(() => dict.get("b")).toThrow('there is no module "b": there are a');
    expect(() => dict.set("a.b", layers[1])).toThrow('module name can\'t contain ".", got: a.b');
    expect(() => new nn.ModuleDict({ "": layers[1] })).toThrow('module name can\'t be empty string ""');
  });

  it("a ParameterList and a ParameterDict keep parameters, and make parameters of other tensors", () => {
    const own = new nn.Parameter(ones([2]));
    const list = new nn.ParameterList([own]).append(zeros([1]));
    expect([list.length, list.at(0) === own, list.at(-1) instanceof nn.Parameter]).toEqual([2, true, true]);
    const dict = new nn.ParameterDict({ own }).set("other", zeros([1]));
    expect([dict.get("own") === own, dict.get("other").requiresGrad, dict.length]).toEqual([true, true, 2]);
    expect(() => dict.set("a.b", own)).toThrow('parameter name can\'t contain ".", got: a.b');
    expect(() => dict.get("none")).toThrow('there is no parameter "none": there are own, other');
    expect(() => list.forward()).toThrow("ParameterList should not be called.");
    expect(() => dict.forward()).toThrow("ParameterDict should not be called.");
  });

  it("fields of a class that extends a container are found, too", () => {
    class Scaled extends nn.Sequential {
      readonly scale = new nn.Parameter(ones([1]));
      readonly last = new nn.Linear(1, 1);
    }
    const names = ["scale", "0.weight", "0.bias", "last.weight", "last.bias"];
    expect(firstOf(new Scaled(new nn.Linear(1, 1)).namedParameters())).toEqual(names);
  });

  it("lists and dicts do not run by themselves", () => {
    for (const Holder of [nn.ModuleList, nn.ModuleDict]) {
      const message = `Module [${Holder.name}] is missing the required "forward" function`;
      expect(() => new Holder().forward()).toThrow(message);
    }
  });
});

describe("parts by name", () => {
  const made = () => {
    const norm = new torch.nn.BatchNorm1d(2);
    return torch.custom("Net", { layers: new torch.nn.Sequential(new torch.nn.Linear(2, 2), norm), again: norm });
  };
  const answers = new Answers("module_parts");
  answers.each({
    "are found, as often as there are names": () => {
      const net = made();
      const names = ["", "layers.1", "again"].map((name) => String(net.getSubmodule(name)));
      const parameters = ["layers.0.weight", "again.bias"].map((name) => net.getParameter(name).shape);
      return [names, parameters, net.getBuffer("layers.1.running_mean")];
    },
    "or not: a module": () => torch.error(() => made().getSubmodule("hidden"), "\n"),
    "or not: a parameter": () => torch.error(() => made().getParameter("hidden"), "\n"),
    "or not: a buffer": () => torch.error(() => made().getBuffer("hidden"), "\n"),
    "Sequential changes": () => {
      torch.manualSeed(0);
      const [relu, tanh] = [new torch.nn.ReLU(), new torch.nn.Tanh()];
      const net = new torch.nn.Sequential(relu).append(tanh).insert(0, new torch.nn.Linear(2, 1)).insert(-1, relu);
      const before = String(net);
      return [
        before,
        String(net.pop(1)),
        String(net.extend(new torch.nn.Sequential(tanh))),
        net.forward(torch.ones([1, 2])),
      ];
    },
    "error of a place beyond": () => torch.error(() => new torch.nn.Sequential().insert(1, new torch.nn.ReLU()), "\n"),
  });
});
