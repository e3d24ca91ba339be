/** What blocks have only here: `plot` and `showImage` show numbers and pictures below them. The page draws them: figures.ts. */
import { check } from "../../../../src/tensor/check.ts";
import { Tensor } from "../../../../src/tensor/tensor.ts";
import type { Shown } from "./messages.ts";

type Values = Tensor | ArrayLike<number>;

/** `plot(losses)`, or `plot({ plain: losses, "with batch norm": others })`: lines over 0, 1, 2, … */
export function plotted(values: Values | Readonly<Record<string, Values>>): Shown {
  const isOne = values instanceof Tensor || Array.isArray(values) || ArrayBuffer.isView(values);
  const lines = isOne ? { "": values as Values } : (values as Record<string, Values>);
  const numbers = Object.entries(lines).map(([name, line]) => [name, numbersOf(line)]);
  return { kind: "plot", lines: Object.fromEntries(numbers) };
}

function numbersOf(values: Values): Float64Array {
  const all = values instanceof Tensor ? values.contiguous().data : values;
  check(all?.length >= 0, "plot() takes numbers, or an object with a list of numbers for each name");
  return Float64Array.from(all, Number);
}

/** How many pictures of a batch stand in one row, and the pixels between two. */
const ACROSS = 8;
const GAP = 1;

/**
 * `showImage(x)`: H×W or 1×H×W, grey; 3×H×W, in colour; or a batch of such. 0 is black and 1 is white; numbers that are beyond are all
 * stretched to that.
 */
export function pictured(x: Tensor): Shown {
  check(x instanceof Tensor, "showImage() takes a tensor");
  const { shape } = x;
  const isKnown = (shape.length === 3 || shape.length === 4) && [1, 3].includes(shape[shape.length - 3]);
  check(
    isKnown || shape.length === 2,
    () => `showImage() takes H×W, 1×H×W, 3×H×W, or a batch of these, not ${shape.join("×")}`,
  );
  const [height, width] = shape.slice(-2);
  const channels = shape.length === 2 ? 1 : shape[shape.length - 3];
  const count = shape.length === 4 ? shape[0] : 1;
  const data = Float64Array.from(x.detach().contiguous().data, Number);
  const [low, high] = data.reduce(([min, max], value) => [Math.min(min, value), Math.max(max, value)], [0, 1]);
  const across = Math.min(count, ACROSS);
  const whole = { width: across * (width + GAP) - GAP, height: Math.ceil(count / across) * (height + GAP) - GAP };
  const rgba = new Uint8ClampedArray(4 * whole.width * whole.height);
  for (let image = 0; image < count; image++) {
    const [left, top] = [(image % across) * (width + GAP), Math.floor(image / across) * (height + GAP)];
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const to = 4 * ((top + row) * whole.width + left + column);
        for (let colour = 0; colour < 3; colour++) {
          const from = ((image * channels + (channels === 3 ? colour : 0)) * height + row) * width + column;
          rgba[to + colour] = ((data[from] - low) / (high - low)) * 255;
        }
        rgba[to + 3] = 255;
      }
    }
  }
  return { kind: "image", ...whole, rgba };
}
