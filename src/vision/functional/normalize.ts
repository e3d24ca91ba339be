/** Pictures whose channels have mean 0 and standard deviation 1. */
import { copyInPlace } from "../../autograd/inplace.ts";
import { div, sub } from "../../autograd/ops/elementwise.ts";
import { check } from "../../tensor/check.ts";
import { tensor } from "../../tensor/create.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import { readOptions } from "../../tensor/options.ts";
import { formatShape } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkPicture } from "./picture.ts";

/** One number for all channels, or one for each. */
export type ChannelValues = number | readonly number[];

/** What normalizing may be told. */
export interface NormalizeOptions {
  /** Whether x itself is changed. Default: false. */
  inplace?: boolean;
}

/** @throws if a standard deviation is 0 in float32 */
export function checkStd(std: ChannelValues): void {
  const values = [std].flat();
  const zero = () =>
    "std evaluated to zero after conversion to torch.float32, leading to division by zero. " +
    `It is ${formatShape(values)}`;
  check(!values.some((value) => Math.fround(value) === 0), zero);
}

/**
 * y = (x - mean[c]) / std[c] for each channel of x (…, C, H, W). Mirrors `torchvision.transforms.functional.normalize`.
 * @throws unless x has as many channels as there are means, or there is one mean for all; if a standard deviation is 0
 * @example transforms.functional.normalize(tensor([[[0, 0.5, 1]]]), 0.5, 0.25)
 */
export function normalize(x: Tensor, mean: ChannelValues, std: ChannelValues, options?: NormalizeOptions): Tensor {
  const { inplace } = readOptions(options, { inplace: false });
  checkPicture(x);
  check(isFloatingPoint(x.dtype), () => `Input tensor should be a float tensor. Got torch.${x.dtype}.`, TypeError);
  const notPictures = () =>
    "Expected tensor to be a tensor image of size (..., C, H, W). " +
    `Got tensor.size() = torch.Size(${formatShape(x.shape)})`;
  check(x.ndim >= 3, notPictures);
  checkStd(std);
  const channels = x.shape.at(-3);
  // (C, 1, 1), or (1, 1, 1) for all channels
  const [means, stds] = [mean, std].map((given) => {
    const values = [given].flat();
    const otherCount = () => `Normalize has ${values.length} values, but the images have ${channels} channels`;
    check(values.length === 1 || values.length === channels, otherCount);
    return tensor(
      values.map((value) => [[value]]),
      { dtype: x.dtype },
    );
  });
  const y = div(sub(x, means), stds);
  return inplace ? copyInPlace(x, y) : y;
}
