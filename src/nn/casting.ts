/** Modules in another dtype: their tensors stay the objects that they are, so that an optimizer goes on with them. */
import { become } from "../tensor/become.ts";
import { check } from "../tensor/check.ts";
import { type DType, isFloatingPoint } from "../tensor/dtype.ts";
import { gradientOf } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

declare module "./module.ts" {
  interface Module {
    /**
     * Makes all parameters, their gradients, and all buffers that are no whole numbers float32 or float64, where they are: an optimizer goes
     * on with the same parameters. Mirrors `torch.nn.Module.to`.
     * @throws for a dtype of whole numbers or truths
     */
    to(dtype: DType): this;
    /** The same as to("float32"). Mirrors `torch.nn.Module.float`. */
    float(): this;
    /** The same as to("float64"). Mirrors `torch.nn.Module.double`. */
    double(): this;
  }
}

Module.prototype.to = function (dtype) {
  const whole = () =>
    `nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.${dtype}`;
  check(isFloatingPoint(dtype), whole, TypeError);
  for (const tensor of [...this.parameters(), ...this.buffers()]) {
    if (!isFloatingPoint(tensor.dtype) || tensor.dtype === dtype) continue;
    const gradient = gradientOf(tensor);
    become(tensor, tensor, dtype);
    if (gradient) become(gradient, gradient, dtype);
  }
  return this;
};
Module.prototype.float = function () {
  return this.to("float32");
};
Module.prototype.double = function () {
  return this.to("float64");
};
