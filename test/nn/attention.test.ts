/** Attention gives what PyTorch's does, with each option and mask, and refuses what it refuses. */
import { describe, expect, it } from "vitest";
import { gradcheck, gradgradcheck, manualSeed, nn, rand, type Tensor, zeros } from "../../src/index.ts";
import { Answers, expectClose, product, torch } from "../support/index.ts";

const answers = new Answers("attention");
const { scaledDotProductAttention } = torch.nn.functional;

const mask = torch.tensor([
  [true, false, true, true],
  [true, true, false, false],
  [false, true, true, false],
]);

describe("scaledDotProductAttention", () => {
  type Options = nn.ScaledDotProductOptions;
  const attended = (sizes: number[], makeOptions: () => Options) => () => {
    torch.manualSeed(0);
    const [query, key, value] = [
      [3, 5],
      [4, 5],
      [4, 2],
    ].map((matrix) => torch.randn([...sizes, ...matrix]).requiresGrad_());
    const options = makeOptions();
    const y = scaledDotProductAttention(query, key, value, options);
    y.backward(torch.rand(y.shape));
    return [y, query.grad, key.grad, value.grad, torch.rand(1)];
  };
  const learned = () => torch.randn([3, 4]).requiresGrad_();
  const given: Record<string, () => Options> = {
    "no options": () => ({}),
    "a mask": () => ({ attnMask: mask.clone() }),
    "a mask of numbers": () => ({ attnMask: learned() }),
    "a mask for each head": () => ({ attnMask: torch.randn([2, 3, 4]).gt(0).logicalOr(mask) }),
    causal: () => ({ isCausal: true }),
    scaled: () => ({ scale: 0.3 }),
    dropped: () => ({ dropoutP: 0.4 }),
    "dropped, masked and scaled": () => ({ dropoutP: 0.2, attnMask: mask.clone(), scale: 0.7 }),
  };
  for (const [name, options] of Object.entries(given)) {
    answers.it(`batches: ${name}`, attended([3, 2], options));
    if (name !== "a mask for each head") answers.it(`no batch: ${name}`, attended([], options));
  }

  const one = () => torch.ones([1, 2, 2]);
  answers.each({
    "error of a mask beside isCausal": () =>
      torch.error(() => scaledDotProductAttention(one(), one(), one(), { isCausal: true, attnMask: one() }), "\n"),
    "error of keys of another size": () =>
      torch.error(() => scaledDotProductAttention(one(), torch.ones([1, 2, 3]), one()), "\n"),
  });

  it("refuses a mask of whole numbers, and vectors", () => {
    const [x, attnMask] = [rand([2, 2]), rand([2, 2]).to("int32")];
    const { scaledDotProductAttention } = nn.functional;
    expect(() => scaledDotProductAttention(x, x, x, { attnMask })).toThrow("Expected attn_mask dtype to be bool");
    expect(() => scaledDotProductAttention(x.select(0, 0), x, x)).toThrow(
      "at least 2 dimensional, but got query.dim: 1",
    );
  });
});

/** Where a key is padding, of sequences of 4. */
const padding = torch.tensor([
  [false, false, false, true],
  [false, true, true, true],
]);
const hidden = mask.logicalNot();

interface Inputs {
  query: Tensor;
  key: Tensor;
  value: Tensor;
}

describe("MultiheadAttention", () => {
  type Sizes = { query?: number[]; key?: number[]; value?: number[] };
  /** Printed, and its state; its output and weights, all gradients, and what is drawn next. */
  const attended =
    (
      options: nn.MultiheadAttentionOptions,
      sizes: Sizes,
      makeOptions: () => nn.AttendOptions = () => ({}),
      training = true,
      isWhole = true,
    ) =>
    () => {
      torch.manualSeed(0);
      const layer = new torch.nn.MultiheadAttention(4, 2, options).train(training);
      const { query: ofQuery = [3, 2, 4], key: ofKey = [4, 2, 4], value: ofValue = ofKey } = sizes;
      const [query, key, value] = [ofQuery, ofKey, ofValue].map((shape) => torch.randn(shape).requiresGrad_());
      const [y, weights] = layer.forward(query, key, value, makeOptions());
      const loss = y.mul(torch.rand(y.shape)).sum();
      const seen = weights ? loss.add(weights.mul(torch.rand(weights.shape)).sum()) : loss;
      const leaves = [query, key, value, ...layer.parameters()];
      const held = isWhole ? [String(layer), layer.stateDict()] : [];
      return [held, y, weights, torch.gradients(seen, leaves), torch.rand(1)];
    };

  const masks: Record<string, () => nn.AttendOptions> = {
    "no mask": () => ({}),
    padding: () => ({ keyPaddingMask: padding.clone() }),
    "padding in numbers": () => ({ keyPaddingMask: torch.randn([2, 4]) }),
    "a mask": () => ({ attnMask: hidden.clone() }),
    "a mask of numbers": () => ({ attnMask: torch.randn([3, 4]) }),
    "a mask for each head": () => ({ attnMask: torch.randn([4, 3, 4]).gt(0.5) }),
    "padding and a mask of numbers for each head": () => ({
      keyPaddingMask: padding.clone(),
      attnMask: torch.randn([4, 3, 4]),
    }),
    "padding and a mask": () => ({ keyPaddingMask: padding.clone(), attnMask: hidden.clone() }),
  };
  const settings = product(Object.keys(masks), [{}, { addBiasKv: true }, { addZeroAttn: true }]);
  for (const [name, options] of settings)
    answers.it(`${name}, ${JSON.stringify(options)}`, attended(options, {}, masks[name], true, false));

  const further: Record<string, () => unknown> = {
    "without biases": attended({ bias: false }, {}),
    "with both further keys": attended({ addBiasKv: true, addZeroAttn: true }, {}, masks.padding),
    "with keys and values of other sizes": attended({ kdim: 3, vdim: 5 }, { key: [4, 2, 3], value: [4, 2, 5] }),
    "with values of another size": attended({ vdim: 5, bias: false }, { value: [4, 2, 5] }),
    "batch first": attended({ batchFirst: true }, { query: [2, 3, 4], key: [2, 4, 4] }, masks.padding),
    "dropped, in training": attended({ dropout: 0.4 }, {}),
    "dropped, in evaluation": attended({ dropout: 0.4 }, {}, masks.padding, false),
    "dropped, batch first": attended({ dropout: 0.4, batchFirst: true }, { query: [2, 3, 4], key: [2, 4, 4] }),
    "weights of each head": attended({}, {}, () => ({ averageAttnWeights: false })),
    "no weights": attended({}, {}, () => ({ needWeights: false })),
    "one sequence": attended({}, { query: [3, 4], key: [4, 4] }, () => ({ keyPaddingMask: padding.select(0, 0) })),
    "one sequence, batch first, weights of each head": attended(
      { batchFirst: true },
      { query: [3, 4], key: [4, 4] },
      () => ({ averageAttnWeights: false, attnMask: torch.randn([2, 3, 4]) }),
    ),
    "no sequences": attended({}, { query: [3, 0, 4], key: [4, 0, 4] }),
  };
  answers.each(further);

  /** Attention of a sequence to itself: in evaluation without gradients, PyTorch has a kernel for all of it. */
  const toItself = (batchFirst: boolean, training: boolean, needWeights: boolean, masked: nn.AttendOptions) => () => {
    torch.manualSeed(0);
    const layer = new torch.nn.MultiheadAttention(4, 2, { batchFirst }).train(training);
    const x = torch.randn(batchFirst ? [2, 4, 4] : [4, 2, 4]);
    const gradients = () => {
      const [y, weights] = layer.forward(x, x, x, { ...masked, needWeights });
      return [y, weights, torch.gradients(y.mul(torch.rand(y.shape)).sum(), layer.parameters())];
    };
    return [gradients(), torch.noGrad(() => layer.forward(x, x, x, { ...masked, needWeights }))];
  };
  for (const [batchFirst, training, needWeights] of product([true, false], [true, false], [true, false])) {
    for (const [name, masked] of Object.entries({ "no mask": {}, padding: { keyPaddingMask: padding } })) {
      const title = `to itself, ${JSON.stringify({ batchFirst, training, needWeights })}, ${name}`;
      answers.it(title, toItself(batchFirst, training, needWeights, masked));
    }
  }

  answers.it("biases of the further key and its value are drawn as PyTorch does", () => {
    torch.manualSeed(3);
    return new torch.nn.MultiheadAttention(6, 3, { addBiasKv: true, kdim: 2, bias: false }).stateDict();
  });

  it("adds padding in numbers to a mask of either kind, as PyTorch 2 does", () => {
    manualSeed(0);
    const layer = new nn.MultiheadAttention(4, 2);
    const x = rand([3, 2, 4]);
    const [padding, mask] = [rand([2, 3]), rand([3, 3]).gt(0.5)];
    const numbers = zeros([3, 3]).maskedFill(mask, -Infinity);
    const bias = padding.view(2, 1, 1, 3).add(numbers).expand(2, 2, 3, 3).reshape(4, 3, 3);
    const [expected] = layer.forward(x, x, x, { attnMask: bias });
    for (const attnMask of [mask, numbers]) {
      expectClose(layer.forward(x, x, x, { keyPaddingMask: padding, attnMask })[0], expected, { atol: 1e-6 });
    }
  });

  describe("refuses, in PyTorch's words,", () => {
    const refused: Record<
      string,
      [shapes: number[][], options?: (() => nn.AttendOptions) | undefined, layer?: nn.MultiheadAttentionOptions]
    > = {
      "four dimensions": [[[1, 3, 2, 4]]],
      "a vector": [[[4]]],
      "keys without a batch": [
        [
          [3, 2, 4],
          [3, 4],
        ],
      ],
      "keys with a batch": [
        [
          [3, 4],
          [3, 2, 4],
        ],
      ],
      "another size": [[[3, 2, 5]]],
      "values of another length": [
        [
          [3, 2, 4],
          [4, 2, 4],
          [3, 2, 4],
        ],
      ],
      "values of another length, with a size of their own": [
        [
          [3, 2, 4],
          [4, 2, 4],
          [3, 2, 5],
        ],
        undefined,
        { vdim: 5 },
      ],
      "a mask of another size": [[[3, 2, 4]], () => ({ attnMask: torch.zeros([3, 4]) })],
      "a mask for other heads": [[[3, 2, 4]], () => ({ attnMask: torch.zeros([2, 3, 3]) })],
      "a mask of one dimension": [[[3, 2, 4]], () => ({ attnMask: torch.zeros([3]) })],
      "a mask of whole numbers": [[[3, 2, 4]], () => ({ attnMask: torch.zeros([3, 3], { dtype: "int32" }) })],
      "padding of another size": [[[3, 2, 4]], () => ({ keyPaddingMask: torch.zeros([2, 4]) })],
      "padding of one dimension": [[[3, 2, 4]], () => ({ keyPaddingMask: torch.zeros([3]) })],
      "padding of two, of one sequence": [[[3, 4]], () => ({ keyPaddingMask: torch.zeros([1, 3]) })],
      "padding of whole numbers": [[[3, 2, 4]], () => ({ keyPaddingMask: torch.zeros([2, 3], { dtype: "int32" }) })],
    };
    for (const [name, [[ofQuery, ofKey = ofQuery, ofValue = ofKey], options, settings]] of Object.entries(refused)) {
      answers.it(name, () => {
        const layer = new torch.nn.MultiheadAttention(4, 2, settings);
        const [query, key, value] = [ofQuery, ofKey, ofValue].map((shape) => torch.zeros(shape));
        return torch.error(() => layer.forward(query, key, value, options?.() ?? {}), "\n");
      });
    }
    answers.it("heads that do not share evenly", () => torch.error(() => new torch.nn.MultiheadAttention(5, 2)));
  });
});

describe("first and second derivatives, of inputs and parameters, are right:", () => {
  manualSeed(0);
  const inputs = (): Inputs => {
    const [query, key, value] = [
      [2, 1, 2],
      [3, 1, 2],
      [3, 1, 2],
    ].map((shape) => rand(shape, { dtype: "float64" }).requiresGrad_());
    return { query, key, value };
  };
  const dtype = "float64";
  const layers: Record<string, nn.MultiheadAttention> = {
    "of two heads": new nn.MultiheadAttention(2, 2, { dtype }),
    "with further keys": new nn.MultiheadAttention(2, 1, { dtype, addBiasKv: true, addZeroAttn: true }),
    "with sizes of their own": new nn.MultiheadAttention(2, 1, { dtype, kdim: 2, vdim: 2, bias: false }),
  };
  it.each(Object.keys(layers))("%s", (name) => {
    const layer = layers[name];
    const { query, key, value } = inputs();
    const f = (q: Tensor, k: Tensor, v: Tensor) => {
      const [y, weights] = layer.forward(q, k, v);
      return y.sum().add((weights as Tensor).pow(2).sum());
    };
    expect(gradcheck(f, [query, key, value, ...layer.parameters()])).toBe(true);
    expect(gradgradcheck(f, [query, key, value, ...layer.parameters()])).toBe(true);
  });
});
