/** How far a batch norm's running averages are from the truth. */
import { type nn, noGrad, type Tensor } from "lucidgrad";
import type { Digits } from "./digits.ts";

/**
 * The distance of the first batch norm's running mean from the mean over all digits, with the weights as they are now: in
 * standard deviations of each unit, root mean square over the units.
 *
 * @param model begins with a Linear and a BatchNorm1d
 */
export function errorOfRunningMean(model: nn.Sequential, { images }: Digits): number {
  return noGrad(() => {
    const inputs = model.at(0).forward(images); // (N, C)
    const { runningMean } = model.at(1) as nn.BatchNorm1d;
    const mean = inputs.mean(0);
    const variance = inputs.sub(mean).pow(2).mean(0);
    const off = (runningMean as Tensor).sub(mean);
    return off.mul(off).div(variance).mean().sqrt().item();
  });
}
