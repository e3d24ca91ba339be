/** What the playground shows of each layer, and how it keeps a whole run in a few moments. */
import { describe, expect, it } from "vitest";
import { layersCaption } from "../../../examples/playground/captions.ts";
import { BINS, layerStatistics } from "../../../examples/playground/collapse-statistics.ts";
import { Moments } from "../../../examples/playground/moments.ts";
import { newNetwork } from "../../../examples/playground/networks.ts";
import { contestant, defaults } from "../../../examples/playground/settings.ts";
import { Trainer } from "../../../examples/playground/trainer.ts";
import { MNIST } from "../../../src/data/datasets.ts";
import { manualSeed, nn, noGrad, ones, rand, randn, Subset, type Tensor, tensor } from "../../../src/index.ts";

const weight = ones([1]);

describe("the statistics of a layer", () => {
  it("have a spread that is right where all digits give nearly the same", () => {
    const unit = 2 ** -24; // the distance of neighbours in float32, below 1
    const values = Float32Array.from({ length: 64 }, (_, digit) => Math.fround(0.9) + (digit % 2) * unit);
    const { spread } = layerStatistics(tensor(values).view(64, 1), weight);
    expect(spread).toBe(unit / 2);
  });

  it("are shares of values, the spread over digits, and dead units", () => {
    const { spread, dead, histogram, gradient } = layerStatistics(tensor([[-1, 0, 1], [-3, 0, 5]]), weight); // biome-ignore format: a matrix
    expect(spread).toBeCloseTo((1 + 0 + 2) / 3, 6); // of each unit over the digits, not of all values
    expect(dead).toBeCloseTo(2 / 3, 6); // the third unit alone is ever positive
    expect(histogram.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(histogram[(BINS - 1) / 2]).toBeCloseTo(2 / 6, 6); // the zeros
    expect(histogram[BINS - 1]).toBeCloseTo(1 / 6, 6); // 5 is beyond
    expect(gradient).toBeNull();
  });

  it("are the engine's std over the digits, of pictures place by place, and the norm of the gradient", () => {
    manualSeed(0);
    const x = randn([9, 3, 4, 5]).sub(1);
    const w = randn([4]).requiresGrad_();
    w.mul(w).sum().backward();
    const { spread, gradient } = layerStatistics(x, w);
    expect(spread).toBeCloseTo(x.std([0], { correction: 0 }).mean().item(), 6);
    expect(gradient).toBeCloseTo(2 * w.norm().item(), 5);
    const aliveInOnePlace = tensor([[[-1, -1, 1], [-1, -1, -1]]]); // biome-ignore format: units by places
    expect(layerStatistics(aliveInOnePlace.unsqueeze(2), w).dead).toBeCloseTo(0.5, 6);
  });

  it("of a network that diverged are not numbers: its units are not dead, nobody can say what they are", () => {
    const { spread, dead, histogram } = layerStatistics(tensor([[Number.NaN, Number.NaN]]), weight);
    expect([spread, dead]).toEqual([Number.NaN, Number.NaN]);
    expect(Math.max(...histogram)).toBe(0);
  });
});

describe("the sentence on a network", () => {
  const layer = { histogram: new Float32Array(BINS), spread: 0.5, dead: 0.25, gradient: 0.125 };

  it("tells in how many layers the gradient is 0, if it is", () => {
    expect(layersCaption([layer, layer])).toBe(
      "a unit's value differs from picture to picture by 0.500 in layer 1, by 0.500 in layer 2; the gradients are 0.125 and 0.125 long; 25 % of all units are dead.",
    );
    expect(layersCaption([{ ...layer, gradient: 0 }, { ...layer, gradient: 0 }, layer])).toMatch(
      /; the gradients are 0 and 0\.125 long, and exactly 0 in 2 of the 3 layers;/,
    );
  });

  it("of one that diverged says that, and nothing of dead units", () => {
    const diverged = { ...layer, spread: Number.NaN, dead: Number.NaN };
    expect(layersCaption([layer, diverged])).toBe("its values are NaN or infinite: this network has diverged.");
  });
});

it("in twenty layers the digits are lost from the weights on; with batch norm they are not", () => {
  manualSeed(0);
  const digits = rand([64, 1, 28, 28]);
  const spreads = (batchNorm: boolean) => {
    let x: Tensor = digits;
    const found: number[] = [];
    for (const layer of newNetwork({ ...defaults, depth: 20 }, contestant(batchNorm ? "batch" : "none"))) {
      if (layer instanceof nn.ReLU) found.push(layerStatistics(x, weight).spread);
      x = noGrad(() => layer.forward(x));
    }
    return found;
  };
  const [normed, plain] = [spreads(true), spreads(false)];
  expect(plain).toHaveLength(20);
  plain.slice(1).forEach((spread, layer) => {
    expect(spread).toBeLessThan(plain[layer]);
  });
  expect(plain[19]).toBeLessThan(plain[0] / 1000);
  for (const spread of normed) expect(Math.abs(spread - 1)).toBeLessThan(0.1);
});

it("the gradients are those of the last step, and there are none before the first", async () => {
  const part = async (train: boolean) => new Subset(await MNIST.load({ train }), [...Array(40).keys()]);
  const digits = { train: await part(true), test: await part(false) };
  const trainer = new Trainer(digits, { ...defaults, width: 16, batchSize: 8 });
  const gradients = () => trainer.layers().flatMap((layers) => layers.map(({ gradient }) => gradient));
  expect(gradients()).toEqual([null, null, null, null]);
  trainer.step();
  for (const gradient of gradients()) expect(gradient).toBeGreaterThan(0);
});

describe("the moments of a run", () => {
  it("are few, evenly taken, and end with the last", () => {
    const moments = new Moments<number>();
    for (let step = 0; step <= 10_001; step++) moments.add(step);
    const { all } = moments;
    expect(all.length).toBeLessThan(402);
    expect(all.length).toBeGreaterThan(200);
    const stride = all[1];
    all.slice(0, -1).forEach((step, i) => {
      expect(step).toBe(i * stride);
    });
    expect(all.at(-1)).toBe(10_001);
  });

  it("of a short run are all there", () => {
    const moments = new Moments<number>();
    for (const step of [0, 1, 2]) moments.add(step);
    expect(moments.all).toEqual([0, 1, 2]);
  });
});
