/**
 * Convolutions as one thread makes them: for each image its columns (windows.ts) and a product with the weights, all in the
 * thread's cache.
 * Read next: convolution.ts, which calls it.
 */
import {
  type Call,
  type Code,
  type Functions,
  f32,
  type I32s,
  i32,
  i32s,
  ifElse,
  inSteps,
  type Local,
  type ModuleBuilder,
  type Statements,
  select,
  whileLoop,
} from "./assembler.ts";
import { bytes, clear, defineBorder, defineWindows, wordsAt } from "./windows.ts";

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
  const define = <Name extends string>(
    name: Name,
    body: (parameters: readonly Variable[], others: readonly Variable[]) => Statements,
  ) => module.define(name, i32s(9), (parameters, locals) => body(parameters, locals.addMany("i32", 5)));
  const zero = i32.const(0);
  const one = i32.const(1);
  const four = i32.const(4);
  const elementAt = (base: Variable, index: Code<"i32">, size: Code<"i32">) =>
    i32.add(base.get, bytes(i32.mul(index, size)));
  const clearFrom = (to: Variable, start: Variable, end: Variable) => [to.set(start.get), clear(to, end.get)];
  const from = (i: Variable, start: Code<"i32">, end: Variable, ...body: Statements[]) => [
    i.set(start),
    whileLoop(i32.lt_u(i.get, end.get), body, i.step(one)),
  ];

  const forward = define("convolution", ([at, y, x, w, bias, images, space, columns, packing], locals) => {
    const [i, group, o, to, end] = locals;
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
        zero,
        images,
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

  const ofInput = define("convolutionInput", ([at, dx, dy, w, , images, space, columns, packing], [i, to]) => {
    const word = wordsAt(at);
    return from(
      i,
      zero,
      images,
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

  const ofWeight = define("convolutionWeight", ([at, dw, dy, x, perPart, parts, space, columns, packing], locals) => {
    const [part, i, start, end, to] = locals;
    const word = wordsAt(at);
    const partAndGroup = i32.add(i32.mul(part.get, word.groups), i32.rem_u(i.get, word.groups));
    const afterPart = i32.add(start.get, perPart.get);
    return [
      clearFrom(to, space, columns),
      from(
        part,
        zero,
        parts,
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

  return { ...forward, ...ofInput, ...ofWeight };
}

export type ConvolutionFunctions = Functions<ReturnType<typeof defineConvolution>>;
