/**
 * The windows of an image as columns of a matrix, and back, as in ../convolution.ts. An image is first given a border of
 * zeros, so that no window reaches outside: every row of the columns is then made of elements at one distance.
 */
import { type ConvolutionShape, sizesOf } from "../convolution.ts";
import type { Code, Int, Local, ModuleBuilder, Statements } from "./assembler.ts";
import { bytes, f32, f32x4, i32, i32s, ifElse, inSteps, v128, whileLoop } from "./assembler.ts";

type Address = Local<"i32">;

/** What functions find in memory of a convolution, in this order: whole numbers, then pairs of them. */
const counts = ["images", "groups", "channels", "outChannels"] as const;
const sizes = ["image", "window", "positions", "outImage", "weights"] as const;
const numbers = [...counts, ...sizes];
const pairs = ["size", "kernelSize", "outSize", "stride", "padding", "dilation", "bordered"] as const;

/** Bytes of a description. */
export const DESCRIPTION = 4 * (numbers.length + 2 * pairs.length);

/** The words of a description, and the bytes of its bordered image and of its columns. */
export function description(shape: ConvolutionShape) {
  const { channels, size, kernelSize, outSize, stride, padding, dilation } = shape;
  const reach = (d: 0 | 1) => (outSize[d] - 1) * stride[d] + (kernelSize[d] - 1) * dilation[d] + 1;
  const bordered = [Math.max(padding[0] + size[0], reach(0)), Math.max(padding[1] + size[1], reach(1))] as const;
  const values = { ...shape, ...sizesOf(shape), bordered };
  return {
    words: [...numbers.map((name) => values[name]), ...pairs.flatMap((name) => values[name])],
    borderedBytes: roundedUp(4 * channels * bordered[0] * bordered[1]),
    columnsBytes: roundedUp(4 * values.window * values.positions),
  };
}

/** To whole vectors. */
const roundedUp = (bytes: number): number => 16 * Math.ceil(bytes / 16);

/** Code that reads the words of the description at an address. */
export function wordsAt(address: Address) {
  const word = (k: number) => i32.load(address, 4 * k);
  const pair = (k: number) => [word(numbers.length + 2 * k), word(numbers.length + 2 * k + 1)];
  return Object.fromEntries([
    ...numbers.map((name, k) => [name, word(k)]),
    ...pairs.map((name, k) => [name, pair(k)]),
  ]) as Record<(typeof numbers)[number], Code<"i32">> & Record<(typeof pairs)[number], [Code<"i32">, Code<"i32">]>;
}

const product = (...factors: Code<"i32">[]) => factors.reduce((a, b) => i32.mul(a, b));

/** What is done with four elements at once, or with one. */
const vectors = {
  size: 16,
  copy: (to: Int, from: Int) => v128.store(to, v128.load(from)),
  add: (to: Int, from: Int) => v128.store(to, f32x4.add(v128.load(to), v128.load(from))),
};
const singles: typeof vectors = {
  size: 4,
  copy: (to, from) => f32.store(to, f32.load(from)),
  add: (to, from) => f32.store(to, f32.add(f32.load(to), f32.load(from))),
};

/** Runs the body for whole vectors up to the address `end`, then for what is left; it moves `address` on. */
const upTo = (end: Int, address: Address, body: (elements: typeof vectors) => Statements) => [
  whileLoop(i32.lt_u(i32.add(address, 12), end), body(vectors)),
  whileLoop(i32.lt_u(address, end), body(singles)),
];

/** Sets bytes from the address `at` on, a multiple of 16 of them, to 0. */
export const clear = (at: Address, end: Int) => whileLoop(i32.lt_u(at, end), [v128.store(at, 0), at.step(16)]);

/**
 * Defines `addBorder(description, bordered, image)`, which writes an image inside its border, and
 * `dropBorder(description, bordered, image)`, which reads it from there.
 */
export function defineBorder(module: ModuleBuilder) {
  const define = (copies: (bordered: Address, image: Address) => [to: Address, from: Address]) =>
    module.define(i32s(3), ([at, bordered, image], locals) => {
      const word = wordsAt(at);
      const [c, y, row, inside, end] = locals("i32", 5);
      const [to, from] = copies(inside, image);
      return [
        row.set(i32.add(bordered, bytes(i32.add(product(word.padding[0], word.bordered[1]), word.padding[1])))),
        inSteps(c, word.channels, 1, [
          inSteps(y, word.size[0], 1, [
            inside.set(i32.add(row, bytes(product(y, word.bordered[1])))),
            end.set(i32.add(image, bytes(word.size[1]))),
            upTo(end, image, ({ size, copy }) => [copy(to, from), inside.step(size), image.step(size)]),
          ]),
          row.step(bytes(product(word.bordered[0], word.bordered[1]))),
        ]),
      ];
    });
  return {
    addBorder: define((bordered, image) => [bordered, image]),
    dropBorder: define((bordered, image) => [image, bordered]),
  };
}

/**
 * Defines `unfold(description, columns, bordered)`, which makes the columns of an image and may write up to 12 bytes past them,
 * and `fold(description, columns, bordered)`, which adds each element of the columns to where it is from.
 */
export function defineWindows(module: ModuleBuilder) {
  /** What is done with elements; with `overruns`, the next row overwrites what is past a row's end. */
  const define = (overruns: boolean, pass: (elements: typeof vectors, column: Int, x: Int) => Statements) =>
    module.define(i32s(3), ([at, column, bordered], locals) => {
      const word = wordsAt(at);
      const [c, ky, kx, oy, row, x, end] = locals("i32", 7);
      const [step, rowBytes, toNextRow] = locals("i32", 3); // asked for in every row, so computed once
      const next = (elements: typeof vectors, xStep: Int = elements.size) => [
        pass(elements, column, x),
        column.step(elements.size),
        x.step(xStep),
      ];
      const adjacent = overruns
        ? [whileLoop(i32.lt_u(column, end), next(vectors)), column.set(end)]
        : upTo(end, column, (elements) => next(elements));
      const across = product(kx, word.dilation[1]);
      return [
        step.set(bytes(word.stride[1])),
        rowBytes.set(bytes(word.outSize[1])),
        toNextRow.set(bytes(product(word.stride[0], word.bordered[1]))),
        inSteps(c, word.channels, 1, [
          inSteps(ky, word.kernelSize[0], 1, [
            inSteps(kx, word.kernelSize[1], 1, [
              row.set(i32.add(bordered, bytes(i32.add(product(ky, word.dilation[0], word.bordered[1]), across)))),
              inSteps(oy, word.outSize[0], 1, [
                x.set(row),
                end.set(i32.add(column, rowBytes)),
                ifElse(i32.eq(step, 4), adjacent, whileLoop(i32.lt_u(column, end), next(singles, step))),
                row.step(toNextRow),
              ]),
            ]),
          ]),
          bordered.step(bytes(product(word.bordered[0], word.bordered[1]))),
        ]),
      ];
    });
  return {
    unfold: define(true, ({ copy }, column, x) => copy(column, x)),
    fold: define(false, ({ add }, column, x) => add(x, column)),
  };
}
