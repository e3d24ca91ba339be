/** Images, of any order of dimensions, as TensorBoard shows them. */
import { noGrad } from "../autograd/grad-mode.ts";
import { permute } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { formatShape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { encodePng } from "./formats/png.ts";
import { imageSummary } from "./formats/summaries.ts";
import { imageGrid } from "./image-grid.ts";

/** The summary of an image; several are side by side. @throws for an order that does not fit, or other channels than 1, 3 or 4 */
export function imageOf(tag: string, tensor: Tensor, dataformats: string): Uint8Array {
  const { channels, height, width, data } = inOrder(tensor, dataformats);
  const white = tensor.dtype === "int32" ? 1 : 255;
  const size = height * width;
  const pixels = new Uint8Array(4 * size).fill(255); // opaque unless there is a fourth channel
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < Math.max(channels, 3); c++) {
      pixels[4 * i + c] = Math.fround(data[channels === 1 ? i : c * size + i] * white); // modulo 256
    }
  }
  return imageSummary(tag, height, width, Math.max(channels, 3), encodePng(pixels, 4, width, height, 9));
}

/** An image (C, H, W), whatever the order of its dimensions was; several as one. */
function inOrder(tensor: Tensor, dataformats: string) {
  const order = dataformats.toUpperCase();
  const twice = () => `You can not use the same dimension shordhand twice. input_format: ${dataformats}`;
  check(new Set(order).size === order.length, twice);
  const otherSize = () =>
    "size of input tensor and input format are different. " +
    `tensor shape: ${formatShape(tensor.shape)}, input_format: ${dataformats}`;
  check(tensor.ndim === order.length, otherSize);
  const wanted = { 2: "HW", 3: "CHW", 4: "NCHW" }[order.length];
  const otherLetters = () => `dataformats must be the letters of HW, CHW or NCHW in any order, but got ${dataformats}`;
  check(wanted !== undefined && [...wanted].every((letter) => order.includes(letter)), otherLetters);
  const places = [...wanted].map((letter) => order.indexOf(letter));
  const image = noGrad(() => permute(tensor, places));
  const several = image.ndim === 4;
  const one = several ? imageGrid(image, { padding: 0 }) : image;
  const [channels, height, width] = one.ndim === 2 ? [1, ...one.shape] : one.shape;
  const otherChannels = () => `expected an image with 1, 3${several ? "" : " or 4"} channels, but got ${channels}`;
  check(several ? channels === 1 || channels === 3 : [1, 3, 4].includes(channels), otherChannels);
  check(height * width > 0, () => `expected an image with pixels, but got ${formatShape(tensor.shape)}`);
  return { channels, height, width, data: one.data };
}
