/** Transformers compute, draw, hold and print what PyTorch's do. */
import { describe, expect, it } from "vitest";
import { gradcheck, manualSeed, nn, ones, rand, Tensor } from "../../src/index.ts";
import { Answers, product, torch } from "../support/index.ts";

const answers = new Answers("transformer", { rtol: 1e-5, atol: 2e-5 });

const small = { dimFeedforward: 5 };
type Options = nn.TransformerLayerOptions;

/** Where the 3 places of each of 2 sequences are padding. */
const padding = torch.tensor([
  [false, false, true],
  [false, false, false],
]);

interface Run {
  options?: Options;
  masks?: () => object;
  training?: boolean;
  shape?: number[];
}

/** The layer's output, its gradients, of matrices none but the inputs', and what is drawn next. */
function outcome(layer: nn.Module, inputs: Tensor[], masks: object): unknown {
  const y: Tensor = layer.forward(...inputs, masks);
  const gradients = torch.gradients(y.mul(torch.rand(y.shape)).sum(), [
    ...inputs,
    ...layer.parameters().filter(({ ndim }) => ndim < 2),
  ]);
  return [y, gradients, torch.rand(1)];
}

const encoderLayer =
  ({ options = {}, masks = () => ({}), training = true, shape = [3, 2, 4] }: Run) =>
  () => {
    torch.manualSeed(0);
    const layer = new torch.nn.TransformerEncoderLayer(4, 2, { ...small, ...options }).train(training);
    return outcome(layer, [torch.randn(shape).requiresGrad_()], masks());
  };

const decoderLayer =
  ({ options = {}, masks = () => ({}), training = true, shape = [3, 2, 4] }: Run) =>
  () => {
    torch.manualSeed(0);
    const layer = new torch.nn.TransformerDecoderLayer(4, 2, { ...small, ...options }).train(training);
    return outcome(layer, [torch.randn(shape).requiresGrad_(), torch.randn(shape).requiresGrad_()], masks());
  };

const causal = () => torch.nn.Transformer.generateSquareSubsequentMask(3);

const encoderMasks: Record<string, () => object> = {
  "no mask": () => ({}),
  "a causal mask": () => ({ srcMask: causal() }),
  padding: () => ({ srcKeyPaddingMask: padding }),
  both: () => ({ srcMask: causal(), srcKeyPaddingMask: padding }),
};
const decoderMasks: Record<string, () => object> = {
  "no mask": () => ({}),
  "a causal mask": () => ({ tgtMask: causal() }),
  padding: () => ({ tgtKeyPaddingMask: padding, memoryKeyPaddingMask: padding }),
  all: () => ({
    tgtMask: causal(),
    memoryMask: torch.randn([3, 3]),
    tgtKeyPaddingMask: padding,
    memoryKeyPaddingMask: padding,
  }),
};

describe.each([
  ["TransformerEncoderLayer", encoderLayer, encoderMasks],
  ["TransformerDecoderLayer", decoderLayer, decoderMasks],
] as const)("%s", (name, run, masks) => {
  for (const [normFirst, mask, training] of product([false, true], Object.keys(masks), [true, false])) {
    const title = `${name}, ${JSON.stringify({ normFirst, training })}, ${mask}`;
    answers.it(title, run({ options: { normFirst }, masks: masks[mask], training }));
  }
  const others: Record<string, Run> = {
    "batch first": { options: { batchFirst: true }, shape: [2, 3, 4], masks: masks.padding },
    "one sequence": { shape: [3, 4] },
    "one sequence, batch first": { options: { batchFirst: true }, shape: [3, 4] },
    "no dropout": { options: { dropout: 0 } },
    "much dropout": { options: { dropout: 0.6, normFirst: true, batchFirst: true }, shape: [2, 3, 4] },
    gelu: { options: { activation: "gelu", layerNormEps: 0.1 } },
    "a function": { options: { activation: (x) => x.tanh() } },
  };
  for (const [other, settings] of Object.entries(others)) answers.it(`${name}, ${other}`, run(settings));
  answers.it(`${name}: text, state and gradients of all parameters`, () => {
    torch.manualSeed(0);
    const layer: nn.Module = new torch.nn[name](4, 2, small);
    const x = torch.randn([3, 2, 4]);
    const y: Tensor = name === "TransformerEncoderLayer" ? layer.forward(x) : layer.forward(x, x.mul(2));
    const gradients = torch.gradients(y.mul(torch.rand(y.shape)).sum(), layer.parameters());
    return [String(layer), layer.stateDict(), gradients];
  });
  answers.it(`${name}, a module as activation`, () => {
    torch.manualSeed(0);
    return run({ options: { activation: new torch.nn.LeakyReLU() } })();
  });
  answers.it(`${name}, in evaluation without gradients`, () => {
    torch.manualSeed(0);
    const layer = new torch.nn[name](4, 2, { ...small, batchFirst: true }).eval();
    const x = torch.randn([2, 3, 4]);
    const inputs = name === "TransformerEncoderLayer" ? [x] : [x, torch.randn([2, 3, 4])];
    return torch.noGrad(() => (layer as nn.Module).forward(...inputs));
  });
  answers.it(`${name}, another name of an activation`, () =>
    torch.error(() => new torch.nn[name](4, 2, { activation: "tanh" as "relu" })),
  );
});

describe("stacks", () => {
  const leaf = () => torch.randn([3, 2, 4]).requiresGrad_();
  const encoder = (training: boolean, norm: boolean) => {
    torch.manualSeed(0);
    const layer = new torch.nn.TransformerEncoderLayer(4, 2, small);
    const stack = new torch.nn.TransformerEncoder(layer, 2, norm ? { norm: new torch.nn.LayerNorm(4) } : {});
    return stack.train(training);
  };
  for (const [training, norm] of product([true, false], [true, false])) {
    answers.it(`TransformerEncoder, ${JSON.stringify({ training, norm })}`, () => {
      const stack = encoder(training, norm);
      const run = outcome(stack, [leaf()], { mask: causal(), srcKeyPaddingMask: padding });
      return [String(stack), run];
    });
  }
  answers.it("TransformerDecoder", () => {
    torch.manualSeed(0);
    const layer = new torch.nn.TransformerDecoderLayer(4, 2, small);
    const stack = new torch.nn.TransformerDecoder(layer, 2, { norm: new torch.nn.LayerNorm(4) });
    return [outcome(stack, [leaf(), leaf()], decoderMasks.all()), String(stack), stack.stateDict()];
  });

  it("copies its layer, which is not a part of it", () => {
    const layer = new nn.TransformerEncoderLayer(4, 2, small);
    const stack = new nn.TransformerEncoder(layer, 2);
    nn.init.zeros_(layer.linear1.weight);
    const [first, second] = stack.layers as Iterable<nn.TransformerEncoderLayer>;
    expect(first.linear1.weight.eq(second.linear1.weight).all().item()).toBe(1);
    expect(first.linear1.weight.eq(0).any().item()).toBe(0);
    expect(stack.parameters()).toHaveLength(2 * layer.parameters().length);
  });
});

describe("Transformer", () => {
  const whole =
    (
      options: nn.TransformerOptions,
      masks: () => object = () => ({}),
      shapes = [
        [3, 2, 4],
        [3, 2, 4],
      ],
    ) =>
    () => {
      torch.manualSeed(0);
      const layers = { numEncoderLayers: 1, numDecoderLayers: 2, ...small };
      const model = new torch.nn.Transformer(4, 2, { ...layers, ...options });
      const inputs = shapes.map((shape) => torch.randn(shape).requiresGrad_());
      return [String(model), outcome(model, inputs, masks())];
    };
  answers.each({
    "of two sequences": whole({}),
    "norm and batch first, gelu, no dropout": whole(
      { normFirst: true, batchFirst: true, activation: "gelu", dropout: 0 },
      undefined,
      [
        [2, 3, 4],
        [2, 2, 4],
      ],
    ),
    "with all masks": whole({}, () => ({
      ...encoderMasks.both(),
      ...decoderMasks.all(),
    })),
    "of one sequence each": whole({}, undefined, [
      [3, 4],
      [2, 4],
    ]),
    "a mask of what comes later": () => {
      const model = new torch.nn.Transformer(4, 2, { ...small, numEncoderLayers: 1, numDecoderLayers: 1 });
      return [1, 3].map((size) => model.generateSquareSubsequentMask(size));
    },
    "error of batches that differ": () =>
      torch.error(
        whole({}, undefined, [
          [3, 2, 4],
          [3, 1, 4],
        ]),
      ),
    "error of batches that differ, first": () =>
      torch.error(
        whole({ batchFirst: true }, undefined, [
          [2, 3, 4],
          [1, 3, 4],
        ]),
      ),
    "error of another size": () =>
      torch.error(
        whole({}, undefined, [
          [3, 2, 4],
          [3, 2, 5],
        ]),
      ),
  });

  it("takes an encoder and a decoder of one's own", () => {
    class Doubled extends nn.Module {
      override forward(x: Tensor, ...rest: object[]): Tensor {
        return rest[0] instanceof Tensor ? x.add(rest[0]) : x.mul(2);
      }
    }
    const model = new nn.Transformer(4, 2, { customEncoder: new Doubled(), customDecoder: new Doubled() });
    expect(model.parameters()).toEqual([]);
    expect(
      model
        .forward(ones([2, 1, 4]), ones([2, 1, 4]))
        .eq(3)
        .all()
        .item(),
    ).toBe(1);
  });

  it("has derivatives that are right", () => {
    manualSeed(0);
    const model = new nn.Transformer(2, 1, {
      dimFeedforward: 2,
      numEncoderLayers: 1,
      numDecoderLayers: 1,
      dropout: 0,
      dtype: "float64",
      activation: "gelu",
    });
    const [src, tgt] = [0, 1].map(() => rand([2, 1, 2], { dtype: "float64" }).requiresGrad_());
    expect(gradcheck((src: Tensor, tgt: Tensor) => model.forward(src, tgt).pow(2), [src, tgt])).toBe(true);
  });
});
