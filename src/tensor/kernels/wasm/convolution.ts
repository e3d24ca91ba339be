/** Convolutions of float32: what is small, or does not fit, goes to the plain loops. */
import type { TypedArray } from "../../dtype.ts";
import * as convolutions from "../convolution.ts";
import { type Jobs, STAGE_BYTES, ZEROS } from "./jobs.ts";
import { stageSums, stageTotals } from "./sums.ts";

/** For fewer multiply-adds, packing takes longer than the plain loops. */
const WORTHWHILE = 8192;
/** Multiply-adds of a block, at the least. */
const BLOCK = 250_000;
/** Into how many parts the images of a weight's gradient fall, at the most, each summed by itself. */
const MOST_PARTS = 8;
/** What jobs may stage, but for what each place is rounded up by. */
const ROOM = STAGE_BYTES - 4096;
/** As in ../assembly/convolution.ts: bytes of a position or an element of a window in a panel, of sixteen places; positions of a span. */
const [LINE, PLACES, SPAN] = [64, 128, 32];

const [both, roundedUp] = [[0, 1] as const, (bytes: number) => Math.ceil(bytes / 64) * 64];

/** A convolution, or what the gradient of x is: one of y, whose elements are `gap` apart. */
interface Windows extends convolutions.ConvolutionShape {
  readonly gap: convolutions.Pair;
}

type Plain = Pick<typeof convolutions, "convolution" | "convolutionInput" | "convolutionWeight">;

export function convolutionKernels(jobs: Jobs, plain: Plain) {
  const rows = jobs.rowsOfTile;
  const isFast = (shape: convolutions.ConvolutionShape, ...arrays: TypedArray[]): boolean => {
    const { outImage, window } = convolutions.sizesOf(shape);
    return shape.images * outImage * window >= WORTHWHILE && jobs.takes(...arrays);
  };

  function borderedSize({ size, outSize, kernelSize, stride, padding, dilation, gap }: Windows): number[] {
    return both.map((d) =>
      Math.max(
        padding[d] + (size[d] - 1) * gap[d] + 1,
        (outSize[d] - 1) * stride[d] + (kernelSize[d] - 1) * dilation[d] + 1,
      ),
    );
  }

  /** The first words of a job. */
  function describe(shape: Windows): number[] {
    const { images, groups, channels, outChannels, size, kernelSize, outSize, stride, padding, dilation, gap } = shape;
    const pairs = [size, kernelSize, outSize, stride, padding, dilation, borderedSize(shape), gap];
    return [images, groups, channels, outChannels, ...pairs.flat()];
  }

  const borderedBytes = (shape: Windows): number => {
    const [height, width] = borderedSize(shape);
    return roundedUp(4 * shape.channels * height * width);
  };

  /** Packs the weights of all groups. */
  function packed(w: number, { groups, outChannels }: Windows, window: number): number {
    const panels = Math.ceil(outChannels / rows);
    const bytes = 4 * panels * rows * window;
    const address = jobs.stage(groups * bytes);
    for (let g = 0; g < groups; g++) {
      const a = [w + 4 * g * outChannels * window, window, 1];
      const words = [outChannels, window, 0, 0, 0, ...a, 0, 0, 0, address + g * bytes, 0, 0, 0, 0, rows];
      jobs.run("pack", panels, panels, words);
    }
    return address;
  }

  /** Every output channel's bias sixteen times, as a tile begins. */
  function biasPanel(bias: TypedArray | null, channels: number): number {
    const address = jobs.stage(LINE * channels);
    const [x, step] = bias ? [jobs.input(bias), 1] : [ZEROS, 0];
    jobs.run("copy", 16 * channels, 16 * channels, [16, address, x, step, 0]);
    return address;
  }

  /** What a thread needs for itself: an image with its border, and the windows of a span. */
  const workspaceOf = (shape: Windows): number =>
    PLACES + borderedBytes(shape) + 4 * SPAN * convolutions.sizesOf(shape).window;

  /** Whether there is room for the packed weights, the biases, the threads' own, and so many bytes besides. */
  function fits(shape: Windows, besides = 0): boolean {
    const { groups, outChannels } = shape;
    const { window } = convolutions.sizesOf(shape);
    const packedBytes = 4 * groups * rows * Math.ceil(outChannels / rows) * window;
    return packedBytes + LINE * groups * outChannels + jobs.threads * workspaceOf(shape) + besides < ROOM;
  }

  function convolve(y: TypedArray, x: TypedArray, w: number, bias: TypedArray | null, shape: Windows): void {
    const { images, groups, outChannels } = shape;
    const { window, positions, outImage } = convolutions.sizesOf(shape);
    const workspaceBytes = workspaceOf(shape);
    const words = [
      ...describe(shape),
      ...[jobs.output(y), jobs.input(x), packed(w, shape, window), biasPanel(bias, groups * outChannels), rows],
      ...[jobs.stage(jobs.threads * workspaceBytes), workspaceBytes, 0],
    ];
    const spans = Math.ceil(positions / SPAN);
    // Whole images, whose border is then made once; of a few images, parts, so that all threads have some.
    const ofImages = spans * Math.ceil(BLOCK / (outImage * window));
    const ofThreads = Math.ceil((images * spans) / (2 * jobs.threads));
    const atLeast = Math.ceil(BLOCK / (outChannels * window * SPAN));
    jobs.run("convolution", images * spans, Math.max(atLeast, Math.min(ofImages, ofThreads)), words);
    jobs.finish();
  }

  const convolution: typeof convolutions.convolution = (y, x, w, bias, shape) => {
    const windows = { ...shape, gap: [1, 1] as const };
    if (!isFast(shape, y, x, w) || !fits(windows)) return plain.convolution(y, x, w, bias, shape);
    convolve(y, x, jobs.input(w), bias, windows);
  };

  /** The gradient of x is a convolution too: of dy, with gaps for the stride, by the kernels turned round. */
  const convolutionInput: typeof convolutions.convolutionInput = (dx, dy, w, shape) => {
    const { groups, channels, outChannels, size, outSize, kernelSize, stride, padding, dilation } = shape;
    const turned: Windows = {
      ...shape,
      ...{ channels: outChannels, outChannels: channels, size: outSize, outSize: size, stride: [1, 1], gap: stride },
      padding: [dilation[0] * (kernelSize[0] - 1) - padding[0], dilation[1] * (kernelSize[1] - 1) - padding[1]],
    };
    if (!isFast(shape, dx, dy, w) || Math.min(...turned.padding) < 0 || !fits(turned, 4 * w.length)) {
      return plain.convolutionInput(dx, dy, w, shape);
    }
    const flipped = jobs.stage(4 * w.length);
    const area = kernelSize[0] * kernelSize[1];
    jobs.run("flipWeights", groups, groups, [flipped, jobs.input(w), groups, outChannels, channels, area]);
    convolve(dx, dy, flipped, null, turned);
  };

  const convolutionWeight: typeof convolutions.convolutionWeight = (dw, dy, x, shape) => {
    const windows = { ...shape, gap: [1, 1] as const };
    const { images, groups, outChannels } = shape;
    const { window, positions, outImage } = convolutions.sizesOf(shape);
    const count = dw.length;
    // As many as half of the room has place for: the same for any number of threads, since results depend on it.
    const mostParts = Math.max(1, Math.min(MOST_PARTS, Math.floor(ROOM / 2 / (4 * count))));
    const perPart = Math.ceil(images / groups / mostParts) * groups;
    const parts = Math.ceil(images / perPart);
    const panels = Math.ceil(outChannels / rows);
    const panelBytes = LINE * 4 * Math.ceil(positions / 4);
    const workspaceBytes =
      borderedBytes(windows) + roundedUp(4 * (window + 16)) + panelBytes + roundedUp(4 * panels * rows * positions);
    const sumsBytes = 4 * parts * count + 8 * count; // of the parts, and in float64 of all
    const hasRoom = jobs.threads * workspaceBytes + sumsBytes < ROOM;
    if (!isFast(shape, dw, dy, x) || !hasRoom) return plain.convolutionWeight(dw, dy, x, shape);
    const sums = jobs.stage(4 * parts * count);
    const words = [
      ...describe(windows),
      ...[jobs.input(dy), jobs.input(x), sums, 0, rows],
      ...[jobs.stage(jobs.threads * workspaceBytes), workspaceBytes, perPart],
    ];
    jobs.run("convolutionWeight", parts, Math.ceil(BLOCK / (perPart * outImage * window)), words);
    stageTotals(jobs, stageSums(jobs, "elements", [1, parts, count], sums), jobs.output(dw));
    jobs.finish();
  };

  return { convolution, convolutionInput, convolutionWeight };
}
