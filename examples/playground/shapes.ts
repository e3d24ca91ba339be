/**
 * The second set of pictures, made and not fetched: ten shapes of any size, anywhere, under noise. PyTorch makes the same ones
 * with the same seed. lucidgrad-program.ts and pytorch-program.ts have these lines as text; a test compares what is trained on them.
 */
import { arange, manualSeed, rand, randint, remainder, repeat, stack, type Tensor, TensorDataset } from "lucidgrad";
import { TEST, TRAIN } from "./file.ts";
import type { Pictures } from "./trainer.ts";

/** Whether a pixel is ink, by its distance from the middle to the right, u, and down, v, and the radius r. */
type Shape = (u: Tensor, v: Tensor, r: Tensor) => Tensor;
const disc: Shape = (u, v, r) => u.square().add(v.square()).le(r.square());
const square: Shape = (u, v, r) => u.abs().maximum(v.abs()).le(r);
const SHAPES: readonly Shape[] = [
  disc,
  (u, v, r) => disc(u, v, r).logicalAnd(disc(u.mul(2), v.mul(2), r).logicalNot()), // ring
  square,
  (u, v, r) => square(u, v, r).logicalAnd(square(u.mul(2), v.mul(2), r).logicalNot()), // frame
  (u, v, r) => u.abs().add(v.abs()).le(r), // diamond
  (u, v, r) => square(u, v, r).logicalAnd(u.abs().minimum(v.abs()).le(1)), // plus
  (u, v, r) => square(u, v, r).logicalAnd(u.abs().sub(v.abs()).abs().le(1)), // cross
  (u, v, r) => square(u, v, r).logicalAnd(u.abs().mul(2).le(v.add(r))), // triangle
  (u, v, r) => square(u, v, r).logicalAnd(remainder(v.add(r), 4).lt(2)), // rows
  (u, v, r) => square(u, v, r).logicalAnd(remainder(u.add(r), 4).lt(2)), // columns
];

/** `count` pictures of each shape, one of each in turn. */
function makePictures(count: number): TensorDataset {
  const number = (low: number, high: number) => randint(low, high, [10, count, 1, 1]);
  const [r, x, y] = [number(5, 11), number(11, 18), number(11, 18)];
  const [u, v] = [arange(28).sub(x), arange(28).view(28, 1).sub(y)];
  const part = (all: Tensor, kind: number) => all.select(0, kind);
  const ink = stack(
    SHAPES.map((shape, kind) => shape(part(u, kind), part(v, kind), part(r, kind))),
    1,
  ); // (count, 10, 28, 28)
  const images = ink.mul(0.7).add(rand([count, 10, 28, 28]).mul(0.3));
  return new TensorDataset(images.view(-1, 1, 28, 28), repeat(arange(10).to("int32"), count));
}

export function makeShapes(): Pictures {
  manualSeed(28);
  return { train: makePictures(TRAIN.shapes / 10), test: makePictures(TEST.shapes / 10) };
}
