/**
 * The windows of an image as columns of a matrix, and back, as in ../convolution.ts. An image is first given a border of
 * zeros, so that no window reaches outside: every row of the columns is then made of elements at one distance.
 */
import { type ConvolutionShape, sizesOf } from "../convolution.ts";
import type { Code, Int, Local, ModuleBuilder, Statements } from "./assembler.ts";
import { bytes, f32, f32x4, i32, i32s, ifElse, inSteps, v128, whileLoop } from "./assembler.ts";

type Address = Local<"i32">;

/** A convolution in whole numbers, which functions find in memory in the order of `names`: how many images, first. */
function describe(shape: ConvolutionShape) {
  const { images, groups, channels, outChannels, size, kernelSize, outSize, stride, padding, dilation } = shape;
  const bordered = [0, 1].map((d) =>
    Math.max(padding[d] + size[d], (outSize[d] - 1) * stride[d] + (kernelSize[d] - 1) * dilation[d] + 1),
  );
  return {
    ...{ images, groups, channels, outChannels },
    ...{ height: size[0], width: size[1], kernelHeight: kernelSize[0], kernelWidth: kernelSize[1] },
    ...{ outHeight: outSize[0], outWidth: outSize[1], strideY: stride[0], strideX: stride[1] },
    ...{ paddingY: padding[0], paddingX: padding[1], dilationY: dilation[0], dilationX: dilation[1] },
    ...{ borderedHeight: bordered[0], borderedWidth: bordered[1] },
    ...sizesOf(shape),
  };
}

type Description = ReturnType<typeof describe>;

const names: readonly (keyof Description)[] = [
  ...(["images", "groups", "channels", "outChannels", "height", "width", "kernelHeight", "kernelWidth"] as const),
  ...(["outHeight", "outWidth", "strideY", "strideX", "paddingY", "paddingX", "dilationY", "dilationX"] as const),
  ...(["borderedHeight", "borderedWidth", "image", "window", "positions", "outImage", "weights"] as const),
];

/** Bytes of a description. */
export const DESCRIPTION = 4 * names.length;

/** The words of a description, and the bytes of its bordered image and of its columns. */
export function description(shape: ConvolutionShape) {
  const values = describe(shape);
  return {
    words: names.map((name) => values[name]),
    borderedBytes: roundedUp(4 * values.channels * values.borderedHeight * values.borderedWidth),
    columnsBytes: roundedUp(4 * values.window * values.positions),
  };
}

/** To whole vectors. */
const roundedUp = (bytes: number): number => 16 * Math.ceil(bytes / 16);

/** Code that reads the words of the description at an address. */
export function wordsAt(address: Address) {
  const entries = names.map((name, k) => [name, i32.load(address, 4 * k)]);
  return Object.fromEntries(entries) as Record<keyof Description, Code<"i32">>;
}

const product = (...factors: Code<"i32">[]) => factors.reduce((a, b) => i32.mul(a, b));

/** Runs `vector` for whole vectors up to the address `end`, and `single` for what is left; each moves `address` on. */
const upTo = (end: Int, address: Address, vector: Statements, single: Statements) => [
  whileLoop(i32.lt_u(i32.add(address, 12), end), vector),
  whileLoop(i32.lt_u(address, end), single),
];

/** Sets bytes from the address `at` on, a multiple of 16 of them, to 0. */
export const clear = (at: Address, end: Int) =>
  whileLoop(i32.lt_u(at, end), [v128.store(at, f32x4.const(0)), at.step(16)]);

/**
 * Defines `addBorder(description, bordered, image)`, which writes an image inside its border, and
 * `dropBorder(description, bordered, image)`, which reads it from there.
 */
export function defineBorder(module: ModuleBuilder) {
  const define = <Name extends string>(
    name: Name,
    copies: (bordered: Address, image: Address) => [to: Address, from: Address],
  ) =>
    module.define(name, i32s(3), ([at, bordered, image], locals) => {
      const word = wordsAt(at);
      const [c, y, row, inside, end] = locals.addMany("i32", 5);
      const [to, from] = copies(inside, image);
      const move = (size: number) => [inside.step(size), image.step(size)];
      return [
        row.set(i32.add(bordered, bytes(i32.add(product(word.paddingY, word.borderedWidth), word.paddingX)))),
        inSteps(c, word.channels, 1, [
          inSteps(y, word.height, 1, [
            inside.set(i32.add(row, bytes(product(y, word.borderedWidth)))),
            end.set(i32.add(image, bytes(word.width))),
            upTo(end, image, [v128.store(to, v128.load(from)), move(16)], [f32.store(to, f32.load(from)), move(4)]),
          ]),
          row.step(bytes(product(word.borderedHeight, word.borderedWidth))),
        ]),
      ];
    });
  return {
    ...define("addBorder", (bordered, image) => [bordered, image]),
    ...define("dropBorder", (bordered, image) => [image, bordered]),
  };
}

/**
 * Defines `unfold(description, columns, bordered)`, which makes the columns of an image and may write up to 12 bytes past them,
 * and `fold(description, columns, bordered)`, which adds each element of the columns to where it is from.
 */
export function defineWindows(module: ModuleBuilder) {
  /** What is done with a vector and with a single element; with `overruns`, the next row overwrites what is past a row's end. */
  const define = <Name extends string>(
    name: Name,
    overruns: boolean,
    vector: (column: Code<"i32">, x: Code<"i32">) => Code<"void">,
    single: (column: Code<"i32">, x: Code<"i32">) => Code<"void">,
  ) =>
    module.define(name, i32s(3), ([at, column, bordered], locals) => {
      const word = wordsAt(at);
      const [c, ky, kx, oy, row, x, end] = locals.addMany("i32", 7);
      const [step, rowBytes, toNextRow] = locals.addMany("i32", 3); // asked for in every row, so computed once
      const vectors = [vector(column, x), column.step(16), x.step(16)];
      const singles = [single(column, x), column.step(4), x.step(step)];
      const adjacent = overruns
        ? [whileLoop(i32.lt_u(column, end), vectors), column.set(end)]
        : upTo(end, column, vectors, singles);
      const across = product(kx, word.dilationX);
      return [
        step.set(bytes(word.strideX)),
        rowBytes.set(bytes(word.outWidth)),
        toNextRow.set(bytes(product(word.strideY, word.borderedWidth))),
        inSteps(c, word.channels, 1, [
          inSteps(ky, word.kernelHeight, 1, [
            inSteps(kx, word.kernelWidth, 1, [
              row.set(i32.add(bordered, bytes(i32.add(product(ky, word.dilationY, word.borderedWidth), across)))),
              inSteps(oy, word.outHeight, 1, [
                x.set(row),
                end.set(i32.add(column, rowBytes)),
                ifElse(i32.eq(step, 4), adjacent, whileLoop(i32.lt_u(column, end), singles)),
                row.step(toNextRow),
              ]),
            ]),
          ]),
          bordered.step(bytes(product(word.borderedHeight, word.borderedWidth))),
        ]),
      ];
    });
  return {
    ...define(
      "unfold",
      true,
      (column, x) => v128.store(column, v128.load(x)),
      (column, x) => f32.store(column, f32.load(x)),
    ),
    ...define(
      "fold",
      false,
      (column, x) => v128.store(x, f32x4.add(v128.load(x), v128.load(column))),
      (column, x) => f32.store(x, f32.add(f32.load(x), f32.load(column))),
    ),
  };
}
