/** Convolutions of float32: what is small, or does not fit, goes to the plain loops. */
import type { TypedArray } from "../../dtype.ts";
import * as convolutions from "../convolution.ts";
import { type Jobs, STAGE_BYTES, ZEROS } from "./jobs.ts";
import { stageSums, stageTotals } from "./sums.ts";
import { dense, inputParts, type Windows, windowWords } from "./windows.ts";

/** For fewer multiply-adds, packing takes longer than the plain loops. */
const WORTHWHILE = 8192;
/** Multiply-adds of a block, at the least. */
const BLOCK = 250_000;
/** Into how many parts the images of a weight's gradient fall, at the most, each summed by itself. */
const MOST_PARTS = 8;
/** What jobs may stage, but for what each place is rounded up by. */
const ROOM = STAGE_BYTES - 4096;
/** As in ../assembly/convolution.ts: bytes of sixteen elements, as many as a panel is wide; positions of a span and of a stretch. */
const [LINE, SPAN, STRETCH] = [64, 32, 256];

const [both, roundedUp] = [[0, 1] as const, (bytes: number) => Math.ceil(bytes / 64) * 64];

type Plain = Pick<typeof convolutions, "convolution" | "convolutionInput" | "convolutionWeight">;

export function convolutionKernels(jobs: Jobs, plain: Plain) {
  const rows = jobs.rowsOfTile;
  const isFast = (shape: convolutions.ConvolutionShape, ...arrays: TypedArray[]): boolean => {
    const { outImage, window } = convolutions.sizesOf(shape);
    return shape.images * outImage * window >= WORTHWHILE && jobs.takes(...arrays);
  };

  function borderedSize({ size, outSize, kernelSize, stride, padding, dilation }: Windows): number[] {
    return both.map((d) =>
      Math.max(padding[d] + size[d], (outSize[d] - 1) * stride[d] + (kernelSize[d] - 1) * dilation[d] + 1),
    );
  }

  /** The first words of a job. */
  function describe(shape: Windows): number[] {
    const { images, groups, channels, outChannels, ySize, step } = shape;
    return [...windowWords(shape), images, groups, channels, outChannels, ...borderedSize(shape), ...ySize, ...step];
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

  /** What a thread needs for itself: an image with its border, and where a window's elements are in it. */
  const imageBytes = (shape: Windows): number =>
    borderedBytes(shape) + roundedUp(4 * convolutions.sizesOf(shape).window + LINE);

  /** With a tile of outputs, and the windows of a span. */
  const workspaceOf = (shape: Windows): number =>
    imageBytes(shape) + LINE * rows + 4 * SPAN * convolutions.sizesOf(shape).window;

  /** What a thread needs for itself, for any of these. */
  const mostOf = (shapes: readonly Windows[]): number => Math.max(0, ...shapes.map(workspaceOf));

  /** Whether there is room for the packed weights, the biases, the threads' own, and so many bytes besides. */
  function haveRoom(shapes: readonly Windows[], besides = 0): boolean {
    let bytes = besides + jobs.threads * mostOf(shapes);
    for (const shape of shapes) {
      const { groups, outChannels } = shape;
      const { window } = convolutions.sizesOf(shape);
      bytes += 4 * groups * rows * Math.ceil(outChannels / rows) * window + LINE * groups * outChannels + 256;
    }
    return bytes < ROOM;
  }

  /** The addresses of y, x and the weights; and a place for each thread's own, of so many bytes. */
  function convolve(
    [y, x, w]: readonly number[],
    bias: TypedArray | null,
    shape: Windows,
    [workspace, workspaceBytes]: readonly number[],
  ): void {
    const { images, groups, outChannels, ySize, first } = shape;
    const { window, positions, outImage } = convolutions.sizesOf(shape);
    const words = [
      ...describe(shape),
      ...[y + 4 * (first[0] * ySize[1] + first[1]), x],
      ...[packed(w, shape, window), biasPanel(bias, groups * outChannels), rows, workspace, workspaceBytes, 0],
    ];
    const spans = Math.ceil(positions / SPAN);
    // Whole images, whose border is then made once; of a few images, parts, so that all threads have some.
    const ofImages = spans * Math.ceil(BLOCK / (outImage * window));
    const ofThreads = Math.ceil((images * spans) / (2 * jobs.threads));
    const atLeast = Math.ceil(BLOCK / (outChannels * window * SPAN));
    jobs.run("convolution", images * spans, Math.max(atLeast, Math.min(ofImages, ofThreads)), words);
  }

  function stageWorkspace(shapes: readonly Windows[]): readonly number[] {
    const bytes = mostOf(shapes);
    return [jobs.stage(jobs.threads * bytes), bytes];
  }

  const convolution: typeof convolutions.convolution = (y, x, w, bias, shape) => {
    const windows = dense(shape);
    if (!isFast(shape, y, x, w) || !haveRoom([windows])) return plain.convolution(y, x, w, bias, shape);
    convolve([jobs.output(y), jobs.input(x), jobs.input(w)], bias, windows, stageWorkspace([windows]));
    jobs.finish();
  };

  const convolutionInput: typeof convolutions.convolutionInput = (dx, dy, w, shape) => {
    const { groups, channels, outChannels, kernelSize } = shape;
    const { parts, areAll } = inputParts(shape);
    const shapes = parts.map(({ windows }) => windows);
    const hasNegative = shapes.some(({ padding }) => Math.min(...padding) < 0);
    if (!isFast(shape, dx, dy, w) || hasNegative || !haveRoom(shapes, 8 * w.length)) {
      return plain.convolutionInput(dx, dy, w, shape);
    }
    const [to, from, weights] = [jobs.output(dx), jobs.input(dy), jobs.input(w)];
    const workspace = stageWorkspace(shapes);
    if (!areAll) jobs.run("copy", dx.length, BLOCK, [dx.length, to, ZEROS, 0, 0]);
    for (const { windows, element, apart } of parts) {
      const flipped = jobs.stage(4 * groups * convolutions.sizesOf(windows).weights);
      const first = weights + 4 * (element[0] * kernelSize[1] + element[1]);
      const sizes = [groups, outChannels, channels, ...kernelSize, ...windows.kernelSize, ...apart];
      jobs.run("flipWeights", groups, groups, [flipped, first, ...sizes]);
      convolve([to, from, flipped], null, windows, workspace);
    }
    jobs.finish();
  };

  const convolutionWeight: typeof convolutions.convolutionWeight = (dw, dy, x, shape) => {
    const windows = dense(shape);
    const { images, groups, outChannels } = shape;
    const { window, outImage } = convolutions.sizesOf(shape);
    const count = dw.length;
    // As many as half of the room has place for: the same for any number of threads, since results depend on it.
    const mostParts = Math.max(1, Math.min(MOST_PARTS, Math.floor(ROOM / 2 / (4 * count))));
    const perPart = Math.ceil(images / groups / mostParts) * groups;
    const parts = Math.ceil(images / perPart);
    const panels = Math.ceil(outChannels / rows);
    const stretch = shape.outSize[1] * Math.min(shape.outSize[0], Math.max(1, Math.floor(STRETCH / shape.outSize[1])));
    const workspaceBytes = imageBytes(windows) + (LINE + roundedUp(4 * panels * rows)) * stretch;
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
