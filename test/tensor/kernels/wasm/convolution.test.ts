/** WebAssembly's convolutions give the plain loops' results, the same bits with any number of threads. */
import { afterEach, describe, expect, it } from "vitest";
import { Generator, rand, randint, setNumThreads } from "../../../../src/index.ts";
import { type ConvolutionShape, type Pair, sizesOf } from "../../../../src/tensor/kernels/convolution.ts";
import { expectClose } from "../../../support/fixtures.ts";
import { kernels, plainKernels } from "../../../support/kernels.ts";

const generator = new Generator(0);
const between = (low: number, high: number): number => randint(low, high + 1, [1], { generator }).item();
const pairBetween = (low: number, high: number): Pair => [between(low, high), between(low, high)];
const random = (length: number) => rand([length], { generator }).sub(0.5).data as Float32Array;

/** `samples` images of a group's channels each, with as many outputs as there are whole windows. */
function shaped(samples: number, shape: Omit<ConvolutionShape, "images" | "outSize">): ConvolutionShape {
  const { size, kernelSize, stride, padding, dilation, groups } = shape;
  const outputs = (d: number) =>
    Math.floor((size[d] + 2 * padding[d] - dilation[d] * (kernelSize[d] - 1) - 1) / stride[d]) + 1;
  return { ...shape, images: samples * groups, outSize: [outputs(0), outputs(1)] };
}

function randomShape(): ConvolutionShape {
  for (;;) {
    const shape = shaped(between(1, 9), {
      groups: between(1, 3),
      channels: between(1, 6),
      outChannels: between(1, 9),
      size: pairBetween(1, 19),
      kernelSize: pairBetween(1, 5),
      stride: pairBetween(1, 3),
      padding: pairBetween(0, 3),
      dilation: pairBetween(1, 2),
    });
    if (shape.outSize.every((size) => size > 0)) return shape;
  }
}

/** Square images and kernels of stride 1; `counts` are the groups, and the channels of one before and after. */
function square(samples: number, counts: [number, number, number], size: number, kernel: number): ConvolutionShape {
  const [groups, channels, outChannels] = counts;
  const both = (length: number): Pair => [length, length];
  const [padding, one] = [both((kernel - 1) / 2), both(1)];
  const sizes = { size: both(size), kernelSize: both(kernel), stride: one, padding, dilation: one };
  return shaped(samples, { groups, channels, outChannels, ...sizes });
}

/** Square kernels that move by more than one. */
function strided(kernel: number, step: number, border: number, size: number): ConvolutionShape {
  const [kernelSize, stride, padding] = [kernel, step, border].map((length): Pair => [length, length]);
  const rest = { size: [size, size] as const, dilation: [1, 1] as const };
  return shaped(7, { groups: 1, channels: 3, outChannels: 5, kernelSize, stride, padding, ...rest });
}

const shapes: Record<string, ConvolutionShape> = {
  "first layer": square(64, [1, 1, 16], 28, 3),
  "second layer": square(13, [1, 16, 32], 14, 3),
  "deeper than a block": square(3, [1, 64, 8], 9, 3),
  "one for each channel": square(9, [32, 1, 1], 12, 3),
  "more than fits at once": square(260, [1, 3, 8], 56, 1),
  "large weights, of which few sums fit": square(5, [1, 384, 384], 3, 3),
  "places that no window sees": { ...strided(1, 2, 0, 9), images: 200 },
  "windows of the border alone": { ...strided(1, 3, 1, 1), images: 900 },
  "a stride that fits the kernel": strided(4, 2, 1, 14),
  ...Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`random ${i}`, randomShape()])),
};

/** The three kernels on the same random operands: y without and with bias, dx, dw. */
function results({ convolution, convolutionInput, convolutionWeight }: typeof kernels, shape: ConvolutionShape) {
  const { image, outImage, weights } = sizesOf(shape);
  const { images, groups, outChannels } = shape;
  generator.manualSeed(images);
  const [x, w, bias, dy] = [images * image, groups * weights, groups * outChannels, images * outImage].map(random);
  const [y, biased, dx, dw] = [dy, dy, x, w].map(({ length }) => new Float32Array(length));
  convolution(y, x, w, null, shape);
  convolution(biased, x, w, bias, shape);
  convolutionInput(dx, dy, w, shape);
  convolutionWeight(dw, dy, x, shape);
  return [y, biased, dx, dw];
}

afterEach(() => setNumThreads(1));

describe.each(Object.entries(shapes))("%s", (_, shape) => {
  it("as the plain loops, within 1e-5 of the largest", () => {
    const expected = results(plainKernels, shape);
    for (const [k, found] of results(kernels, shape).entries()) {
      const largest = expected[k].reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      expectClose(found, expected[k], { atol: 1e-5 * largest });
    }
  });

  it("the same with 2 and 3 threads", () => {
    const expected = results(kernels, shape);
    for (const count of [2, 3]) {
      setNumThreads(count);
      for (const [k, found] of results(kernels, shape).entries()) {
        expect(found.findIndex((value, i) => !Object.is(value, expected[k][i]))).toBe(-1);
      }
    }
  }, 30_000);
});
