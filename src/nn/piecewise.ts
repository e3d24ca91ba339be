/**
 * Activations made of straight pieces, as functions and as layers. `where` gives the gradient to the piece that is taken, so each is
 * its formula. Those with a piece that is a power have their slope in src/autograd/ops/layers/activation.ts.
 */
import { detach } from "../autograd/op.ts";
import { gt, le, lt } from "../autograd/ops/compare.ts";
import { abs, add, clamp, div, mul, sign, sub, where } from "../autograd/ops/elementwise.ts";
import { hardswish as hardswishOf, leakyRelu } from "../autograd/ops/layers/activation.ts";
import { broadcastChannels } from "../autograd/ops/layers/batch-norm.ts";
import { logicalAnd } from "../autograd/ops/logical.ts";
import { reshape } from "../autograd/ops/shape.ts";
import { floating } from "../autograd/ops/shared/promotion.ts";
import { check } from "../tensor/check.ts";
import { full } from "../tensor/create.ts";
import { type DType, isFloatingPoint } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonFloat } from "../tensor/python-text.ts";
import { defaultGenerator } from "../tensor/random/generator.ts";
import { formatShape, type Int } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";
import { activated, activationOf, type InplaceOptions, inplaceText } from "./activation-layer.ts";
import { Module } from "./module.ts";
import { moduleWith } from "./module-of.ts";
import { Parameter } from "./parameter.ts";

/** Options of hardtanh. */
export interface HardtanhOptions {
  /** The least that y is. Default: -1. */
  minVal?: number;
  /** The most that y is. Default: 1. */
  maxVal?: number;
}
const hardtanhDefaults: Required<HardtanhOptions> = { minVal: -1, maxVal: 1 };

/** y = x limited to [minVal, maxVal]. Mirrors `torch.nn.functional.hardtanh`. @example nn.functional.hardtanh(tensor([-2, 0.5, 3])) */
function hardtanh(x: Tensor, options?: HardtanhOptions): Tensor {
  const { minVal: low, maxVal: high } = readOptions(options, hardtanhDefaults);
  const [minVal, maxVal] = isFloatingPoint(x.dtype) ? [low, high] : [Math.trunc(low), Math.trunc(high)];
  check(x.dtype !== "bool", 'Bool inputs not supported for hardtanh: convert first, with x.to("float32")');
  const isBetween = logicalAnd(gt(x, minVal), lt(x, maxVal)); // at the ends there is no gradient, other than of clamp
  return where(isBetween, x, clamp(detach(x), minVal, maxVal));
}

/** Options of Hardtanh. */
export interface HardtanhLayerOptions extends HardtanhOptions, InplaceOptions {}

/** y = x limited to [minVal, maxVal]. Mirrors `torch.nn.Hardtanh`. @example new nn.Hardtanh().forward(tensor([-2, 0.5, 3])) */
export class Hardtanh extends moduleWith<HardtanhLayerOptions>({ ...hardtanhDefaults, inplace: false }) {
  /** @throws unless maxVal is above minVal */
  constructor(options?: HardtanhLayerOptions) {
    super(options);
    check(
      this.maxVal > this.minVal,
      () => `maxVal must be above minVal, but they are ${this.maxVal} and ${this.minVal}`,
    );
  }

  override forward(x: Tensor): Tensor {
    return activated(this, x, (old) => hardtanh(old, this));
  }

  override extraRepr(): string {
    return `min_val=${pythonFloat(this.minVal)}, max_val=${pythonFloat(this.maxVal)}${inplaceText(this)}`;
  }
}

/** y = min(max(x, 0), 6). Mirrors `torch.nn.functional.relu6`. @example nn.functional.relu6(tensor([-2, 5, 9])) */
function relu6(x: Tensor): Tensor {
  return hardtanh(x, { minVal: 0, maxVal: 6 });
}

/** y = min(max(x, 0), 6). Mirrors `torch.nn.ReLU6`. @example new nn.ReLU6().forward(tensor([-2, 5, 9])) */
export class ReLU6 extends activationOf(relu6) {}

/** y = min(max(x + 3, 0), 6) / 6. Mirrors `torch.nn.functional.hardsigmoid`. @example nn.functional.hardsigmoid(tensor([-4, 0, 1])) */
function hardsigmoid(input: Tensor): Tensor {
  const x = floating(input);
  const isBetween = logicalAnd(gt(x, -3), lt(x, 3));
  return div(where(isBetween, add(x, 3), clamp(add(detach(x), 3), 0, 6)), 6);
}

/** y = min(max(x + 3, 0), 6) / 6. Mirrors `torch.nn.Hardsigmoid`. @example new nn.Hardsigmoid().forward(tensor([-4, 0, 1])) */
export class Hardsigmoid extends activationOf(hardsigmoid) {
  override extraRepr(): string {
    return ""; // as in PyTorch
  }
}

/**
 * y = x · min(max(x + 3, 0), 6) / 6. Mirrors `torch.nn.functional.hardswish` (Howard et al. 2019, https://arxiv.org/abs/1905.02244).
 * @example nn.functional.hardswish(tensor([-4, 0, 1]))
 */
function hardswish(x: Tensor): Tensor {
  return hardswishOf(x);
}

/** y = x · min(max(x + 3, 0), 6) / 6. Mirrors `torch.nn.Hardswish`. @example new nn.Hardswish().forward(tensor([-4, 0, 1])) */
export class Hardswish extends activationOf(hardswish) {
  override extraRepr(): string {
    return ""; // as in PyTorch
  }
}

/** y = x where x > threshold, else value. Mirrors `torch.nn.functional.threshold`. @example nn.functional.threshold(tensor([0, 2]), 1, -7) */
function threshold(x: Tensor, threshold: number, value: number): Tensor {
  return where(le(x, threshold), full([], value, { dtype: x.dtype }), x);
}

/** y = x where x > threshold, else value. Mirrors `torch.nn.Threshold`. @example new nn.Threshold(1, -7).forward(tensor([0, 2])) */
export class Threshold extends Module {
  /** Up to where y is value. */
  readonly threshold: number;
  /** What y is there. */
  readonly value: number;
  /** Whether x becomes y. */
  readonly inplace: boolean;

  constructor(threshold: number, value: number, options?: InplaceOptions) {
    super();
    this.threshold = threshold;
    this.value = value;
    this.inplace = readOptions(options, { inplace: false }).inplace;
  }

  override forward(x: Tensor): Tensor {
    return activated(this, x, (old) => threshold(old, this.threshold, this.value));
  }

  override extraRepr(): string {
    return `threshold=${this.threshold}, value=${this.value}${inplaceText(this)}`;
  }
}

/** Options of Softshrink and Hardshrink. */
export interface ShrinkOptions {
  /** λ: up to so far from 0, y is 0. Default: 0.5. */
  lambd?: number;
}

/**
 * y = x - λ where x > λ, x + λ where x < -λ, else 0. Mirrors `torch.nn.functional.softshrink`.
 * @throws if λ is negative
 * @example nn.functional.softshrink(tensor([-2, 0.1, 3]))
 */
function softshrink(input: Tensor, lambd = 0.5): Tensor {
  check(lambd >= 0, () => `lambda must be greater or equal to 0, but found to be ${lambd}.`);
  const x = floating(input);
  return where(gt(abs(x), lambd), sub(x, mul(sign(x), lambd)), 0);
}

/** y = x - λ where x > λ, x + λ where x < -λ, else 0. Mirrors `torch.nn.Softshrink`. @example new nn.Softshrink().forward(tensor([-2, 0.1, 3])) */
export class Softshrink extends moduleWith<ShrinkOptions>({ lambd: 0.5 }) {
  override forward(x: Tensor): Tensor {
    return softshrink(x, this.lambd);
  }

  override extraRepr(): string {
    return pythonFloat(this.lambd);
  }
}

/** y = x where |x| > λ, else 0. Mirrors `torch.nn.functional.hardshrink`. @example nn.functional.hardshrink(tensor([-2, 0.1, 3])) */
function hardshrink(input: Tensor, lambd = 0.5): Tensor {
  const x = floating(input);
  return where(gt(abs(x), lambd), x, mul(detach(x), 0)); // NaN stays
}

/** y = x where |x| > λ, else 0. Mirrors `torch.nn.Hardshrink`. @example new nn.Hardshrink().forward(tensor([-2, 0.1, 3])) */
export class Hardshrink extends moduleWith<ShrinkOptions>({ lambd: 0.5 }) {
  override forward(x: Tensor): Tensor {
    return hardshrink(x, this.lambd);
  }

  override extraRepr(): string {
    return pythonFloat(this.lambd);
  }
}

/**
 * y = x where x > 0, else weight · x, with a slope that is learned, or one for each channel of x (N, C, …). Mirrors
 * `torch.nn.functional.prelu` (He et al. 2015, https://arxiv.org/abs/1502.01852).
 * @param weight of one element, or of C
 * @throws if it has another number
 * @example nn.functional.prelu(tensor([-2, 1]), tensor([0.25]))
 */
function prelu(x: Tensor, weight: Tensor): Tensor {
  check(
    weight.ndim <= 1,
    () => `prelu: Expected \`weight\` to be a scalar or 1D tensor, but got ndim = ${weight.ndim}`,
  );
  const channels = x.ndim > 1 ? x.shape[1] : 1;
  check(weight.numel === 1 || x.ndim > 0, "Not allow zero-dim input tensor.");
  const otherNumber = () =>
    "Mismatch of parameter numbers and input channel size. Found parameter numbers = " +
    `${weight.numel} and channel size = ${channels}. The input has shape ${formatShape(x.shape)}`;
  check(weight.numel === 1 || weight.numel === channels, otherNumber);
  const slope = weight.numel > 1 ? broadcastChannels(weight, x) : reshape(weight, []);
  const isAbove = gt(x, 0);
  return where(isAbove, x, mul(slope, where(isAbove, 0, x))); // so that the slope gets nothing of infinite x
}

/** Options of PReLU. */
export interface PReLUOptions {
  /** How many slopes: 1, or one for each channel. Default: 1. */
  numParameters?: Int;
  /** What they are at first. Default: 0.25. */
  init?: number;
  /** Of what it learns. Default: "float32". */
  dtype?: DType;
}

/** y = x where x > 0, else weight · x. Mirrors `torch.nn.PReLU`. @example new nn.PReLU().forward(tensor([-2, 1])) */
export class PReLU extends Module {
  /** How many slopes there are. */
  readonly numParameters: number;
  /** The slopes. */
  weight: Parameter;

  constructor(options?: PReLUOptions) {
    super();
    const { numParameters, init, dtype } = readOptions(options, { numParameters: 1, init: 0.25, dtype: "float32" });
    this.numParameters = numParameters;
    this.weight = this.registerParameter("weight", new Parameter(full([numParameters], init, { dtype })));
  }

  override forward(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

/** What the slopes of RReLU are between. */
export interface RReLUOptions {
  /** The least slope. Default: 1/8. */
  lower?: number;
  /** The largest slope. Default: 1/3. */
  upper?: number;
}
const rreluDefaults: Required<RReLUOptions> = { lower: 1 / 8, upper: 1 / 3 };

/** Options of rrelu. */
export interface RReLUSettings extends RReLUOptions {
  /** Whether slopes are drawn; else all are the mean of both. Default: false. */
  training?: boolean;
}

/**
 * y = x where x > 0, else a · x, where a is drawn from [lower, upper) for each x. Mirrors `torch.nn.functional.rrelu` (Xu et al. 2015,
 * https://arxiv.org/abs/1505.00853).
 * @example nn.functional.rrelu(tensor([-1, -1, 1]), { training: true })
 */
function rrelu(input: Tensor, options?: RReLUSettings): Tensor {
  const { lower, upper, training } = readOptions(options, { ...rreluDefaults, training: false });
  check(lower <= upper, "Lower bound should be less than or equal to the upper bound");
  if (!training) return leakyRelu(input, (lower + upper) / 2);
  const x = floating(input);
  const slopes = Tensor.empty(x.shape, x.dtype);
  const [elements, { data }] = [elementsOf(x), slopes.storage];
  for (let k = 0; k < data.length; k++) {
    data[k] = elements[k] <= 0 ? lower + (upper - lower) * defaultGenerator.uniform53() : 1;
  }
  return mul(x, slopes);
}

/** Options of RReLU. */
export interface RReLULayerOptions extends RReLUOptions, InplaceOptions {}

/** y = x where x > 0, else a · x, where a is drawn for each x in training. Mirrors `torch.nn.RReLU`. @example new nn.RReLU().forward(tensor([-1, 1])) */
export class RReLU extends moduleWith<RReLULayerOptions>({ ...rreluDefaults, inplace: false }) {
  override forward(x: Tensor): Tensor {
    return activated(this, x, (old) => rrelu(old, this));
  }

  override extraRepr(): string {
    return `lower=${pythonFloat(this.lower)}, upper=${pythonFloat(this.upper)}${inplaceText(this)}`;
  }
}

export default { hardtanh, relu6, hardsigmoid, hardswish, threshold, softshrink, hardshrink, prelu, rrelu };
