/** Every layer computes, holds and prints what PyTorch's does: test/fixtures/layers.py wrote it, over a grid of options. */
import { describe, expect, it } from "vitest";
import {
  type DType,
  Generator,
  getBackend,
  gradcheck,
  gradgradcheck,
  manualSeed,
  nn,
  rand,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.ts";
import { expectClose, expectExact, readFixture, type StoredTensor } from "../support/fixtures.ts";

interface Made {
  layer: string;
  args: unknown[];
  options: Record<string, unknown>;
  shape: number[];
}

interface LayerCase extends Made {
  dtype: DType;
  training: boolean;
  /** Whether the first elements of the input are special. */
  edges: boolean;
  text: string;
  y: StoredTensor;
  dx: StoredTensor;
  dparameters: StoredTensor[];
  buffers: StoredTensor[];
}

const fixture = readFixture<{ cases: LayerCase[]; errors: (Made & { error: string })[] }>("layers.json");

const layers = nn as unknown as Record<string, new (...args: unknown[]) => nn.Module>;

const titled = <Case extends Made>(cases: Case[]) =>
  cases.map((layerCase) => {
    const { layer, args, options, shape } = layerCase;
    return { ...layerCase, title: `${layer} ${JSON.stringify(args)} ${JSON.stringify(options)} of [${shape}]` };
  });

describe.each(["js", "wasm"] as const)("on %s", (backend) => {
  it.each(titled(fixture.cases))("$title, $dtype", (layerCase) => {
    const before = getBackend();
    setBackend(backend);
    check(layerCase);
    setBackend(before);
  });
});

function check({ layer: name, args, options, shape, dtype, training, edges, text, ...expected }: LayerCase): void {
  manualSeed(0);
  const layer = new layers[name](...args, { ...options, dtype }).train(training);
  const x = rand(shape, { dtype }).mul(2).sub(1);
  if (edges) x.storage.data.set([0, -0, 100, -100, Infinity, 1e-20]);
  x.requiresGrad_();
  const y = layer.forward(x);
  y.backward(rand(y.shape, { dtype }));
  const tolerance = dtype === "float64" ? { rtol: 1e-12, atol: 1e-12 } : { rtol: 2e-6, atol: 2e-6 };
  const expectAll = (found: (Tensor | null)[], wanted: StoredTensor[]) => {
    expect(found).toHaveLength(wanted.length);
    for (const [i, tensor] of found.entries()) expectClose(tensor, wanted[i], tolerance);
  };
  expect(`${layer}`).toBe(text);
  expectAll([y, x.grad], [expected.y, expected.dx]);
  expectAll(
    layer.parameters().map(({ grad }) => grad),
    expected.dparameters,
  );
  expectAll(layer.buffers(), expected.buffers);
}

describe("refusals, in PyTorch's words", () => {
  it.each(titled(fixture.errors))("$title: $error", ({ layer, args, options, shape, error }) => {
    expect(() => new layers[layer](...args, options).forward(zeros(shape))).toThrow(error);
  });
});

describe("first and second derivatives, of input and parameters, are right", () => {
  const dtype = "float64";
  const cases: [layer: nn.Module, shape: number[]][] = [
    [new nn.Linear(3, 2, { dtype }), [2, 3]],
    [new nn.Conv1d(2, 2, 2, { dtype, stride: 2 }), [2, 2, 5]],
    [new nn.Conv2d(2, 2, 2, { dtype, padding: 1, groups: 2 }), [2, 2, 2, 3]],
    [new nn.ConvTranspose2d(2, 1, 2, { dtype, stride: 2 }), [1, 2, 2, 2]],
    [new nn.BatchNorm1d(2, { dtype, momentum: 0 }), [3, 2]],
    [new nn.BatchNorm2d(2, { dtype, momentum: 0 }), [2, 2, 2, 2]],
    [new nn.BatchNorm2d(2, { dtype }).eval(), [2, 2, 2, 2]],
    [new nn.LayerNorm(3, { dtype }), [2, 3]],
    [new nn.GroupNorm(2, 4, { dtype }), [2, 4, 3]],
    [new nn.InstanceNorm2d(2, { dtype, affine: true }), [2, 2, 2, 2]],
    [new nn.MaxPool2d(2), [1, 2, 4, 4]],
    [new nn.AvgPool2d(2, { padding: 1 }), [1, 1, 3, 3]],
    [new nn.AdaptiveAvgPool2d(2), [1, 2, 3, 5]],
    ...[new nn.GELU(), new nn.SiLU(), new nn.LeakyReLU(), new nn.ELU(), new nn.Softplus(), new nn.Softmax(1)].map(
      (layer): [nn.Module, number[]] => [layer, [2, 3]],
    ),
    [new nn.GELU({ approximate: "tanh" }), [2, 3]],
    [new nn.LogSoftmax(1), [2, 3]],
  ];

  it.each(cases)("%s of %j", (layer, shape) => {
    const x = rand(shape, { dtype, generator: new Generator(1) })
      .sub(0.5)
      .requiresGrad_();
    const f = (x: Tensor) => layer.forward(x);
    expect(gradcheck(f, [x, ...layer.parameters()])).toBe(true);
    expect(gradgradcheck(f, [x, ...layer.parameters()])).toBe(true);
  });

  it("cross entropy and its relatives", () => {
    const x = rand([3, 4], { dtype, generator: new Generator(1), requiresGrad: true });
    const target = tensor([0, 3, 1], { dtype: "int32" });
    const weight = tensor([1, 2, 0.5, 1], { dtype });
    const probabilities = rand([3, 4], { dtype }).softmax(1);
    for (const loss of [
      (x: Tensor) => nn.functional.crossEntropy(x, target, { weight, labelSmoothing: 0.1 }),
      (x: Tensor) => nn.functional.crossEntropy(x, probabilities),
      (x: Tensor) => nn.functional.nllLoss(x.logSoftmax(1), target, { weight }),
    ]) {
      expect(gradcheck(loss, [x])).toBe(true);
      expect(gradgradcheck(loss, [x])).toBe(true);
    }
  });
});

it("NLLLoss of log probabilities is CrossEntropyLoss", () => {
  const logits = rand([3, 4]);
  const target = tensor([0, 3, 1], { dtype: "int32" });
  const options = { weight: tensor([1, 2, 0.5, 1]), ignoreIndex: 1 };
  for (const reduction of ["mean", "sum", "none"] as const) {
    const loss = new nn.NLLLoss({ ...options, reduction }).forward(logits.logSoftmax(1), target);
    expectExact(loss, new nn.CrossEntropyLoss({ ...options, reduction }).forward(logits, target));
  }
});

it("Conv2d refuses a padding that has no meaning", () => {
  const padding = "full" as "same";
  expect(() => new nn.Conv2d(1, 1, 3, { padding })).toThrow("Invalid padding string 'full'");
});

const int32 = (...values: number[]) => tensor(values, { dtype: "int32" });

describe("Embedding", () => {
  it("begins with PyTorch's vectors, 0 for the padding, and prints as PyTorch's", () => {
    manualSeed(0);
    const layer = new nn.Embedding(3, 2, { paddingIdx: -2 });
    expectClose(
      layer.weight,
      [1.5409960746765137, -0.293428897857666, 0, 0, -1.0845223665237427, -1.3985954523086548],
      {
        atol: 1e-6,
      },
    );
    expect(`${layer} ${new nn.Embedding(3, 2)}`).toBe("Embedding(3, 2, padding_idx=1) Embedding(3, 2)");
  });

  it("gives vectors, and their gradients back, but none to the padding", () => {
    const layer = new nn.Embedding(4, 2, { paddingIdx: 1, dtype: "float64" });
    const indices = int32(0, 1, 3, 0).view(2, 2);
    const y = layer.forward(indices);
    expect(y.shape).toEqual([2, 2, 2]);
    expectExact(y.select(1, 1), layer.weight.indexSelect(0, int32(1, 0)));
    y.sum().backward();
    expectExact(layer.weight.grad, [2, 2, 0, 0, 0, 0, 1, 1]);
  });

  it("refuses what is not in the vocabulary", () => {
    expect(() => new nn.Embedding(2, 2).forward(int32(2))).toThrow("index out of range in self");
    expect(() => new nn.Embedding(2, 2).forward(int32(-1))).toThrow("index out of range in self");
    expect(() => new nn.Embedding(2, 2, { paddingIdx: 2 })).toThrow("Padding_idx must be within num_embeddings");
  });
});

describe("ModuleList and ModuleDict", () => {
  it("are PyTorch's in text and state, and do not run by themselves", () => {
    const list = new nn.ModuleList([new nn.Linear(1, 1)]).append(new nn.ReLU()).extend([new nn.Identity()]);
    list.insert(1, new nn.Tanh());
    expect(`${list}`).toBe(
      "ModuleList(\n  (0): Linear(in_features=1, out_features=1, bias=True)\n  (1): Tanh()\n  (2): ReLU()\n  (3): Identity()\n)",
    );
    expect(Object.keys(list.stateDict())).toEqual(["0.weight", "0.bias"]);
    expect([list.length, list.at(-1), [...list].length]).toEqual([4, list.at(3), 4]);
    expect(() => list.at(4)).toThrow("index 4 is out of range");
    expect(() => list.forward()).toThrow('Module [ModuleList] is missing the required "forward" function');
    const dict = new nn.ModuleDict({ a: new nn.Linear(1, 1, { bias: false }) }).set("b", new nn.ReLU());
    expect(`${dict}`).toBe("ModuleDict(\n  (a): Linear(in_features=1, out_features=1, bias=False)\n  (b): ReLU()\n)");
    expect([Object.keys(dict.stateDict()), dict.has("b"), dict.delete("b"), [...dict.keys()], dict.length]).toEqual([
      ["a.weight"],
      true,
      true,
      ["a"],
      1,
    ]);
    expect(() => dict.get("b")).toThrow('there is no module "b": there are a');
    expect(() => dict.forward()).toThrow('Module [ModuleDict] is missing the required "forward" function');
  });
});
