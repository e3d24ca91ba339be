/** Activations that give their input its new values: their functions, applied to what it was. Those of others are methods, `x.relu_()`. */
import { inplace } from "../autograd/inplace.ts";
import type { Tensor } from "../tensor/tensor.ts";
import activation from "./activation.ts";
import piecewise, { type HardtanhOptions, type RReLUSettings } from "./piecewise.ts";

/** celu in place. Mirrors `torch.nn.functional.celu_`. @example nn.functional.celu_(tensor([-1, 2])) */
const celu_ = (x: Tensor, alpha = 1): Tensor => inplace(x, (old) => activation.celu(old, alpha));

/** elu in place. Mirrors `torch.nn.functional.elu_`. @example nn.functional.elu_(tensor([-1, 2])) */
const elu_ = (x: Tensor, alpha = 1): Tensor => inplace(x, (old) => activation.elu(old, alpha));

/** selu in place. Mirrors `torch.nn.functional.selu_`. @example nn.functional.selu_(tensor([-1, 2])) */
const selu_ = (x: Tensor): Tensor => inplace(x, activation.selu);

/** leakyRelu in place. Mirrors `torch.nn.functional.leaky_relu_`. @example nn.functional.leakyRelu_(tensor([-1, 2])) */
const leakyRelu_ = (x: Tensor, negativeSlope = 0.01): Tensor =>
  inplace(x, (old) => activation.leakyRelu(old, negativeSlope));

/** hardtanh in place. Mirrors `torch.nn.functional.hardtanh_`. @example nn.functional.hardtanh_(tensor([-2, 0.5, 3])) */
const hardtanh_ = (x: Tensor, options?: HardtanhOptions): Tensor =>
  inplace(x, (old) => piecewise.hardtanh(old, options));

/** threshold in place. Mirrors `torch.nn.functional.threshold_`. @example nn.functional.threshold_(tensor([0, 2]), 1, -7) */
const threshold_ = (x: Tensor, threshold: number, value: number): Tensor =>
  inplace(x, (old) => piecewise.threshold(old, threshold, value));

/** rrelu in place. Mirrors `torch.nn.functional.rrelu_`. @example nn.functional.rrelu_(tensor([-1, 2])) */
const rrelu_ = (x: Tensor, options?: RReLUSettings): Tensor => inplace(x, (old) => piecewise.rrelu(old, options));

export default { celu_, elu_, selu_, leakyRelu_, hardtanh_, threshold_, rrelu_ };
