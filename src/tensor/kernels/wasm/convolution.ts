/**
 * Convolutions as operations call them: the images are divided among threads, copied in, convolved (windowed-product.ts) and
 * copied out. Another thread's images are put into memory that both see; this thread's own stay out of it, since lines that two
 * cores write to are slow.
 */
import type { TypedArray } from "../../dtype.ts";
import * as plain from "../convolution.ts";
import { isFloat32 } from "./chunks.ts";
import type { Tile } from "./micro-kernel.ts";
import { packingSpace } from "./product.ts";
import { CAPACITY, type Scratch } from "./scratch.ts";
import type { Threads } from "./threads.ts";
import type { ConvolutionFunctions } from "./windowed-product.ts";
import { DESCRIPTION, description } from "./windows.ts";

/** For fewer multiply-adds, copies and calls take longer than the plain loops. */
const WORTHWHILE = 8192;
/** A thread with fewer multiply-adds to make is not worth the copies, which cross from core to core, and the wait for it. */
const WORTH_A_THREAD = 5_000_000;
/** Into how many parts the images of a weight's gradient fall, each summed by itself: the same for any number of threads. */
const PARTS = 8;

type Name = keyof ConvolutionFunctions;

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

/** The images that one thread has, and how to get a tensor's share of them. */
interface Range {
  readonly first: number;
  readonly images: number;
  readonly share: (data: TypedArray, perImage: number) => TypedArray;
}

/** The kernels as operations call them. What is small, not float32, or of images that do not fit, goes to the plain loops. */
export function convolutionKernels(scratch: Scratch<ConvolutionFunctions>, tile: Tile, team: () => Threads | null) {
  /** What is the same for all jobs of a convolution; each has `others` elements beside its images: weights, and results. */
  const planOf = (shape: plain.ConvolutionShape, others: number) => {
    const sizes = plain.sizesOf(shape);
    const described = description(shape);
    const packing = packingSpace(Math.max(sizes.window, sizes.positions), tile);
    const perSample = 4 * (sizes.image + sizes.outImage) * shape.groups;
    return {
      ...described,
      sizes,
      space: described.borderedBytes + described.columnsBytes + packing,
      multiplyAddsPerImage: sizes.weights * sizes.positions,
      /** How many jobs half the memory has room for, without their images; the images have the other half. */
      jobsAtOnce: Math.floor(
        CAPACITY / 2 / (DESCRIPTION + 4 * others + described.borderedBytes + described.columnsBytes + packing),
      ),
      imagesAtOnce: shape.groups * Math.floor(CAPACITY / 2 / perSample),
    };
  };
  type Plan = ReturnType<typeof planOf>;

  const fits = ({ multiplyAddsPerImage, jobsAtOnce, imagesAtOnce }: Plan, images: number, ...arrays: TypedArray[]) =>
    images * multiplyAddsPerImage >= WORTHWHILE && arrays.every(isFloat32) && jobsAtOnce > 0 && imagesAtOnce > 0;

  /**
   * Puts a job into memory from an address on: the description, room for the result, the operands, the space to work in.
   * Returns the call's arguments, where the result will be, and where the job ends.
   */
  function place(where: Scratch, address: number, plan: Plan, { images, units, outSize, operands, perPart = 0 }: Job) {
    const { words, borderedBytes, columnsBytes, space } = plan;
    const out = address + DESCRIPTION;
    const starts: number[] = [];
    let at = out + 4 * outSize;
    for (const { length } of operands) {
      starts.push(at);
      at += 4 * length;
    }
    const end = at + space;
    where.reserve(end);
    new Int32Array(where.memory.buffer, address).set([images, ...words.slice(1)]); // the first is how many there are
    for (const [k, operand] of operands.entries()) where.floats.set(operand, starts[k] / 4);
    const [a, b, bias = perPart] = starts;
    const columns = at + borderedBytes;
    const args = [address, out, a, b, bias, units, at, columns, columns + columnsBytes] as const;
    return { args, out: out / 4, end };
  }

  /**
   * Makes the jobs, the first on this thread, and gives each one's result to `use` in their order. It is in scratch memory,
   * and to be copied at once.
   */
  function run(
    name: Name,
    plan: Plan,
    jobs: readonly Job[],
    use: (result: Float32Array<ArrayBufferLike>, k: number) => void,
  ): void {
    const [first, ...others] = jobs;
    const own = () => {
      const { args, out } = place(scratch, 0, plan, first);
      scratch.functions[name](...args);
      use(scratch.floats.subarray(out, out + first.outSize), 0);
    };
    const threads = others.length > 0 ? team() : null;
    if (!threads) {
      own();
      if (others.length > 0) run(name, plan, others, (result, k) => use(result, k + 1));
      return;
    }
    let end = 0;
    const placed = others.map((job) => {
      const here = place(threads.scratch, end, plan, job);
      end = here.end;
      return here;
    });
    const calls = placed.map(({ args }) => args);
    if (!threads.run(name, calls, own)) {
      run(name, plan, jobs, use); // again, without the thread that failed
      return;
    }
    for (const [k, { out }] of placed.entries()) {
      use(threads.scratch.floats.subarray(out, out + others[k].outSize), k + 1);
    }
  }

  /**
   * Divides the images into chunks that fit into memory, and these into a range for each thread, of whole units: calls `visit`
   * for the ranges of each chunk.
   */
  function inRanges(
    plan: Plan,
    allImages: number,
    imagesPerUnit: number,
    visit: (ranges: readonly Range[]) => void,
  ): void {
    for (let start = 0; start < allImages; start += plan.imagesAtOnce) {
      const images = Math.min(plan.imagesAtOnce, allImages - start);
      const units = Math.ceil(images / imagesPerUnit);
      const worthwhile = Math.floor((images * plan.multiplyAddsPerImage) / WORTH_A_THREAD);
      const most = Math.min(units, worthwhile, plan.jobsAtOnce);
      const count = most > 1 ? Math.min(most, team()?.count ?? 1) : 1;
      const size = Math.ceil(units / count) * imagesPerUnit;
      visit(
        Array.from({ length: Math.ceil(images / size) }, (_, k) => {
          const [first, own] = [start + k * size, Math.min(size, images - k * size)];
          const share = (data: TypedArray, perImage: number) =>
            data.subarray(first * perImage, (first + own) * perImage);
          return { first, images: own, share };
        }),
      );
    }
  }

  return {
    convolution(y, x, w, bias, shape) {
      const plan = planOf(shape, w.length + (bias?.length ?? 0));
      if (!fits(plan, shape.images, y, x, w)) return plain.convolution(y, x, w, bias, shape);
      const { image, outImage } = plan.sizes;
      inRanges(plan, shape.images, shape.groups, (ranges) => {
        const jobs = ranges.map(({ images, share }) => {
          const operands = [share(x, image), w, ...(bias ? [bias] : [])];
          return { images, units: images, outSize: images * outImage, operands };
        });
        run("convolution", plan, jobs, (result, k) => y.set(result, ranges[k].first * outImage));
      });
    },

    convolutionInput(dx, dy, w, shape) {
      const plan = planOf(shape, w.length);
      if (!fits(plan, shape.images, dx, dy, w)) return plain.convolutionInput(dx, dy, w, shape);
      const { image, outImage } = plan.sizes;
      inRanges(plan, shape.images, shape.groups, (ranges) => {
        const jobs = ranges.map(({ images, share }) => {
          return { images, units: images, outSize: images * image, operands: [share(dy, outImage), w] };
        });
        run("convolutionInput", plan, jobs, (result, k) => dx.set(result, ranges[k].first * image));
      });
    },

    convolutionWeight(dw, dy, x, shape) {
      const size = dw.length;
      const plan = planOf(shape, PARTS * size);
      if (!fits(plan, shape.images, dw, dy, x)) return plain.convolutionWeight(dw, dy, x, shape);
      const { image, outImage } = plan.sizes;
      const samples = Math.min(shape.images, plan.imagesAtOnce) / shape.groups;
      const perPart = Math.ceil(samples / PARTS) * shape.groups;
      inRanges(plan, shape.images, perPart, (ranges) => {
        const jobs = ranges.map(({ images, share }) => {
          const parts = Math.ceil(images / perPart);
          const operands = [share(dy, outImage), share(x, image)];
          return { images, units: parts, outSize: parts * size, operands, perPart };
        });
        const sums: Float32Array[] = [];
        run("convolutionWeight", plan, jobs, (result, k) => {
          sums[k] = result.slice();
        });
        for (const part of sums) for (let k = 0; k < part.length; k++) dw[k % size] += part[k];
      });
    },
  } satisfies Pick<typeof plain, Name>;
}
