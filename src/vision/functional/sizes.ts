/** Sizes of pictures: how they are given, and how they are rounded. */
import { check } from "../../tensor/check.ts";
import type { Int } from "../../tensor/shape.ts";

/** Height and width, or one number for both. */
export type PictureSize = Int | readonly Int[];

const onlyTwo = "Please provide only two dimensions (h, w) for size.";

/** Height and width. @throws with this message unless there are one or two numbers */
export function sizesOf(size: PictureSize, message: string = onlyTwo): [height: number, width: number] {
  const given = [size].flat();
  check(given.length === 1 || given.length === 2, message);
  const [height, width = height] = given;
  return [height, width];
}

/** To the nearest whole number, of two the even one, as Python rounds. */
export function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
