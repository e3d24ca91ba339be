/**
 * RNN, LSTM and GRU and their cells compute, hold, print and refuse what PyTorch's do, over a grid of options; one step with
 * kernels and all steps in operations have the same derivatives.
 */
import { describe, expect, it, vi } from "vitest";
import {
  type DType,
  Generator,
  getBackend,
  grad,
  gradcheck,
  gradgradcheck,
  nn,
  ones,
  randn,
  setBackend,
  type Tensor,
  zeros,
} from "../../src/index.ts";
import { Answers, choicesOf, expectClose, expectExact, product, torch, trainOn } from "../support/index.ts";

vi.setConfig({ testTimeout: 30_000 });

const answers = new Answers("recurrent");
const kinds = ["RNN", "LSTM", "GRU"] as const;
type Kind = (typeof kinds)[number];

/** What an LSTM returns and takes is a pair. */
type Layer = nn.Module & { forward(x: Tensor | nn.utils.rnn.PackedSequence, hx?: unknown): [Tensor, unknown] };
type Layers = Record<string, new (...args: unknown[]) => Layer>;

interface Setting {
  options?: nn.LSTMOptions & nn.RNNOptions;
  /** Lengths of the packed sequences. */
  lengths?: number[];
  enforceSorted?: boolean;
  isUnbatched?: boolean;
  /** Whether an initial state is given. */
  hasState?: boolean;
  training?: boolean;
}

const [steps, samples, inputs, hidden] = [3, 3, 2, 3];

/** The initial state. */
function stateOf(kind: Kind, { options = {}, isUnbatched }: Setting): Tensor | Tensor[] {
  const { numLayers = 1, bidirectional = false, projSize = 0, dtype = "float32" } = options;
  const make = (width: number) =>
    torch
      .randn([numLayers * (bidirectional ? 2 : 1), ...(isUnbatched ? [] : [samples]), width], { dtype })
      .requiresGrad_();
  return kind === "LSTM" ? [make(projSize || hidden), make(hidden)] : make(hidden);
}

/** Each of these times random numbers, summed: where it is many, one number tells as much as all. */
const weighed = (xs: readonly Tensor[]): Tensor => torch.stack(xs.map((x) => x.mul(torch.rand(x.shape)).sum()));

/** The layer after manualSeed(0), its output and state, and all gradients. */
function run(kind: Kind, setting: Setting, isWhole = false) {
  const { options = {}, lengths, enforceSorted = true, isUnbatched, hasState, training = true } = setting;
  const { batchFirst = false, dtype = "float32" } = options;
  torch.manualSeed(0);
  const layer = new (torch.nn as unknown as Layers)[kind](inputs, hidden, options).train(training);
  const size = isUnbatched ? [steps] : batchFirst ? [samples, steps] : [steps, samples];
  const x = torch.randn([...size, inputs], { dtype }).requiresGrad_();
  const state = hasState ? stateOf(kind, setting) : null;
  const input = lengths ? torch.nn.utils.rnn.packPaddedSequence(x, lengths, { batchFirst, enforceSorted }) : x;
  const [output, last] = layer.forward(input, state) as [Tensor | nn.utils.rnn.PackedSequence, Tensor | Tensor[]];
  const y = lengths ? (output as nn.utils.rnn.PackedSequence).data : (output as Tensor);
  const lasts = [last].flat();
  const results = [y, ...(kind === "LSTM" ? [lasts[0], lasts[1]] : lasts)];
  weighedAll(results, dtype).backward();
  const grads = [x, ...(state ? [state].flat() : []), ...layer.parameters()].map(({ grad }) => grad as Tensor);
  return [String(layer), results, isWhole ? grads : weighed(grads.map((dx) => dx.to("float32")))];
}

const weighedAll = (xs: readonly Tensor[], dtype: DType): Tensor =>
  xs.map((x) => x.mul(torch.rand(x.shape, { dtype })).sum()).reduce((a, b) => a.add(b));

const withinBackends = (title: string, test: () => void) =>
  it.each(["js", "wasm"] as const)(`${title}, on %s`, (backend) => {
    const before = getBackend();
    setBackend(backend);
    test();
    setBackend(before);
  });

const float64 = { dtype: "float64" } as const;
const both = { numLayers: 2, bidirectional: true };

const settings: Record<string, Setting> = {
  ...Object.fromEntries(
    choicesOf({ numLayers: [1, 2], bidirectional: [false, true], batchFirst: [false, true], bias: [true, false] }).map(
      (options): [string, Setting] => [JSON.stringify(options), { options }],
    ),
  ),
  "initial state": { hasState: true },
  "initial states of all": { options: { ...both, batchFirst: true }, hasState: true },
  unbatched: { isUnbatched: true },
  "unbatched, with all options": {
    options: { ...both, batchFirst: true, dropout: 0.5 },
    isUnbatched: true,
    hasState: true,
  },
  dropout: { options: { numLayers: 3, dropout: 0.3 } },
  "dropout, batch first": { options: { ...both, dropout: 0.3, batchFirst: true } },
  "dropout of all": { options: { numLayers: 2, dropout: 1 } },
  "dropout, in evaluation": { options: { numLayers: 2, dropout: 0.5 }, training: false },
  packed: { lengths: [3, 2, 1] },
  "packed, equal lengths": { options: { numLayers: 2 }, lengths: [2, 2, 2] },
  "packed, with all options": {
    options: { ...both, dropout: 0.5, batchFirst: true },
    lengths: [3, 3, 1],
    hasState: true,
  },
  "packed, unsorted": {
    options: { ...both, dropout: 0.5 },
    lengths: [1, 3, 2],
    enforceSorted: false,
    hasState: true,
  },
};

for (const kind of kinds) {
  describe(`${kind}: output, states and gradients:`, () => {
    for (const [name, setting] of Object.entries(settings))
      withinBackends(name, () => answers.check(`${kind}: ${name}`, () => run(kind, setting)));
    withinBackends("every gradient", () =>
      answers.check(`${kind}: all`, () => run(kind, { options: both, hasState: true }, true)),
    );
    withinBackends("float64", () =>
      answers.check(`${kind}: float64`, () => run(kind, { options: { ...both, ...float64 }, hasState: true }, true)),
    );
  });
}

describe("shapes and layouts:", () => {
  for (const [kind, batchFirst] of product(kinds, [false, true])) {
    const results = (inputSize: number, ...shape: number[]) => {
      torch.manualSeed(0);
      const layer = new (torch.nn as unknown as Layers)[kind](inputSize, 2, { ...both, batchFirst });
      const [y, last] = layer.forward(torch.zeros([...shape, inputSize]));
      y.sum().backward();
      const grads = layer.parameters().map(({ grad }) => (grad as Tensor).sum());
      const made = [y, ...([last].flat() as Tensor[])];
      return [made, made.filter(({ numel }) => numel > 0).map((s) => torch.layout(s)), grads];
    };
    const title = `${kind}${batchFirst ? ", batch first" : ""}`;
    answers.each({
      [`${title}: a batch`]: () => results(1, 2, 3),
      [`${title}: one sequence`]: () => results(1, 2),
      [`${title}: no samples`]: () => (batchFirst ? results(1, 0, 2) : results(1, 2, 0)),
      [`${title}: no inputs`]: () => results(0, 2, 2),
    });
  }
});

describe("LSTM with a projection:", () => {
  for (const [options, setting] of product(
    choicesOf({ numLayers: [1, 2], bidirectional: [false, true], bias: [true, false] }),
    [{ hasState: true }, { lengths: [1, 3, 2], enforceSorted: false }] as Setting[],
  )) {
    const title = JSON.stringify({ ...options, ...setting });
    withinBackends(title, () =>
      answers.check(`projected: ${title}`, () => run("LSTM", { ...setting, options: { ...options, projSize: 2 } })),
    );
  }
});

describe("RNN with relu:", () => {
  for (const setting of [{ options: both, hasState: true }, { lengths: [3, 1, 1] }] as Setting[]) {
    const title = JSON.stringify(setting);
    withinBackends(title, () =>
      answers.check(`relu: ${title}`, () =>
        run("RNN", { ...setting, options: { ...setting.options, nonlinearity: "relu" } }),
      ),
    );
  }
});

describe("cells:", () => {
  const cellCases: [name: string, options: object][] = [
    ...product(["RNNCell", "LSTMCell", "GRUCell"], choicesOf({ bias: [true, false], dtype: ["float32", "float64"] })),
    ["RNNCell", { nonlinearity: "relu" }],
  ];
  for (const [[name, options], isUnbatched] of product(cellCases, [false, true])) {
    const run = () => {
      torch.manualSeed(0);
      const cell = new (torch.nn as unknown as Layers)[name](inputs, hidden, options);
      const { dtype = "float32" } = options as { dtype?: DType };
      const batch = isUnbatched ? [] : [samples];
      const xs = [0, 1, 2].map(() => torch.randn([...batch, inputs], { dtype }).requiresGrad_());
      let state = null as unknown;
      for (const x of xs) state = cell.forward(x, state);
      const states = [state].flat() as Tensor[];
      const results = name === "LSTMCell" ? [states[0], states[1]] : states;
      weighedAll(results, dtype).backward();
      return [String(cell), results, [...xs, ...cell.parameters()].map(({ grad }) => grad)];
    };
    const title = `${name} ${JSON.stringify(options)}${isUnbatched ? ", unbatched" : ""}`;
    withinBackends(title, () => answers.check(title, run));
  }
});

describe("what they hold:", () => {
  const { nn: layers } = torch;
  const held: Record<string, () => nn.Module> = {
    RNN: () => new layers.RNN(2, 3, { numLayers: 2 }),
    "RNN with relu": () => new layers.RNN(2, 3, { nonlinearity: "relu", bias: false }),
    LSTM: () => new layers.LSTM(2, 2, { bidirectional: true, dropout: 0.25, numLayers: 2, batchFirst: true }),
    "LSTM with a projection": () => new layers.LSTM(1, 3, { projSize: 1, numLayers: 2, bidirectional: true }),
    "LSTM with a projection, without bias": () => new layers.LSTM(1, 3, { projSize: 2, bias: false }),
    GRU: () => new layers.GRU(2, 1, { numLayers: 3, dropout: 1 }),
    RNNCell: () => new layers.RNNCell(2, 3, { nonlinearity: "relu" }),
    LSTMCell: () => new layers.LSTMCell(2, 3, { bias: false }),
    GRUCell: () => new layers.GRUCell(2, 3, { dtype: "float64" }),
    "GRUCell without a state": () => new layers.GRUCell(2, 0),
  };
  for (const [name, make] of Object.entries(held)) {
    answers.it(`${name}: print, initial weights and names`, () => {
      torch.manualSeed(0);
      const layer = make();
      return [String(layer), layer.stateDict(), torch.rand(2)];
    });
  }

  it("allWeights are the parameters, of each layer in each direction", () => {
    const layer = new nn.LSTM(2, 3, { numLayers: 2, bidirectional: true, projSize: 1 });
    expect(layer.allWeights.map((weights) => weights.length)).toEqual([5, 5, 5, 5]);
    expect(layer.allWeights.flat()).toEqual(layer.parameters());
    expect(layer.allWeights[3][0]).toBe(layer.weightIhL1Reverse);
    expect(layer.flattenParameters()).toBeUndefined();
  });

  it("a parameter that is replaced is the one that counts", () => {
    const layer = new nn.GRU(1, 1, { bias: false });
    layer.weightIhL0 = new nn.Parameter(zeros([3, 1]));
    expect(layer.forward(ones([2, 1, 1]))[0].toArray()).toEqual([[[0]], [[0]]]);
  });
});

describe("refusals, in PyTorch's words:", () => {
  const x = () => torch.zeros([steps, samples, inputs]);
  const h = (...shape: number[]) => torch.zeros(shape);
  const layerOf = (kind: string, options: object = {}) =>
    new (torch.nn as unknown as Layers)[kind](inputs, hidden, options);
  const state = (kind: string, ...shape: number[]) =>
    kind.startsWith("LSTM") ? [h(...shape), h(...shape)] : h(...shape);
  for (const kind of kinds) {
    const calls: Record<string, () => unknown> = {
      "another input size": () => layerOf(kind).forward(h(steps, samples, 4)),
      "a vector": () => layerOf(kind).forward(h(inputs)),
      "four dimensions": () => layerOf(kind).forward(h(1, steps, samples, inputs)),
      "no steps": () => layerOf(kind).forward(h(0, samples, inputs)),
      "no steps, unbatched": () => layerOf(kind).forward(h(0, inputs)),
      "another dtype": () => layerOf(kind).forward(x().to("float64")),
      "whole numbers": () => layerOf(kind).forward(x().to("int32")),
      "a state of another batch": () => layerOf(kind).forward(x(), state(kind, 1, 4, hidden)),
      "a state of too few layers": () => layerOf(kind, both).forward(x(), state(kind, 1, samples, hidden)),
      "a state without a batch": () => layerOf(kind).forward(x(), state(kind, 1, hidden)),
      "a state with a batch": () => layerOf(kind).forward(h(steps, inputs), state(kind, 1, 1, hidden)),
      "a state for packed sequences": () =>
        layerOf(kind).forward(torch.nn.utils.rnn.packPaddedSequence(x(), [3, 2, 1]), state(kind, 1, 2, hidden)),
      "packed sequences of another size": () =>
        layerOf(kind).forward(torch.nn.utils.rnn.packPaddedSequence(h(steps, samples, 4), [3, 2, 1])),
      "packed numbers": () =>
        layerOf(kind).forward(torch.nn.utils.rnn.packPaddedSequence(h(steps, samples), [3, 2, 1])),
      "a dropout of 2": () => layerOf(kind, { dropout: 2 }),
      "a hidden size of 0": () => new (torch.nn as unknown as Layers)[kind](inputs, 0),
    };
    const wording = { "proj_size has to be smaller than hidden_size": "hidden_size must be greater than zero" };
    for (const [name, call] of Object.entries(calls))
      answers.it(`error of ${kind}: ${name}`, () => torch.error(call, "\n"), { wording });
  }

  const cells: Record<string, (cell: Layer, kind: string) => unknown> = {
    "another input size": (cell) => cell.forward(h(samples, 4)),
    "three dimensions": (cell) => cell.forward(x()),
    "a number": (cell) => cell.forward(h()),
    "another dtype": (cell) => cell.forward(h(samples, inputs).to("float64")),
    "a state of another batch": (cell, kind) => cell.forward(h(samples, inputs), state(kind, 2, hidden)),
    "a state of another size": (cell, kind) => cell.forward(h(samples, inputs), state(kind, samples, 2)),
    "a state without a batch": (cell, kind) => cell.forward(h(samples, inputs), state(kind, hidden + 1)),
    "a state with a batch": (cell, kind) => cell.forward(h(inputs), state(kind, 1, hidden)),
  };
  for (const [kind, [name, call]] of product(["RNNCell", "LSTMCell", "GRUCell"], Object.entries(cells)))
    answers.it(`error of ${kind}: ${name}`, () => torch.error(() => call(layerOf(kind), kind), "\n"));

  const others: Record<string, () => unknown> = {
    "a projection that is no smaller": () => layerOf("LSTM", { projSize: hidden }),
    "a negative projection": () => layerOf("LSTM", { projSize: -1 }),
    "another nonlinearity": () => layerOf("RNN", { nonlinearity: "sigmoid" }),
    "another nonlinearity of a cell": () => layerOf("RNNCell", { nonlinearity: "sigmoid" }).forward(h(samples, inputs)),
    "a c of another size": () => layerOf("LSTM").forward(x(), [h(1, samples, hidden), h(1, samples, 2)]),
    "a c without a batch": () => layerOf("LSTM").forward(x(), [h(1, samples, hidden), h(samples, hidden)]),
  };
  for (const [name, call] of Object.entries(others)) answers.it(`error of ${name}`, () => torch.error(call, "\n"));

  it("no layers: in PyTorch, an index that is out of range", () => {
    for (const kind of kinds)
      expect(() => new nn[kind](1, 1, { numLayers: 0 })).toThrow("num_layers must be greater than zero");
  });
});

describe("derivatives:", () => {
  const generator = new Generator(0);
  const random = (...shape: number[]) => randn(shape, { generator, ...float64 }).requiresGrad_();
  const listOf = (results: unknown): Tensor[] => (results as (Tensor | Tensor[])[]).flat();
  const layers: Record<string, () => nn.RNN | nn.LSTM | nn.GRU> = {
    RNN: () => new nn.RNN(1, 2, float64),
    "RNN with relu": () => new nn.RNN(1, 2, { ...float64, nonlinearity: "relu" }),
    LSTM: () => new nn.LSTM(1, 2, float64),
    "LSTM with a projection, in both directions": () =>
      new nn.LSTM(1, 2, { ...float64, projSize: 1, bidirectional: true }),
    GRU: () => new nn.GRU(1, 2, float64),
    "GRU in both directions": () => new nn.GRU(1, 1, { ...float64, numLayers: 2, bidirectional: true, bias: false }),
  };

  for (const [name, make] of Object.entries(layers)) {
    const layer = make();
    const x = random(2, 2, 1);
    const counts = layer.numLayers * (layer.bidirectional ? 2 : 1);
    const states = [
      random(counts, 2, layer.projSize || layer.hiddenSize),
      ...(layer instanceof nn.LSTM ? [random(counts, 2, layer.hiddenSize)] : []),
    ];
    const { packPaddedSequence } = nn.utils.rnn;
    const forward = (input: Tensor | nn.utils.rnn.PackedSequence, given: readonly Tensor[]) =>
      (layer as Layer).forward(input, layer instanceof nn.LSTM ? given : given[0]);
    const padded = (x: Tensor, ...given: Tensor[]) => listOf(forward(x, given.slice(0, states.length)));
    const packed = (x: Tensor, ...given: Tensor[]) => {
      const sequence = packPaddedSequence(x, [1, 2], { enforceSorted: false });
      const [output, last] = forward(sequence, given.slice(0, states.length));
      return listOf([(output as unknown as nn.utils.rnn.PackedSequence).data, last]);
    };
    const all = [x, ...states, ...layer.parameters()];

    it.each([
      ["padded", padded],
      ["packed", packed],
    ] as const)(`${name}, %s: first and second are those of finite differences`, (_, f) => {
      expect(gradcheck(f, all)).toBe(true);
      expect(gradgradcheck(f, all)).toBe(true);
    });

    it(`${name}: the kernels' are those of all steps in operations`, () => {
      for (const f of [padded, packed]) {
        const y = f(...(all as [Tensor])).map((part) => part.mul(random(...part.shape).detach()).sum());
        const loss = y.reduce((a, b) => a.add(b));
        const fast = grad(loss, all, { retainGraph: true });
        const recorded = grad(loss, all, { createGraph: true });
        for (const [k, dx] of fast.entries()) expectClose(dx, recorded[k], { rtol: 1e-12, atol: 1e-13 });
      }
    });
  }

  it("a state may come from x, one tensor may be two states, and one parameter two", () => {
    const fromX = new nn.RNN(3, 3, float64);
    fromX.biasIhL0 = fromX.biasHhL0;
    const cell = new nn.LSTMCell(2, 2, float64);
    const functions: [f: (...xs: Tensor[]) => Tensor, inputs: Tensor[]][] = [
      [(x) => fromX.forward(x, x.narrow(0, 0, 1).mul(2))[0], [random(2, 1, 3), fromX.biasHhL0]],
      [(x) => cell.forward(x, [x, x])[1], [random(2, 2)]],
    ];
    for (const [f, inputs] of functions) {
      expect(gradcheck(f, inputs)).toBe(true);
      expect(gradgradcheck(f, inputs)).toBe(true);
      const [fast, recorded] = [false, true].map((createGraph) => grad(f(...inputs).sum(), inputs, { createGraph }));
      for (const [k, dx] of fast.entries()) expectClose(dx, recorded[k], { rtol: 1e-12, atol: 1e-13 });
    }
  });

  it("output and states are changed in place as their own; parameters and inputs must not be, before backward", () => {
    const x = random(4, 2, 2);
    for (const kind of kinds) {
      const layer = new nn[kind](2, 3, float64) as Layer;
      const leaves = [x, ...layer.parameters()];
      const gradients = (part: number, change: (results: Tensor[]) => void) => {
        const results = listOf(layer.forward(x));
        change(results);
        return grad(results[part].sum(), leaves);
      };
      for (const part of kind === "LSTM" ? [0, 1, 2] : [0, 1]) {
        const plain = gradients(part, () => {});
        const changed = gradients(part, (results) => {
          for (const [k, y] of results.entries()) y.mul_(k === part ? 1 : 5).add_(7);
        });
        for (const [k, dx] of changed.entries()) expectClose(dx, plain[k], { rtol: 1e-14 });
      }
      for (const leaf of leaves) {
        const change = () => leaf.detach().mul_(1);
        expect(() => gradients(0, change)).toThrow("modified by an inplace operation");
      }
    }
  });

  it("a graph that is kept gives the same again", () => {
    const layer = new nn.LSTM(2, 3, { ...float64, projSize: 2 });
    const loss = layer.forward(random(4, 2, 2))[0].sum();
    const [first, second] = [true, false].map((retainGraph) => grad(loss, layer.parameters(), { retainGraph }));
    for (const [k, dx] of first.entries()) expectExact(second[k], dx);
    expect(() => loss.backward()).toThrow("backward through the graph a second time");
  });
});

it.each(kinds)("%s of a size for which the fast kernels are: as plain loops, also of packed sequences", (kind) => {
  const layer = new nn[kind](20, 37, { numLayers: 2, bidirectional: true }) as Layer;
  const x = randn([9, 16, 20]).requiresGrad_();
  const lengths = Array.from({ length: 16 }, (_, k) => 1 + ((7 * k) % 9));
  const compute = (name: "js" | "wasm") => {
    const before = getBackend();
    setBackend(name);
    const packed = nn.utils.rnn.packPaddedSequence(x, lengths, { enforceSorted: false });
    const results = [layer.forward(x), layer.forward(packed)].flatMap(([output, last]) => {
      const y = (output as unknown) instanceof nn.utils.rnn.PackedSequence ? output.data : output;
      return [y as Tensor, ...([last].flat() as Tensor[])];
    });
    const loss = results.map((y) => y.mul(y).sum()).reduce((a, b) => a.add(b));
    const gradients = grad(loss, [x, ...layer.parameters()]);
    setBackend(before);
    return [...results, ...gradients];
  };
  const [fast, plain] = [compute("wasm"), compute("js")];
  for (const [k, y] of fast.entries()) expectClose(y, plain[k], { rtol: 1e-4, atol: 1e-4 });
});

describe("training:", () => {
  const train = (kind: Kind, options: object, isPacked: boolean) => () => {
    torch.manualSeed(0);
    const layer = new (torch.nn as unknown as Layers)[kind](2, 8, options);
    const head = new torch.nn.Linear(8, 1);
    const parameters = [...layer.parameters(), ...head.parameters()];
    const optimizer = new torch.optim.Adam(parameters, { lr: 0.02 });
    const x = torch.randn([6, 4, 2]);
    const target = torch.randn([4, 1]);
    const input = isPacked ? torch.nn.utils.rnn.packPaddedSequence(x, [6, 5, 2, 2]) : x;
    return trainOn(optimizer, Array(20).keys(), () => {
      const [, last] = layer.forward(input);
      const h = kind === "LSTM" ? (last as Tensor[])[0] : (last as Tensor);
      return head.forward(h.select(0, -1)).sub(target).pow(2).mean();
    });
  };
  for (const [kind, isPacked] of product(kinds, [false, true])) {
    const options = { numLayers: 2, dropout: 0.2 };
    answers.it(`${kind}${isPacked ? ", packed" : ""}: 20 losses`, train(kind, options, isPacked), {
      rtol: 2e-5,
      atol: 0,
    });
  }
});
