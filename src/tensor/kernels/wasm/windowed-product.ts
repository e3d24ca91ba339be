/**
 * Convolutions as one thread makes them: for each image its columns (windows.ts) and a product with the weights, all in the
 * thread's cache.
 * Read next: convolution.ts, which calls it.
 */
import type { Call, Functions, I32s, Int, Local, ModuleBuilder, Statements } from "./assembler.ts";
import { bytes, f32, i32, i32s, ifElse, inSteps, smaller, whileLoop } from "./assembler.ts";
import { clear, defineBorder, defineWindows, wordsAt } from "./windows.ts";

type Variable = Local<"i32">;

/**
 * Defines, given the addresses of tensors,
 *
 *   convolution(description, y, x, w, bias, images, space, columns, packing), where bias is 0 if there is none,
 *   convolutionInput(description, dx, dy, w, 0, images, …) and
 *   convolutionWeight(description, dw, dy, x, perPart, parts, …).
 *
 * A part is so many images, and has a dw of its own. A bordered image goes from `space` up to `columns`; `packing` is for
 * `multiply`, the product.
 */
export function defineConvolution(module: ModuleBuilder, multiply: Call<I32s<13>>) {
  const { addBorder, dropBorder } = defineBorder(module);
  const { unfold, fold } = defineWindows(module);
  const define = (body: (parameters: readonly Variable[], others: readonly Variable[]) => Statements) =>
    module.define(i32s(9), (parameters, locals) => body(parameters, locals("i32", 5)));
  const elementAt = (base: Variable, index: Int, size: Int) => i32.add(base, bytes(i32.mul(index, size)));
  const clearFrom = (to: Variable, start: Variable, end: Variable) => [to.set(start), clear(to, end)];
  const from = (i: Variable, start: Int, end: Variable, body: Statements) => [
    i.set(start),
    whileLoop(i32.lt_u(i, end), [body, i.step(1)]),
  ];

  const convolution = define(([at, y, x, w, bias, images, space, columns, packing], locals) => {
    const [i, group, o, to, end] = locals;
    const word = wordsAt(at);
    const outImage = elementAt(y, i, word.outImage);
    const biasOfChannel = f32.load(elementAt(bias, i32.add(i32.mul(group, word.outChannels), o), 1));
    const layBias = [
      to.set(outImage),
      inSteps(o, word.outChannels, 1, [
        end.set(i32.add(to, bytes(word.positions))),
        whileLoop(i32.lt_u(to, end), [f32.store(to, biasOfChannel), to.step(4)]),
      ]),
    ];
    return [
      clearFrom(to, space, columns),
      from(i, 0, images, [
        group.set(i32.rem_u(i, word.groups)),
        ifElse(bias, layBias),
        addBorder(at, space, elementAt(x, i, word.image)),
        unfold(at, columns, space),
        multiply(
          ...[outImage, bytes(word.positions)],
          ...[elementAt(w, group, word.weights), bytes(word.window), 4],
          ...[columns, 4, bytes(word.positions)],
          ...[word.outChannels, word.positions, word.window, i32.ne(bias, 0), packing],
        ),
      ]),
    ];
  });

  const convolutionInput = define(([at, dx, dy, w, , images, space, columns, packing], [i, to]) => {
    const word = wordsAt(at);
    return from(i, 0, images, [
      multiply(
        ...[columns, bytes(word.positions)],
        ...[elementAt(w, i32.rem_u(i, word.groups), word.weights), 4, bytes(word.window)],
        ...[elementAt(dy, i, word.outImage), 4, bytes(word.positions)],
        ...[word.window, word.positions, word.outChannels, 0, packing],
      ),
      clearFrom(to, space, columns),
      fold(at, columns, space),
      dropBorder(at, space, elementAt(dx, i, word.image)),
    ]);
  });

  const convolutionWeight = define(([at, dw, dy, x, perPart, parts, space, columns, packing], locals) => {
    const [part, i, start, end, to] = locals;
    const word = wordsAt(at);
    const partAndGroup = i32.add(i32.mul(part, word.groups), i32.rem_u(i, word.groups));
    return [
      clearFrom(to, space, columns),
      from(part, 0, parts, [
        start.set(i32.mul(part, perPart)),
        end.set(smaller(i32.add(start, perPart), word.images)),
        from(i, start, end, [
          addBorder(at, space, elementAt(x, i, word.image)),
          unfold(at, columns, space),
          multiply(
            ...[elementAt(dw, partAndGroup, word.weights), bytes(word.window)],
            ...[elementAt(dy, i, word.outImage), bytes(word.positions), 4],
            ...[columns, bytes(word.positions), 4],
            ...[word.outChannels, word.window, word.positions],
            ...[i32.ge_u(i32.sub(i, start), word.groups), packing], // the first of each group begins
          ),
        ]),
      ]),
    ];
  });

  return { convolution, convolutionInput, convolutionWeight };
}

export type ConvolutionFunctions = Functions<ReturnType<typeof defineConvolution>>;
