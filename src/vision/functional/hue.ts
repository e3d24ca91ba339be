/** Hue: colours turned on their circle, on which red is 0, green 1/3 and blue 2/3. */
import { eq, ne } from "../../autograd/ops/compare.ts";
import { fmod, remainder } from "../../autograd/ops/division.ts";
import { add, clamp, div, mul, sub, where } from "../../autograd/ops/elementwise.ts";
import { logicalAnd } from "../../autograd/ops/logical.ts";
import { stack } from "../../autograd/ops/parts.ts";
import { takeAlongDim } from "../../autograd/ops/picking.ts";
import { floor } from "../../autograd/ops/rounding.ts";
import { squeeze, to, unsqueeze } from "../../autograd/ops/shape.ts";
import { unbind } from "../../autograd/ops/stacking.ts";
import { amax, amin } from "../../autograd/ops/statistics.ts";
import { check } from "../../tensor/check.ts";
import { onesLike } from "../../tensor/create.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkColours, getDimensions } from "./picture.ts";

/**
 * A picture whose hues are turned by so large a part of the circle, in [-0.5, 0.5].
 * Mirrors `torchvision.transforms.functional.adjust_hue`.
 * @throws for a larger factor
 * @example transforms.functional.adjustHue(tensor([[[1]], [[0]], [[0]]]), 1 / 3)
 */
export function adjustHue(x: Tensor, hueFactor: number): Tensor {
  check(hueFactor >= -0.5 && hueFactor <= 0.5, () => `hue_factor (${hueFactor}) is not in [-0.5, 0.5].`);
  checkColours(x);
  if (getDimensions(x)[0] === 1) return x;
  const isBytes = !isFloatingPoint(x.dtype);
  const { hue, saturation, value } = toHsv(isBytes ? div(to(x, "float32"), 255) : x);
  const y = toRgb(remainder(add(hue, hueFactor), 1), saturation, value);
  return isBytes ? to(mul(y, 255), x.dtype) : y;
}

/** Hue, saturation and value of colours (…, 3, H, W), each (…, H, W). */
function toHsv(x: Tensor) {
  const [r, g, b] = unbind(x, -3);
  const [value, least] = [amax(x, -3), amin(x, -3)];
  const isGrey = eq(value, least);
  const range = sub(value, least);
  // of grey, which has no hue, nothing is divided by zero: derivatives stay numbers
  const one = onesLike(value);
  const saturation = div(range, where(isGrey, one, value));
  const divisor = where(isGrey, one, range);
  const [rc, gc, bc] = [r, g, b].map((channel) => div(sub(value, channel), divisor));
  const [isRed, isGreen] = [eq(value, r), logicalAnd(eq(value, g), ne(value, r))];
  const isBlue = logicalAnd(ne(value, g), ne(value, r));
  const sixths = add(add(mul(sub(bc, gc), isRed), mul(sub(add(rc, 2), bc), isGreen)), mul(sub(add(gc, 4), rc), isBlue));
  return { hue: fmod(add(div(sixths, 6), 1), 1), saturation, value };
}

/** Colours (…, 3, H, W) of hue, saturation and value. On each sixth of the circle one channel rises or falls, two are level. */
function toRgb(hue: Tensor, saturation: Tensor, value: Tensor): Tensor {
  const sixths = mul(hue, 6);
  const sixth = floor(sixths);
  const f = sub(sixths, sixth);
  const level = (part: Tensor) => clamp(mul(value, sub(1, part)), 0, 1);
  const low = level(saturation);
  const falling = level(mul(saturation, f));
  const rising = level(mul(saturation, sub(1, f)));
  const channels = [
    [value, falling, low, low, rising, value],
    [rising, value, value, falling, low, low],
    [low, low, rising, value, value, falling],
  ];
  const index = unsqueeze(remainder(to(sixth, "int32"), 6), -3);
  return stack(
    channels.map((ofSixths) => squeeze(takeAlongDim(stack(ofSixths, -3), index, -3), -3)),
    -3,
  );
}
