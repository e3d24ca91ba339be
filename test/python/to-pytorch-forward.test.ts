/** What a forward may do and be written as a program for PyTorch: values, sizes, modes, and modules in several places. */
import { describe, expect } from "vitest";
import {
  arange,
  cat,
  full,
  manualSeed,
  nn,
  ones,
  rand,
  randint,
  randnLike,
  Slice,
  type Tensor,
  tensor,
  topk,
  tril,
  where,
  zeros,
} from "../../src/index.ts";
import { it } from "../data/support.ts";
import { Answers } from "../support/index.ts";
import { asksFor, sourceOf } from "./exporting.ts";

const answers = new Answers("to_pytorch_forward", { rtol: 1e-5, atol: 1e-5 });
const int32 = { dtype: "int32" } as const;
const { functional } = nn;
manualSeed(0);

/** A model with this forward, of these fields. */
function model<Fields extends object>(
  fields: Fields,
  forward: (self: Fields & nn.Module, ...inputs: never[]) => unknown,
) {
  const module = new (class Model extends nn.Module {
    override forward(...inputs: never[]): unknown {
      return forward(this as unknown as Fields & nn.Module, ...inputs);
    }
  })();
  return Object.assign(module, fields);
}

const doubled = (xs: readonly Tensor[]) => xs.map((x) => cat([x, x], 0));
/** Asks for twice as many samples. */
const check = (name: string, module: nn.Module, ...inputs: Tensor[]) =>
  asksFor(answers, name, module, inputs, doubled(inputs));

describe("a layer with more than one input or output", () => {
  const self = new nn.MultiheadAttention(4, 2, { batchFirst: true, addBiasKv: true, addZeroAttn: true });
  const cross = new nn.MultiheadAttention(4, 2, { kdim: 3, vdim: 2, bias: false });
  check(
    "attention, with its weights and masks",
    model({ self }, ({ self }, x: Tensor, isPadding: Tensor) => {
      const [y, weights] = self.forward(x, x, x, { keyPaddingMask: isPadding.gt(0), averageAttnWeights: false });
      const causal = tril(ones([3, 3])).eq(0);
      return [y, weights, self.forward(x, x, x, { attnMask: causal, needWeights: false })];
    }),
    rand([2, 3, 4]),
    tensor([[0, 0, 1], [0, 1, 1]]), // biome-ignore format: a mask
  );
  asksFor(
    answers,
    "attention to another sequence, with the samples second",
    cross,
    [rand([3, 2, 4]), rand([5, 2, 3]), rand([5, 2, 2])],
    [rand([3, 6, 4]), rand([5, 6, 3]), rand([5, 6, 2])],
    [[1], [1], [1]],
  );
  const options = { dimFeedforward: 6, dropout: 0.1, batchFirst: true };
  const encoder = new nn.TransformerEncoder(
    new nn.TransformerEncoderLayer(4, 2, { ...options, activation: "gelu", normFirst: true }),
    2,
    { norm: new nn.LayerNorm(4) },
  );
  check(
    "an encoder",
    model({ encoder }, ({ encoder }, x: Tensor) => encoder.forward(x, { mask: causalOf(3) })),
    rand([2, 3, 4]),
  );
  check("a decoder's layer", new nn.TransformerDecoderLayer(4, 1, options), rand([2, 3, 4]), rand([2, 5, 4]));
  const whole = new nn.Transformer(4, 2, { ...options, numEncoderLayers: 1, numDecoderLayers: 2 });
  check("a transformer", whole, rand([2, 3, 4]), rand([2, 2, 4]));
  const bags = new nn.EmbeddingBag(6, 3, { mode: "max", paddingIdx: 0 });
  check("bags of words", bags, randint(0, 6, [3, 4]));
  const weighed = new nn.EmbeddingBag(6, 3, { mode: "sum", includeLastOffset: true });
  const words = model({ weighed }, ({ weighed }, w: Tensor, x: Tensor) =>
    weighed.forward(x, tensor([0, 2, 5], int32)).add(w.sum()),
  );
  asksFor(answers, "bags with offsets", words, [rand([2]), randint(0, 6, [5])], [rand([4]), randint(0, 6, [5])], [[0]]);
  const pool = new nn.MaxPool2d(2);
  const unpool = new nn.MaxUnpool2d(2);
  check(
    "pooling, and back",
    model({ pool, unpool }, ({ unpool }, x: Tensor) => {
      const { values, indices } = functional.maxPool2dWithIndices(x, 2);
      return unpool.forward(values, indices);
    }),
    rand([2, 1, 4, 4]),
  );
  const cell = new nn.LSTMCell(3, 2);
  check(
    "a cell, step after step, from a state of zeros",
    model({ cell }, ({ cell }, x: Tensor) => {
      let state: [Tensor, Tensor] = [zeros([x.shape[0], 2]), full([x.shape[0], 2], 0.5)];
      for (let t = 0; t < x.shape[1]; t++) state = cell.forward(x.select(1, t), state);
      return { hidden: state[0], cell: state[1] };
    }),
    rand([2, 3, 3]),
  );
  const gru = new nn.GRU(2, 3, { bidirectional: true });
  asksFor(
    answers,
    "packed sequences, of any lengths",
    model({ gru }, ({ gru }, sequences: Tensor[], start: Tensor) => {
      const { packSequence, padPackedSequence } = nn.utils.rnn;
      const [y, last] = gru.forward(packSequence(sequences, { enforceSorted: false }), start);
      const [padded, lengths] = padPackedSequence(y, { batchFirst: true, paddingValue: -1 });
      const isThere = arange(padded.shape[1]).lt(lengths.unsqueeze(1));
      return [padded, isThere, last];
    }),
    [[rand([2, 2]), rand([4, 2])], rand([2, 2, 3])],
    [[rand([1, 2]), rand([3, 2]), rand([2, 2])], rand([2, 3, 3])],
    ["length", [1]],
  );
});

const causalOf = (size: number): Tensor => nn.Transformer.generateSquareSubsequentMask(size);

describe("layers of other kinds", () => {
  const layers: [nn.Module, number[]][] = [
    [new nn.Conv3d(1, 2, 2), [1, 1, 3, 3, 3]],
    [new nn.ConvTranspose3d(1, 2, 2, { stride: 2 }), [1, 1, 2, 2, 2]],
    [new nn.BatchNorm3d(2), [2, 2, 2, 2, 2]],
    [new nn.InstanceNorm3d(2, { affine: true }), [2, 2, 2, 2, 2]],
    [new nn.MaxPool3d(2), [1, 1, 2, 2, 2]],
    [new nn.AvgPool3d(2), [1, 1, 2, 2, 2]],
    [new nn.AdaptiveAvgPool3d(1), [1, 1, 2, 2, 2]],
    [new nn.AdaptiveMaxPool3d(1), [1, 1, 2, 2, 2]],
    [new nn.LPPool1d(2, 2), [1, 1, 4]],
    [new nn.LPPool2d(2, 2), [1, 1, 4, 4]],
    [new nn.Upsample({ scaleFactor: 2, mode: "bilinear", alignCorners: true }), [1, 1, 2, 2]],
    [new nn.UpsamplingNearest2d({ size: 3 }), [1, 1, 2, 2]],
    [new nn.UpsamplingBilinear2d({ scaleFactor: 2 }), [1, 1, 2, 2]],
    [new nn.PixelShuffle(2), [1, 4, 1, 2]],
    [new nn.PixelUnshuffle(2), [1, 1, 2, 2]],
    [new nn.Unflatten(1, [2, 2]), [1, 4]],
    [new nn.Fold(3, 2), [1, 4, 4]],
    [new nn.Unfold(2), [1, 1, 3, 3]],
    [new nn.ConstantPad3d(1, 2), [1, 1, 1, 1, 1]],
    [new nn.ReflectionPad3d(1), [1, 1, 2, 2, 2]],
    [new nn.ReplicationPad3d(1), [1, 1, 1, 1, 2]],
  ];
  for (const [layer, shape] of layers) check(layer.constructor.name, layer, rand(shape));
  for (const layer of [new nn.CosineSimilarity({ dim: 1 }), new nn.PairwiseDistance({ p: 1, keepdim: true })]) {
    check(layer.constructor.name, layer, rand([2, 3]), rand([2, 3]));
  }
  const lazy = new nn.Sequential(new nn.LazyLinear(3), new nn.LazyBatchNorm1d());
  lazy.forward(rand([3, 2]));
  check("a lazy layer that has seen an input", lazy, rand([3, 2]));
});

describe("functions", () => {
  check(
    "of nn.functional",
    model({ w: new nn.Parameter(rand([2, 1, 3])) }, ({ w }, x: Tensor) => [
      functional.conv1d(x.unsqueeze(1), w, null, { padding: 1, stride: 2 }),
      functional.gelu(x),
      functional.softmax(x, 1),
      functional.layerNorm(x, [4], { eps: 0.1 }),
      functional.normalize(x, { p: 1, dim: 1 }),
      functional.pad(x, [1, 2], "constant", 3),
      functional.oneHot(x.argmax(1), 4),
      functional.scaledDotProductAttention(x, x, x),
      functional.crossEntropy(x, x.argmax(1), { labelSmoothing: 0.1, reduction: "none" }),
      functional.interpolate(x.view(-1, 1, 4), { scaleFactor: 2, mode: "linear", alignCorners: false }),
    ]),
    rand([2, 4]),
  );
  check(
    "of numbers, comparisons and choices",
    model({}, (_, x: Tensor) => [
      x.gt(0.5).to("float32"),
      where(x.lt(0.3), x, 0),
      where(x.ge(0.5), 1, -1),
      x.maskedFill(x.le(x.mean(1, { keepdim: true })), -Infinity),
      x.mul(3).to("int32").eq(1),
      x.round().to("bool").to("int32").sum(1),
      x.ne(0).logicalAnd(x.gt(0.2)),
      x.clamp(0.2, 0.4).pow(2).add(x, { alpha: 0.5 }).sub(1).neg(),
      x.mul(10).div(3, { roundingMode: "floor" }),
      x.fmod(0.25).remainder(0.1),
      x
        .var(1)
        .add(x.std(1, { correction: 0 }))
        .add(x.norm(2, 1))
        .add(x.prod(1)),
      x.cumsum(1).cumprod(1).logSoftmax(1),
      x.add(1).add(2).rsqrt().log2().atan2(x).lerp(x, 0.3).addcmul(x, x, { value: 2 }),
    ]),
    rand([3, 4]),
  );
  check(
    "of places",
    model({ order: new nn.ParameterList([ones(4)]) }, (_, x: Tensor, places: Tensor) => [
      x.gather(1, places),
      x.indexSelect(1, tensor([2, 0], int32)),
      x.takeAlongDim(places, 1),
      ...Object.values(topk(x, 2)),
      x.sort(1, { descending: true }).values,
      x.argsort(1),
      x.max(1).values,
      x.min(1, { keepdim: true }).indices,
      x.max(),
      x.argmax(1),
      x.index("...", null, new Slice(1, 3)),
      x.index(new Slice(), tensor([0, 3], int32)),
      x.scatterAdd(1, places, x),
      x.tril().triu(-1),
      x.select(1, -1),
      x.slice(0, 0, -1),
      x.flip(1).narrow(1, 1, 2),
    ]),
    rand([3, 4]),
    randint(0, 4, [3, 4]),
  );
});

describe("sizes", () => {
  check(
    "that follow from the number of samples",
    model({}, (_, x: Tensor) => {
      const [n, t, c] = x.shape;
      const [first, second] = x.chunk(2, 0);
      const mean = x
        .sum(0)
        .div(n)
        .sub(
          x
            .slice(0, 1)
            .sum(0)
            .div(n - 1),
        );
      return [
        x.view(n * t, c),
        x.reshape(-1, c),
        x.permute(1, 0, 2).reshape(t, n * c),
        first.add(second),
        mean,
        arange(n, int32),
      ];
    }),
    rand([2, 3, 2]),
  );
  asksFor(
    answers,
    "of two dimensions that move",
    model({ places: new nn.Embedding(9, 4) }, ({ places }, x: Tensor) => {
      const [n, t, c] = x.shape;
      const y = x.add(places.forward(arange(t, int32))).reshape(n * t, c);
      return y
        .view(n, t, 2, 2)
        .transpose(1, 2)
        .maskedFill(
          tril(ones([t, 2]))
            .eq(0)
            .transpose(0, 1)
            .unsqueeze(-1),
          0,
        );
    }),
    [rand([2, 3, 4])],
    [rand([3, 5, 4])],
    [[0, 1]],
  );
});

class Twice extends nn.Module {
  readonly table = new nn.Embedding(5, 3);
  readonly head = new nn.Linear(3, 5, { bias: false });
  readonly inner = new nn.Sequential(new nn.Linear(3, 3), new nn.Tanh());
  readonly stack: nn.Sequential;
  readonly lists = [[new nn.Linear(3, 3)], [new nn.Linear(3, 3), new nn.ReLU()]];
  readonly scales = [new nn.Parameter(ones(3)), new nn.Parameter(rand([3]))];
  readonly byName = { a: new nn.Parameter(rand([3])) };
  readonly same: nn.Parameter;
  readonly count = this.registerBuffer("count", tensor([3], int32));
  constructor() {
    super();
    this.head.weight = this.table.weight;
    this.stack = new nn.Sequential(this.inner, new nn.Linear(3, 3), this.inner);
    this.same = this.scales[0];
    this.lists[0][0].requiresGrad_(false);
  }
  override forward(x: Tensor): Tensor {
    let y = this.stack.forward(this.inner.forward(this.table.forward(x).mul(this.scales[0])));
    for (const layer of this.lists.flat()) y = layer.forward(y);
    return this.head.forward(y.mul(this.same).add(this.scales[1]).mul(this.byName.a)).add(this.count);
  }
}

class Drop extends nn.Module {
  readonly norm = new nn.BatchNorm1d(3);
  override forward(x: Tensor): Tensor {
    return functional.dropout(this.norm.forward(x), 0.5, { training: this.training });
  }
}

class Noisy extends nn.Module {
  override forward(x: Tensor): Tensor {
    return this.training ? x.add(randnLike(x)) : x.mul(2);
  }
}

class Units extends nn.Sequential {
  constructor(size: number) {
    super(new nn.Linear(size, size), new nn.ReLU());
  }
}

class Dense extends nn.Sequential {
  constructor(size: number) {
    super(new Units(size), new nn.Linear(size, 1));
  }
  override forward(x: Tensor): Tensor {
    return cat([x, super.forward(x), this.at(1).forward(x)], 1);
  }
}

describe("modules", () => {
  const twice = new Twice();
  check("in two places, and parameters", twice, randint(0, 5, [3, 2]));
  it("are one there, too", () => {
    const source = sourceOf(twice, [randint(0, 5, [3, 2])]);
    for (const [
      a,
      b,
    ] of [["head.weight", "table.weight"], ["stack[0]", "inner"], ["stack[2]", "inner"], ["same", "scales[0]"]]) // biome-ignore format: pairs
      expect(source).toContain(`    model.${a} = model.${b}\n`);
    expect(source).toContain("model.lists[0][0].weight.requires_grad_(False)");
  });

  check("with a function that training alone has", new Drop(), rand([3, 3]));
  check("that do something else in training", new Noisy(), rand([3, 3]));
  it("say so", () => {
    expect(sourceOf(new Drop(), [rand([3, 3])])).toContain("y1 = F.dropout(y0, 0.5, training=self.training)\n");
    expect(sourceOf(new Noisy(), [rand([3, 3])])).toContain(
      "        if self.training:\n            y0 = torch.randn_like(x)\n            y1 = (x + y0)\n            return y1\n        y0 = (x * 2)\n",
    );
  });

  const tied = new nn.Linear(3, 3);
  check("in a Sequential twice", new nn.Sequential(tied, new nn.Tanh(), tied), rand([2, 3]));
  check("that only say what a Sequential consists of", new Units(3), rand([2, 3]));
  check("that are a Sequential with a forward of its own", new Dense(3), rand([2, 3]));

  asksFor(
    answers,
    "with lists and objects as inputs",
    model(
      { fc: new nn.Linear(2, 2) },
      ({ fc }, x: Tensor, [a, b]: Tensor[], { c }: { c: Tensor }, scale: number) =>
        [fc.forward(x).add(a).mul(b), { c: c.mul(scale) }] as never,
    ),
    [rand([2, 2]), [rand([2, 2]), rand([2, 2])], { c: rand([2, 1]) }, 3],
    [rand([4, 2]), [rand([4, 2]), rand([4, 2])], { c: rand([4, 1]) }, 3],
    [[0], [0], [0]],
  );
});
