/** Layers of several inputs, and of indices: what they compute, hold, print and refuse is what PyTorch's do. */
import { describe, expect, it } from "vitest";
import { grad, gradcheck, gradgradcheck, manualSeed, nn, rand, type Tensor, tensor } from "../../src/index.ts";
import { Answers, product, torch } from "../support/index.ts";

const answers = new Answers("vectors");
const { bilinear, cosineSimilarity, embedding, embeddingBag, gumbelSoftmax, hardtanh, normalize, pairwiseDistance } =
  torch.nn.functional;

/** What a function gives of random leaves of these shapes, its gradients, and their gradients. */
const ofRandom =
  (shapes: number[][], f: (...xs: Tensor[]) => Tensor, change = (x: Tensor) => x) =>
  () => {
    torch.manualSeed(0);
    const leaves = shapes.map((shape) =>
      change(torch.randn(shape, { dtype: "float64" }))
        .detach()
        .requiresGrad_(),
    );
    const y = f(...leaves);
    const gradients = torch.grad(y.mul(torch.rand(y.shape, { dtype: "float64" })).sum(), leaves, { createGraph: true });
    const second = gradients.reduce((sum, dx) => sum.add(dx.mul(dx).sum()), torch.zeros([], { dtype: "float64" }));
    return [y, gradients, torch.gradients(second, leaves)];
  };

describe("normalize, distances and similarities", () => {
  for (const options of [{}, { p: 1, dim: 0 }, { p: 3, dim: -1 }, { p: Infinity, dim: 2 }, { eps: 2 }]) {
    const text = JSON.stringify(options, (_, x) => (x === Infinity ? "∞" : x));
    answers.it(
      `normalize ${text}`,
      ofRandom([[2, 3, 2]], (x) => normalize(x, options)),
    );
  }
  for (const [options, shape] of product([{}, { dim: 0 }, { dim: -1, eps: 0.5 }], [[2, 3], [1, 3], [3]])) {
    answers.it(
      `cosineSimilarity ${JSON.stringify(options)} of [${shape}]`,
      ofRandom([[2, 3], shape], (a, b) => cosineSimilarity(a, b, options)),
    );
  }
  for (const [options, shape] of product([{}, { p: 1 }, { p: 3, eps: 0.1 }, { keepdim: true }], [[2, 3], [3]])) {
    answers.it(
      `pairwiseDistance ${JSON.stringify(options)} of [${shape}]`,
      ofRandom([[2, 3], shape], (a, b) => pairwiseDistance(a, b, options)),
    );
  }
  answers.each({
    "of whole numbers": () => {
      const [x, y] = [torch.tensor([3, -4, 7], { dtype: "int32" }), torch.tensor([-1, 0, 2], { dtype: "int32" })];
      return [pairwiseDistance(x, y), pairwiseDistance(x, y, { eps: 1 })];
    },
    "of zeros": () => {
      const [x, y] = [torch.zeros([2, 2]), torch.ones([2, 2])].map((x) => x.requiresGrad_());
      const results = [normalize(x), cosineSimilarity(x, y), pairwiseDistance(x, x)];
      return results.map((result) => [result, torch.gradients(result.sum(), [x, y])]);
    },
    layers: () => {
      const [x, y] = [
        torch.tensor([
          [1, 2],
          [3, 4],
        ]),
        torch.tensor([
          [2, 2],
          [-3, 4],
        ]),
      ];
      const layers = [
        new torch.nn.CosineSimilarity({ dim: 0 }),
        new torch.nn.PairwiseDistance({ p: 1, keepdim: true }),
      ];
      return layers.map((layer) => [String(layer), layer.forward(x, y)]);
    },
    "error of whole numbers": () => {
      const x = torch.ones([2, 2], { dtype: "int32" });
      return torch.error(() => cosineSimilarity(x, x), "\n");
    },
  });
});

describe("Bilinear", () => {
  const layer =
    (options: nn.LinearOptions, ...batch: number[]) =>
    () => {
      torch.manualSeed(0);
      const layer = new torch.nn.Bilinear(2, 3, 4, options);
      const [x1, x2] = [2, 3].map((size) => torch.randn([...batch, size]).requiresGrad_());
      const y = layer.forward(x1, x2);
      return [String(layer), y, torch.gradients(y.mul(torch.rand(y.shape)).sum(), [x1, x2, ...layer.parameters()])];
    };
  answers.each({
    "of a batch": layer({}, 5),
    "of two batch sizes, without bias": layer({ bias: false }, 2, 2),
    "of vectors": layer({}),
    "twice differentiated": ofRandom([[3, 2], [3, 2], [2, 2, 2], [2]], (a, b, w, bias) => bilinear(a, b, w, bias)),
  });
  const refused: Record<string, number[][]> = {
    "another number of dimensions": [[1, 2], [2]],
    "another batch": [
      [2, 2],
      [3, 3],
    ],
    "another size": [
      [1, 3],
      [1, 3],
    ],
    "another second size": [
      [1, 2],
      [1, 2],
    ],
  };
  for (const [name, shapes] of Object.entries(refused)) {
    answers.it(`Bilinear: error of ${name}`, () => {
      const [x1, x2] = shapes.map((shape) => torch.ones(shape));
      return torch.error(() => bilinear(x1, x2, torch.ones([4, 2, 3])), "\n");
    });
  }
});

const int32 = (...values: number[]) => torch.tensor(values, { dtype: "int32" });

describe("Embedding, further options", () => {
  type Options = nn.EmbeddingLayerOptions;
  const texts = () => int32(0, 1, 3, 0, 0, 2).view(2, 3);
  const embedded = (options: Options) => () => {
    torch.manualSeed(0);
    const layer = new torch.nn.Embedding(4, 3, options);
    const y = layer.forward(texts());
    const [dw] = torch.gradients(y.mul(torch.rand(y.shape)).sum(), layer.parameters());
    return [String(layer), y, dw, layer.weight];
  };
  answers.each({
    "Embedding, maxNorm": embedded({ maxNorm: 1 }),
    "Embedding, maxNorm of another norm": embedded({ maxNorm: 1.5, normType: 1, paddingIdx: 1 }),
    "Embedding, scaleGradByFreq": embedded({ scaleGradByFreq: true, paddingIdx: -1 }),
  });

  it("fromPretrained freezes vectors, unless told otherwise, and shares their memory", () => {
    const vectors = tensor([
      [1, 2],
      [3, 4],
    ]);
    for (const Layer of [nn.Embedding, nn.EmbeddingBag]) {
      const layer = Layer.fromPretrained(vectors);
      expect(layer.weight.requiresGrad).toBe(false);
      expect(layer.weight.storage).toBe(vectors.storage);
      expect(Layer.fromPretrained(vectors, { freeze: false, maxNorm: 2 })).toMatchObject({
        maxNorm: 2,
        weight: { requiresGrad: true },
      });
      expect(() => Layer.fromPretrained(tensor([1]))).toThrow("Embeddings parameter is expected to be 2-dimensional");
      expect(() => new Layer(2, 2, { weight: vectors.view(4, 1) })).toThrow("Shape of weight does not match");
    }
  });
});

describe("EmbeddingBag", () => {
  type Options = nn.EmbeddingBagOptions;
  const modes = ["sum", "mean", "max"] as const;
  const bagged =
    (options: Options, indices: Tensor, offsets: Tensor | null = null) =>
    () => {
      torch.manualSeed(0);
      const layer = new torch.nn.EmbeddingBag(5, 3, options);
      const y = layer.forward(indices, offsets);
      const [dw] = torch.gradients(y.mul(torch.rand(y.shape)).sum(), layer.parameters());
      return [String(layer), y, dw];
    };
  for (const mode of modes) {
    const words = int32(1, 4, 1, 0, 3, 3, 2);
    const cases: Record<string, () => unknown> = {
      rows: bagged({ mode }, int32(1, 4, 1, 0, 3, 3).view(2, 3)),
      offsets: bagged({ mode }, words, int32(0, 2, 2, 5)),
      "a last offset": bagged({ mode, includeLastOffset: true }, words, int32(0, 2, 7)),
      padding: bagged({ mode, paddingIdx: 3 }, words, int32(0, 4, 6)),
      maxNorm: bagged({ mode, maxNorm: 1 }, words, int32(0, 3)),
      "no words": bagged({ mode }, int32(), int32(0, 0)),
    };
    for (const [name, run] of Object.entries(cases)) answers.it(`EmbeddingBag, ${mode}, ${name}`, run);
  }
  it("divides gradients by how often an index is in all bags, if asked to", () => {
    const words = tensor([1, 0, 1, 1], { dtype: "int32" });
    const offsets = tensor([0, 2], { dtype: "int32" });
    const layer = new nn.EmbeddingBag(3, 1, { mode: "sum", scaleGradByFreq: true });
    const y = layer.forward(words, offsets);
    expect(grad(y.mul(tensor([[3], [6]])).sum(), layer.weight)[0].toArray()).toEqual([[3], [5], [0]]);
    expect(y.toArray()).toEqual(nn.functional.embeddingBag(words, layer.weight, { offsets, mode: "sum" }).toArray());
    const options = { mode: "max", scaleGradByFreq: true } as const;
    expect(() => new nn.EmbeddingBag(3, 1, options).forward(words, offsets)).toThrow(
      "max mode does not support scaling",
    );
  });

  answers.it("EmbeddingBag, weights of samples", () => {
    torch.manualSeed(0);
    const layer = new torch.nn.EmbeddingBag(4, 2, { mode: "sum", paddingIdx: 0 });
    const factors = torch.randn([2, 3]).requiresGrad_();
    const y = layer.forward(int32(1, 3, 0, 2, 2, 1).view(2, 3), null, factors);
    return [y, torch.gradients(y.mul(torch.rand(y.shape)).sum(), [factors, ...layer.parameters()])];
  });
  const refused: Record<string, () => unknown> = {
    "offsets of rows": () => embeddingBag(int32(0, 1).view(1, 2), torch.ones([2, 2]), { offsets: int32(0) }),
    "no offsets": () => embeddingBag(int32(0, 1), torch.ones([2, 2])),
    "offsets of two dimensions": () => embeddingBag(int32(0), torch.ones([2, 2]), { offsets: int32(0).view(1, 1) }),
    "three dimensions": () => embeddingBag(int32(0).view(1, 1, 1), torch.ones([2, 2])),
    "whole numbers": () => embeddingBag(int32(0).view(1, 1), int32(1, 2).view(2, 1)),
    truths: () => embeddingBag(int32(0).view(1, 1), int32(1, 2).view(2, 1).bool()),
    "another mode": () => embeddingBag(int32(0).view(1, 1), torch.ones([2, 2]), { mode: "min" as "max" }),
    "an offset beyond": () => embeddingBag(int32(0), torch.ones([2, 2]), { offsets: int32(0, 4) }),
    "a first offset": () => embeddingBag(int32(0, 1), torch.ones([2, 2]), { offsets: int32(1) }),
    "weights of a mean": () =>
      embeddingBag(int32(0).view(1, 1), torch.ones([2, 2]), { perSampleWeights: torch.ones([1, 1]) }),
    "weights of another shape": () =>
      embeddingBag(int32(0).view(1, 1), torch.ones([2, 2]), { mode: "sum", perSampleWeights: torch.ones([1]) }),
  };
  for (const [name, call] of Object.entries(refused))
    answers.it(`EmbeddingBag: error of ${name}`, () => torch.error(call));
});

answers.it("hardtanh cuts its bounds for whole numbers", () => {
  const x = int32(-3, 0, 2, 7);
  return [hardtanh(x, { minVal: -0.5, maxVal: 2.9 }), hardtanh(x, { minVal: -2.9, maxVal: 6 }), hardtanh(x)];
});

answers.it("softmin computes in another dtype, and cdist in the mode that is asked for", () => {
  const x = torch.tensor([[1, 2], [4, 6]]); // biome-ignore format: a matrix
  const modes = ["use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist"] as const;
  return [
    torch.nn.functional.softmin(int32(1, 2), 0, { dtype: "float64" }),
    ...modes.map((computeMode) => torch.cdist(x, x, { computeMode })),
    torch.error(() => torch.cdist(x, x, { computeMode: "mm" as (typeof modes)[0] })),
  ];
});

answers.it("an embedding of truths takes scaleGradByFreq", () =>
  embedding(int32(1, 0, 1), torch.tensor([[true], [false]]), { scaleGradByFreq: true }),
);

describe("gumbelSoftmax", () => {
  for (const [hard, tau, dim] of product([false, true], [1, 0.3], [-1, 0])) {
    answers.it(`gumbelSoftmax ${JSON.stringify({ hard, tau, dim })}`, () => {
      torch.manualSeed(0);
      const logits = torch.randn([3, 4]).requiresGrad_();
      const y = gumbelSoftmax(logits, { hard, tau, dim });
      return [y, torch.gradients(y.mul(torch.rand(y.shape)).sum(), [logits]), torch.rand(1)];
    });
  }
});

describe("first and second derivatives are right:", () => {
  manualSeed(0);
  const f64 = (...shape: number[]) => rand(shape, { dtype: "float64" }).requiresGrad_();
  const words = tensor([1, 2, 2, 0], { dtype: "int32" });
  const offsets = tensor([0, 3], { dtype: "int32" });
  const { functional: F } = nn;
  const cases: Record<string, [(...xs: Tensor[]) => Tensor, Tensor[]]> = {
    bilinear: [F.bilinear as (...xs: Tensor[]) => Tensor, [f64(2, 2), f64(2, 3), f64(2, 2, 3), f64(2)]],
    normalize: [(x) => F.normalize(x), [f64(2, 3)]],
    cosineSimilarity: [(a, b) => F.cosineSimilarity(a, b), [f64(2, 3), f64(2, 3)]],
    pairwiseDistance: [(a, b) => F.pairwiseDistance(a, b), [f64(2, 3), f64(2, 3)]],
    prelu: [F.prelu, [f64(2, 3).detach().sub(0.5).requiresGrad_(), f64(3)]],
    "embeddingBag, sum": [
      (w, perSampleWeights) => F.embeddingBag(words, w, { offsets, mode: "sum", perSampleWeights }),
      [f64(3, 2), f64(4)],
    ],
    "embeddingBag, mean": [(w) => F.embeddingBag(words, w, { offsets }).pow(2), [f64(3, 2)]],
    "embeddingBag, max": [(w) => F.embeddingBag(words, w, { offsets, mode: "max" }).pow(2), [f64(3, 2)]],
  };
  it.each(Object.keys(cases))("%s", (name) => {
    const [f, inputs] = cases[name];
    expect(gradcheck(f, inputs)).toBe(true);
    expect(gradgradcheck(f, inputs)).toBe(true);
  });
});
