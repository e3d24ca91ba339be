/**
 * Convolutions: for each image its columns (windows.ts) and a product with the weights, all in the cache of one thread.
 * Threads share the images.
 */

import type { TypedArray } from "../dtype.ts";
import * as plain from "../kernels/convolution.ts";
import {
  type Code,
  f32,
  i32,
  ifElse,
  inSteps,
  type Local,
  type ModuleBuilder,
  select,
  whileLoop,
} from "./assembler.ts";
import { isFloat32 } from "./chunks.ts";
import type { Tile } from "./micro-kernel.ts";
import { packingSpace } from "./product.ts";
import { CAPACITY, type Scratch } from "./scratch.ts";
import type { Threads } from "./threads.ts";
import { bytes, clear, DESCRIPTION, defineBorder, defineWindows, description, wordsAt } from "./windows.ts";

/** For fewer multiply-adds, copies and calls take longer than the plain loops. */
const WORTHWHILE = 8192;
/** A thread with fewer multiply-adds to make is not worth the wait for it. */
const WORTH_A_THREAD = 500_000;
/** Into how many parts the images of a weight's gradient fall, each summed by itself: the same for any number of threads. */
const PARTS = 8;

type Call = (...args: Code[]) => Code;

/**
 * Defines, for the images from `first` to before `last`, given the addresses of whole tensors,
 *
 *   convolution(description, y, x, w, bias, first, last, space, columns, packing), where bias is 0 if there is none,
 *   convolutionInput(description, dx, dy, w, 0, first, last, …) and
 *   convolutionWeight(description, dw, dy, x, perPart, first, last, …), which counts parts, not images.
 *
 * A part is so many images, and has a dw of its own. A bordered image goes from `space` up to `columns`; `packing` is for
 * `multiply`, the product.
 */
export function defineConvolution(module: ModuleBuilder, multiply: Call): void {
  const { addBorder, dropBorder } = defineBorder(module);
  const { unfold, fold } = defineWindows(module);
  const define = (name: string, body: (parameters: Local[], others: Local[]) => Code) =>
    module.define(name, Array<"i32">(10).fill("i32"), (parameters, locals) =>
      body(parameters, locals.addMany("i32", 5)),
    );
  const zero = i32.const(0);
  const one = i32.const(1);
  const four = i32.const(4);
  const elementAt = (base: Local, index: Code, size: Code): Code => i32.add(base.get, bytes(i32.mul(index, size)));
  const clearFrom = (to: Local, start: Local, end: Local) => [to.set(start.get), clear(to, end.get)];
  const from = (i: Local, start: Code, end: Local, ...body: Code[]) => [
    i.set(start),
    whileLoop(i32.lt_u(i.get, end.get), body, i.step(one)),
  ];

  define("convolution", ([at, y, x, w, bias, first, last, space, columns, packing], [i, group, o, to, end]) => {
    const word = wordsAt(at);
    const outImage = elementAt(y, i.get, word.outImage);
    const layBias = [
      to.set(outImage),
      inSteps(
        o,
        word.outChannels,
        1,
        end.set(i32.add(to.get, bytes(word.positions))),
        whileLoop(
          i32.lt_u(to.get, end.get),
          f32.store(to.get, f32.load(elementAt(bias, i32.add(i32.mul(group.get, word.outChannels), o.get), one))),
          to.step(four),
        ),
      ),
    ];
    return [
      clearFrom(to, space, columns),
      from(
        i,
        first.get,
        last,
        group.set(i32.rem_u(i.get, word.groups)),
        ifElse(bias.get, layBias),
        addBorder(at.get, space.get, elementAt(x, i.get, word.image)),
        unfold(at.get, columns.get, space.get),
        multiply(
          ...[outImage, bytes(word.positions)],
          ...[elementAt(w, group.get, word.weights), bytes(word.window), four],
          ...[columns.get, four, bytes(word.positions)],
          ...[word.outChannels, word.positions, word.window, i32.ne(bias.get, zero), packing.get],
        ),
      ),
    ];
  });

  define("convolutionInput", ([at, dx, dy, w, , first, last, space, columns, packing], [i, to]) => {
    const word = wordsAt(at);
    return from(
      i,
      first.get,
      last,
      multiply(
        ...[columns.get, bytes(word.positions)],
        ...[elementAt(w, i32.rem_u(i.get, word.groups), word.weights), four, bytes(word.window)],
        ...[elementAt(dy, i.get, word.outImage), four, bytes(word.positions)],
        ...[word.window, word.positions, word.outChannels, zero, packing.get],
      ),
      clearFrom(to, space, columns),
      fold(at.get, columns.get, space.get),
      dropBorder(at.get, space.get, elementAt(dx, i.get, word.image)),
    );
  });

  define("convolutionWeight", ([at, dw, dy, x, perPart, first, last, space, columns, packing], locals) => {
    const [part, i, start, end, to] = locals;
    const word = wordsAt(at);
    const partAndGroup = i32.add(i32.mul(part.get, word.groups), i32.rem_u(i.get, word.groups));
    const afterPart = i32.add(start.get, perPart.get);
    return [
      clearFrom(to, space, columns),
      from(
        part,
        first.get,
        last,
        start.set(i32.mul(part.get, perPart.get)),
        end.set(select(afterPart, word.images, i32.lt_u(afterPart, word.images))),
        from(
          i,
          start.get,
          end,
          addBorder(at.get, space.get, elementAt(x, i.get, word.image)),
          unfold(at.get, columns.get, space.get),
          multiply(
            ...[elementAt(dw, partAndGroup, word.weights), bytes(word.window)],
            ...[elementAt(dy, i.get, word.outImage), bytes(word.positions), four],
            ...[columns.get, bytes(word.positions), four],
            ...[word.outChannels, word.window, word.positions],
            ...[i32.ge_u(i32.sub(i.get, start.get), word.groups), packing.get], // the first of each group begins
          ),
        ),
      ),
    ];
  });
}

/** The kernels as operations call them. What is small, not float32, or of images that do not fit, goes to the plain loops. */
export function convolutionKernels(scratch: Scratch, tile: Tile, team: () => Threads | null) {
  const spaceOf = (shape: plain.ConvolutionShape) => {
    const { borderedBytes, columnsBytes } = description(shape);
    const { window, positions } = plain.sizesOf(shape);
    return borderedBytes + columnsBytes + packingSpace(Math.max(window, positions), tile);
  };

  /** How many images of whole samples half the memory has room for, beside `others` elements; the rest is the threads'. */
  const imagesAtOnce = (shape: plain.ConvolutionShape, others: number): number => {
    const { image, outImage } = plain.sizesOf(shape);
    const room = CAPACITY / 2 - DESCRIPTION - 4 * others;
    return shape.groups * Math.floor(room / (4 * (image + outImage) * shape.groups));
  };

  const fits = (shape: plain.ConvolutionShape, others: number, ...arrays: TypedArray[]): boolean =>
    multiplyAdds(shape) >= WORTHWHILE &&
    arrays.every(isFloat32) &&
    imagesAtOnce(shape, others) > 0 &&
    spaceOf(shape) <= CAPACITY / 2;

  /** Calls \`function_\` for so many units, images or parts, and gives its result as it is in scratch memory. */
  function run(
    name: "convolution" | "convolutionInput" | "convolutionWeight",
    shape: plain.ConvolutionShape,
    units: number,
    outSize: number,
    [a, b, bias]: readonly TypedArray[],
    perPart = 0,
  ): Float32Array<ArrayBufferLike> {
    const { words, borderedBytes, columnsBytes } = description(shape);
    const space = spaceOf(shape);
    const most = Math.min(units, Math.floor(multiplyAdds(shape) / WORTH_A_THREAD), Math.floor(CAPACITY / 2 / space));
    const threads = most > 1 ? team() : null;
    const perCall = Math.ceil(units / Math.max(1, Math.min(most, threads?.count ?? 1)));
    const shared = perCall < units ? threads : null;
    const where = shared?.scratch ?? scratch;
    // From address 0 on: the description, the result, the operands, and each thread's own space.
    const aStart = DESCRIPTION + 4 * outSize;
    const bStart = aStart + 4 * a.length;
    const biasStart = bStart + 4 * b.length;
    const spaces = biasStart + 4 * (bias?.length ?? 0);
    const calls = Array.from({ length: Math.ceil(units / perCall) }, (_, i) => {
      const columns = spaces + i * space + borderedBytes;
      const range = [i * perCall, Math.min(units, (i + 1) * perCall)];
      const extra = bias ? biasStart : perPart;
      return [0, DESCRIPTION, aStart, bStart, extra, ...range, spaces + i * space, columns, columns + columnsBytes];
    });
    where.reserve(spaces + calls.length * space);
    new Int32Array(where.memory.buffer).set(words);
    where.floats.set(a, aStart / 4);
    where.floats.set(b, bStart / 4);
    if (bias) where.floats.set(bias, biasStart / 4);
    if (!shared) where.functions[name](...calls[0]);
    else if (!shared.run(name, calls)) return run(name, shape, units, outSize, [a, b, bias], perPart); // without that thread
    return where.floats.subarray(DESCRIPTION / 4, DESCRIPTION / 4 + outSize);
  }

  /** Calls \`visit\` for chunks of images that fit, as a convolution of their own. */
  const inChunks = (
    shape: plain.ConvolutionShape,
    atOnce: number,
    visit: (
      chunk: plain.ConvolutionShape,
      part: (data: TypedArray, perImage: number) => TypedArray,
      first: number,
    ) => void,
  ): void => {
    for (let first = 0; first < shape.images; first += atOnce) {
      const images = Math.min(atOnce, shape.images - first);
      const part = (data: TypedArray, perImage: number) => data.subarray(first * perImage, (first + images) * perImage);
      visit({ ...shape, images }, part, first);
    }
  };

  return {
    convolution(y, x, w, bias, shape) {
      if (!fits(shape, w.length, y, x, w)) return plain.convolution(y, x, w, bias, shape);
      const { image, outImage } = plain.sizesOf(shape);
      inChunks(shape, imagesAtOnce(shape, w.length), (chunk, part, first) => {
        const operands = [part(x, image), w, ...(bias ? [bias] : [])];
        y.set(run("convolution", chunk, chunk.images, chunk.images * outImage, operands), first * outImage);
      });
    },

    convolutionInput(dx, dy, w, shape) {
      if (!fits(shape, w.length, dx, dy, w)) return plain.convolutionInput(dx, dy, w, shape);
      const { image, outImage } = plain.sizesOf(shape);
      inChunks(shape, imagesAtOnce(shape, w.length), (chunk, part, first) => {
        const operands = [part(dy, outImage), w];
        dx.set(run("convolutionInput", chunk, chunk.images, chunk.images * image, operands), first * image);
      });
    },

    convolutionWeight(dw, dy, x, shape) {
      const size = dw.length;
      if (!fits(shape, PARTS * size, dw, dy, x)) return plain.convolutionWeight(dw, dy, x, shape);
      const { image, outImage } = plain.sizesOf(shape);
      inChunks(shape, imagesAtOnce(shape, PARTS * size), (chunk, part) => {
        const samplesPerPart = Math.ceil(chunk.images / shape.groups / PARTS);
        const perPart = samplesPerPart * shape.groups;
        const parts = Math.ceil(chunk.images / perPart);
        const sums = run(
          "convolutionWeight",
          chunk,
          parts,
          parts * size,
          [part(dy, outImage), part(x, image)],
          perPart,
        );
        for (let k = 0; k < sums.length; k++) dw[k % size] += sums[k];
      });
    },
  } satisfies Pick<typeof plain, "convolution" | "convolutionInput" | "convolutionWeight">;
}

/** How many multiply-adds a convolution or one of its gradients takes. */
function multiplyAdds(shape: plain.ConvolutionShape): number {
  const { weights, positions } = plain.sizesOf(shape);
  return shape.images * weights * positions;
}
