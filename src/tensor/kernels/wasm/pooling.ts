/** Max pooling with the usual windows: 2 x 2, side by side. */
import type { TypedArray } from "../../dtype.ts";
import * as plain from "../pooling.ts";
import type { Functions, Int, Local, ModuleBuilder } from "./assembler.ts";
import { bytes, f32x4, i32, i32s, i32x4, inSteps, v128 } from "./assembler.ts";
import { A, CHUNK, inRowChunks, isFloat32, load, OUT, type Scratch, WORTHWHILE } from "./scratch.ts";

/**
 * Defines `maxPositions(pairs, width, outputs, first)`: for each pair of rows of `width` elements in slot A, the places of
 * the largest elements of so many windows, counted from `first`, to OUT. Four windows are made at once; what is written
 * past a row's end, the next row overwrites.
 */
export function defineMaxPositions(module: ModuleBuilder) {
  return module.define(i32s(4), ([pairs, width, outputs, first], locals) => {
    const [pair, o, top, bottom, out] = locals("i32", 5);
    const [best, place, value, isLarger, places] = locals("v128", 5);
    const [toBelowLeft] = locals("i32", 1);
    const rowBytes = bytes(width);
    const [even, odd] = [0, 1].map((lane) => [lane, lane + 2, lane + 4, lane + 6]);
    /** Every other of eight elements from an address on. */
    const everyOther = (address: Local<"i32">, lanes: number[]) =>
      v128.shuffle32(v128.load(address, 4 * A), v128.load(address, 4 * A + 16), lanes);
    const compare = (address: Local<"i32">, lanes: number[], step: Int) => [
      value.set(everyOther(address, lanes)),
      isLarger.set(v128.or(f32x4.gt(value, best), f32x4.ne(value, value))),
      best.set(v128.bitselect(value, best, isLarger)),
      places.set(i32x4.add(places, i32x4.splat(step))),
      place.set(v128.bitselect(places, place, isLarger)),
    ];
    return [
      toBelowLeft.set(i32.sub(width, 1)),
      inSteps(pair, pairs, 1, [
        bottom.set(i32.add(top, rowBytes)),
        inSteps(o, outputs, 4, [
          places.set(i32x4.add(i32x4.splat(i32.add(first, i32.shl(o, 1))), i32x4.const(0, 2, 4, 6))),
          place.set(places),
          best.set(everyOther(top, even)),
          compare(top, odd, 1),
          compare(bottom, even, toBelowLeft),
          compare(bottom, odd, 1),
          v128.store(i32.add(out, bytes(o)), place, 4 * OUT),
          top.step(32),
          bottom.step(32),
        ]),
        out.step(bytes(outputs)),
        first.step(i32.shl(width, 1)),
        top.set(i32.mul(i32.shl(i32.add(pair, 1), 1), rowBytes)),
      ]),
    ];
  });
}

export type PoolingFunctions = Functions<{ maxPositions: ReturnType<typeof defineMaxPositions> }>;

/** The kernel as operations call it. Other windows, and images with an odd row that no window has, go to the plain loop. */
export function poolingKernels(scratch: Scratch<PoolingFunctions>): Pick<typeof plain, "maxPositions"> {
  const isUsual = ({ size, kernelSize, outSize, stride, padding, dilation }: plain.PoolingShape): boolean =>
    size[0] === 2 * outSize[0] &&
    [...kernelSize, ...stride].every((length) => length === 2) &&
    [...padding, dilation[0] - 1, dilation[1] - 1].every((length) => length === 0);

  return {
    maxPositions(positions, x: TypedArray, shape) {
      const [width, outputs] = [shape.size[1], shape.outSize[1]];
      if (!isUsual(shape) || x.length < WORTHWHILE || 2 * width > CHUNK || !isFloat32(x)) {
        return plain.maxPositions(positions, x, shape);
      }
      const pairs = shape.images * shape.outSize[0];
      inRowChunks(pairs, 2 * width, (pair, count) => {
        load(scratch, A, x, 2 * width * pair, 1, 2 * width * count);
        scratch.functions.maxPositions(count, width, outputs, 2 * width * pair);
        positions.set(new Int32Array(scratch.memory.buffer, 4 * OUT, count * outputs), pair * outputs);
      });
    },
  };
}
