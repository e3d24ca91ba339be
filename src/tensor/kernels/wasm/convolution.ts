/**
 * Convolutions as operations call them: the images are divided among threads, copied in, convolved (windowed-product.ts) and
 * copied out. Another thread's images are put into memory that both see; this thread's own stay out of it, since lines that two
 * cores write to are slow.
 */
import type { TypedArray } from "../../dtype.ts";
import * as plain from "../convolution.ts";
import type { Tile } from "./micro-kernel.ts";
import { packingSpace } from "./product.ts";
import { CAPACITY, isFloat32, type Scratch, WORTHWHILE_PRODUCT } from "./scratch.ts";
import type { Threads } from "./threads.ts";
import type { ConvolutionFunctions } from "./windowed-product.ts";
import { DESCRIPTION, description } from "./windows.ts";

/** A thread with fewer multiply-adds to make is not worth the copies, which cross from core to core, and the wait for it. */
const WORTH_A_THREAD = 5_000_000;
/** Into how many parts the images of a weight's gradient fall, each summed by itself: the same for any number of threads. */
const PARTS = 8;

type Name = keyof ConvolutionFunctions;
type Result = Float32Array<ArrayBufferLike>;

/** One call, of so many images, with their operands. */
interface Job {
  readonly images: number;
  /** Images, or parts. */
  readonly units: number;
  readonly outSize: number;
  /** In the order in which the function takes them; a bias is the third. */
  readonly operands: readonly TypedArray[];
  readonly perPart?: number;
}

/** Images that one thread has. */
interface Range {
  readonly first: number;
  readonly images: number;
}

type OperandsOf = (range: Range) => TypedArray[];

const share = (data: TypedArray, perImage: number, { first, images }: Range): TypedArray =>
  data.subarray(first * perImage, (first + images) * perImage);

/** What is the same for all jobs of a convolution; each has `others` elements beside its images: weights, and results. */
function planOf(shape: plain.ConvolutionShape, others: number, tile: Tile) {
  const sizes = plain.sizesOf(shape);
  const { words, borderedBytes, columnsBytes } = description(shape);
  const packingBytes = packingSpace(Math.max(sizes.window, sizes.positions), tile);
  const bytesPerJob = DESCRIPTION + 4 * others + borderedBytes + columnsBytes + packingBytes;
  const { images, groups } = shape;
  return {
    ...{ images, groups, sizes, words, borderedBytes, columnsBytes, packingBytes },
    multiplyAddsPerImage: sizes.weights * sizes.positions,
    /** How many jobs half the memory has room for, without their images; the images have the other half. */
    jobsAtOnce: Math.floor(CAPACITY / 2 / bytesPerJob),
    imagesAtOnce: groups * Math.floor(CAPACITY / 2 / (4 * groups * (sizes.image + sizes.outImage))),
  };
}

type Plan = ReturnType<typeof planOf>;

const fits = ({ images, multiplyAddsPerImage, jobsAtOnce, imagesAtOnce }: Plan, ...arrays: TypedArray[]): boolean =>
  images * multiplyAddsPerImage >= WORTHWHILE_PRODUCT && arrays.every(isFloat32) && jobsAtOnce > 0 && imagesAtOnce > 0;

/**
 * Puts a job into memory from an address on: the description, room for the result, the operands, the space to work in.
 * Returns the call's arguments, how to see its result, and where the job ends.
 */
function place(where: Scratch, address: number, plan: Plan, { images, units, outSize, operands, perPart = 0 }: Job) {
  let end = address;
  const take = (bytes: number): number => {
    end += bytes;
    return end - bytes;
  };
  const [at, out] = [take(DESCRIPTION), take(4 * outSize)];
  const starts = operands.map(({ length }) => take(4 * length));
  const [bordered, columns, packing] = [plan.borderedBytes, plan.columnsBytes, plan.packingBytes].map(take);
  where.reserve(end);
  new Int32Array(where.memory.buffer, at).set([images, ...plan.words.slice(1)]); // the first is how many there are
  for (const [k, operand] of operands.entries()) where.floats.set(operand, starts[k] / 4);
  const [a, b, bias = perPart] = starts;
  const args = [at, out, a, b, bias, units, bordered, columns, packing] as const;
  return { args, result: (): Result => where.floats.subarray(out / 4, out / 4 + outSize), end };
}

/** The kernels as operations call them. What is small, not float32, or of images that do not fit, goes to the plain loops. */
export function convolutionKernels(scratch: Scratch<ConvolutionFunctions>, tile: Tile, team: () => Threads | null) {
  /**
   * Makes the jobs, the first on this thread, and gives each one's result to `use` in their order. It is in scratch memory,
   * and to be copied at once.
   */
  function run(name: Name, plan: Plan, jobs: readonly Job[], use: (result: Result, k: number) => void): void {
    const make = (k: number) => {
      const { args, result } = place(scratch, 0, plan, jobs[k]);
      scratch.functions[name](...args);
      use(result(), k);
    };
    const threads = jobs.length > 1 ? team() : null;
    if (!threads) {
      for (const k of jobs.keys()) make(k);
      return;
    }
    let end = 0;
    const placed = jobs.slice(1).map((job) => {
      const here = place(threads.scratch, end, plan, job);
      end = here.end;
      return here;
    });
    const calls = placed.map(({ args }) => args);
    if (threads.run(name, calls, () => make(0))) {
      for (const [k, { result }] of placed.entries()) use(result(), k + 1);
    } else run(name, plan, jobs, use); // again, without the thread that failed
  }

  /** Divides the images into chunks that fit into memory, and these into a range for each thread, of whole units. */
  function* chunksOf(plan: Plan, imagesPerUnit: number): Generator<Range[]> {
    for (let start = 0; start < plan.images; start += plan.imagesAtOnce) {
      const images = Math.min(plan.imagesAtOnce, plan.images - start);
      const units = Math.ceil(images / imagesPerUnit);
      const worthwhile = Math.floor((images * plan.multiplyAddsPerImage) / WORTH_A_THREAD);
      const most = Math.min(units, worthwhile, plan.jobsAtOnce);
      const count = most > 1 ? Math.min(most, team()?.count ?? 1) : 1;
      const size = Math.ceil(units / count) * imagesPerUnit;
      const range = (k: number) => ({ first: start + k * size, images: Math.min(size, images - k * size) });
      yield Array.from({ length: Math.ceil(images / size) }, (_, k) => range(k));
    }
  }

  /** Makes `out`, of so many elements for each image. */
  function runImages(name: Name, plan: Plan, out: TypedArray, perImage: number, operandsOf: OperandsOf): void {
    for (const ranges of chunksOf(plan, plan.groups)) {
      const jobs = ranges.map((range) => {
        return { ...range, units: range.images, outSize: range.images * perImage, operands: operandsOf(range) };
      });
      run(name, plan, jobs, (result, k) => out.set(result, ranges[k].first * perImage));
    }
  }

  return {
    convolution(y, x, w, bias, shape) {
      const plan = planOf(shape, w.length + (bias?.length ?? 0), tile);
      if (!fits(plan, y, x, w)) return plain.convolution(y, x, w, bias, shape);
      const { image, outImage } = plan.sizes;
      const others = bias ? [w, bias] : [w];
      runImages("convolution", plan, y, outImage, (range) => [share(x, image, range), ...others]);
    },

    convolutionInput(dx, dy, w, shape) {
      const plan = planOf(shape, w.length, tile);
      if (!fits(plan, dx, dy, w)) return plain.convolutionInput(dx, dy, w, shape);
      const { image, outImage } = plan.sizes;
      runImages("convolutionInput", plan, dx, image, (range) => [share(dy, outImage, range), w]);
    },

    convolutionWeight(dw, dy, x, shape) {
      const size = dw.length;
      const plan = planOf(shape, PARTS * size, tile);
      if (!fits(plan, dw, dy, x)) return plain.convolutionWeight(dw, dy, x, shape);
      const { image, outImage } = plan.sizes;
      const samples = Math.min(shape.images, plan.imagesAtOnce) / shape.groups;
      const perPart = Math.ceil(samples / PARTS) * shape.groups;
      for (const ranges of chunksOf(plan, perPart)) {
        const jobs = ranges.map((range) => {
          const parts = Math.ceil(range.images / perPart);
          const operands = [share(dy, outImage, range), share(x, image, range)];
          return { ...range, units: parts, outSize: parts * size, operands, perPart };
        });
        const sums: Float32Array[] = [];
        run("convolutionWeight", plan, jobs, (result, k) => {
          sums[k] = result.slice();
        });
        for (const part of sums) for (let k = 0; k < part.length; k++) dw[k % size] += part[k];
      }
    },
  } satisfies Pick<typeof plain, Name>;
}
