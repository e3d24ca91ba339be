/**
 * Lazy layers: the size of the input is seen at the first forward pass, not said. Then they draw their weights, in the order in
 * which inputs reach them, and become the layers that they stand for.
 */
import { check } from "../tensor/check.ts";
import { formatShape, type Int } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import {
  Conv1d,
  Conv2d,
  Conv3d,
  type ConvLayerOptions,
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeLayerOptions,
} from "./convolution.ts";
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "./instance-norm.ts";
import { Linear, type LinearOptions } from "./linear.ts";
import type { Module } from "./module.ts";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./normalization.ts";
import { Parameter } from "./parameter.ts";
import type { BatchNormOptions } from "./running-statistics.ts";
import type { Size } from "./sizes.ts";
import { isUninitialized, materialize, uninitialized } from "./uninitialized.ts";

/** What a layer that has seen no input holds: how it is made for one. A copy of it holds the same. */
interface Lazy {
  madeFor?: (x: Tensor) => Module;
}

/** A layer that learns a weight and a bias, or one of them, or nothing. */
type Learning = Module & { readonly weight: Parameter | null; readonly bias: Parameter | null };

/** Its tensors are not there until it sees an input. */
function wait(layer: Learning, hasBias: boolean, make: (x: Tensor) => Module): void {
  if (hasBias && !layer.bias) {
    layer.registerParameter("bias", new Parameter(Tensor.zeros([0], layer.weight?.dtype ?? "float32")));
  }
  for (const [name, tensor] of [...layer.namedParameters(), ...layer.namedBuffers()]) {
    if (name !== "num_batches_tracked") uninitialized(tensor);
  }
  Object.assign(layer, { madeFor: make } satisfies Lazy);
}

/** Makes a lazy layer what it stands for. Tensors stay the objects that they are: an optimizer may have them already. */
function become(layer: Module & Lazy, x: Tensor): void {
  const { madeFor } = layer;
  if (!madeFor) return;
  const tensors = [...layer.parameters(), ...layer.namedBuffers().map(([, buffer]) => buffer)];
  if (tensors.some(isUninitialized)) {
    const { training, ...fields } = madeFor(x);
    for (const [name, value] of Object.entries(fields)) {
      const own: unknown = Reflect.get(layer, name);
      if (!(own instanceof Tensor)) Object.assign(layer, { [name]: value });
      else if (isUninitialized(own)) materialize(own, value as unknown as Tensor);
    }
  }
  delete layer.madeFor;
  const lazyClass = Object.getPrototypeOf(layer) as object;
  Object.setPrototypeOf(layer, Object.getPrototypeOf(lazyClass) as object);
}

/** The channels of x: of several samples, or of one. */
function channelsOf(x: Tensor, ndim: number, name: string): number {
  const wanted = () =>
    `expected ${ndim + 1}D or ${ndim + 2}D input to ${name}, but got input of size ${formatShape(x.shape)}`;
  check(x.ndim === ndim + 1 || x.ndim === ndim + 2, wanted);
  return x.shape[x.ndim - ndim - 1];
}

/**
 * A Linear whose inFeatures are those of the first input. Mirrors `torch.nn.LazyLinear`.
 * @example
 * const net = new nn.Sequential(new nn.LazyLinear(8), new nn.ReLU(), new nn.LazyLinear(2));
 * net.forward(zeros([1, 20]));
 * console.log(net);
 */
export class LazyLinear extends Linear {
  constructor(outFeatures: Int, options?: LinearOptions) {
    super(0, 0, { ...options, bias: false });
    Object.assign(this, { outFeatures });
    wait(this, options?.bias ?? true, (x) => new Linear(x.shape[x.ndim - 1] ?? 0, outFeatures, options));
  }

  override forward(x: Tensor): Tensor {
    become(this, x);
    return super.forward(x);
  }
}

/** A Conv1d with the channels of the first input. Mirrors `torch.nn.LazyConv1d`. @example new nn.LazyConv1d(8, 3).forward(zeros([1, 4, 9])).shape */
export class LazyConv1d extends Conv1d {
  constructor(outChannels: Int, kernelSize: Size, options?: ConvLayerOptions) {
    super(0, outChannels, kernelSize, { ...options, bias: false });
    const make = (x: Tensor) => new Conv1d(channelsOf(x, 1, "LazyConv1d"), outChannels, kernelSize, options);
    wait(this, options?.bias ?? true, make);
  }

  override forward(x: Tensor): Tensor {
    become(this, x);
    return super.forward(x);
  }
}

/** A Conv2d with the channels of the first input. Mirrors `torch.nn.LazyConv2d`. @example new nn.LazyConv2d(8, 3).forward(zeros([1, 4, 9, 9])).shape */
export class LazyConv2d extends Conv2d {
  constructor(outChannels: Int, kernelSize: Size, options?: ConvLayerOptions) {
    super(0, outChannels, kernelSize, { ...options, bias: false });
    const make = (x: Tensor) => new Conv2d(channelsOf(x, 2, "LazyConv2d"), outChannels, kernelSize, options);
    wait(this, options?.bias ?? true, make);
  }

  override forward(x: Tensor): Tensor {
    become(this, x);
    return super.forward(x);
  }
}

/** A Conv3d with the channels of the first input. Mirrors `torch.nn.LazyConv3d`. @example new nn.LazyConv3d(8, 3).forward(zeros([1, 4, 9, 9, 9])).shape */
export class LazyConv3d extends Conv3d {
  constructor(outChannels: Int, kernelSize: Size, options?: ConvLayerOptions) {
    super(0, outChannels, kernelSize, { ...options, bias: false });
    const make = (x: Tensor) => new Conv3d(channelsOf(x, 3, "LazyConv3d"), outChannels, kernelSize, options);
    wait(this, options?.bias ?? true, make);
  }

  override forward(x: Tensor): Tensor {
    become(this, x);
    return super.forward(x);
  }
}

/** A ConvTranspose1d with the channels of the first input. Mirrors `torch.nn.LazyConvTranspose1d`. @example new nn.LazyConvTranspose1d(2, 4).forward(zeros([1, 4, 9])).shape */
export class LazyConvTranspose1d extends ConvTranspose1d {
  constructor(outChannels: Int, kernelSize: Size, options?: ConvTransposeLayerOptions) {
    super(0, outChannels, kernelSize, { ...options, bias: false });
    const channels = (x: Tensor) => channelsOf(x, 1, "LazyConvTranspose1d");
    wait(this, options?.bias ?? true, (x) => new ConvTranspose1d(channels(x), outChannels, kernelSize, options));
  }

  override forward(x: Tensor): Tensor {
    become(this, x);
    return super.forward(x);
  }
}

/** A ConvTranspose2d with the channels of the first input. Mirrors `torch.nn.LazyConvTranspose2d`. @example new nn.LazyConvTranspose2d(2, 4).forward(zeros([1, 4, 9, 9])).shape */
export class LazyConvTranspose2d extends ConvTranspose2d {
  constructor(outChannels: Int, kernelSize: Size, options?: ConvTransposeLayerOptions) {
    super(0, outChannels, kernelSize, { ...options, bias: false });
    const channels = (x: Tensor) => channelsOf(x, 2, "LazyConvTranspose2d");
    wait(this, options?.bias ?? true, (x) => new ConvTranspose2d(channels(x), outChannels, kernelSize, options));
  }

  override forward(x: Tensor): Tensor {
    become(this, x);
    return super.forward(x);
  }
}

/** A ConvTranspose3d with the channels of the first input. Mirrors `torch.nn.LazyConvTranspose3d`. @example new nn.LazyConvTranspose3d(2, 4).forward(zeros([1, 4, 9, 9, 9])).shape */
export class LazyConvTranspose3d extends ConvTranspose3d {
  constructor(outChannels: Int, kernelSize: Size, options?: ConvTransposeLayerOptions) {
    super(0, outChannels, kernelSize, { ...options, bias: false });
    const channels = (x: Tensor) => channelsOf(x, 3, "LazyConvTranspose3d");
    wait(this, options?.bias ?? true, (x) => new ConvTranspose3d(channels(x), outChannels, kernelSize, options));
  }

  override forward(x: Tensor): Tensor {
    become(this, x);
    return super.forward(x);
  }
}

/** A BatchNorm1d with the channels of the first input. Mirrors `torch.nn.LazyBatchNorm1d`. @example new nn.LazyBatchNorm1d().forward(randn([4, 3])).shape */
export class LazyBatchNorm1d extends BatchNorm1d {
  constructor(options?: BatchNormOptions) {
    super(0, options);
    wait(this, false, (x) => new BatchNorm1d(x.shape[1] ?? 0, options));
  }

  override forward(x: Tensor): Tensor {
    this.checkShape(x);
    become(this, x);
    return super.forward(x);
  }
}

/** A BatchNorm2d with the channels of the first input. Mirrors `torch.nn.LazyBatchNorm2d`. @example new nn.LazyBatchNorm2d().forward(randn([4, 3, 2, 2])).shape */
export class LazyBatchNorm2d extends BatchNorm2d {
  constructor(options?: BatchNormOptions) {
    super(0, options);
    wait(this, false, (x) => new BatchNorm2d(x.shape[1] ?? 0, options));
  }

  override forward(x: Tensor): Tensor {
    this.checkShape(x);
    become(this, x);
    return super.forward(x);
  }
}

/** A BatchNorm3d with the channels of the first input. Mirrors `torch.nn.LazyBatchNorm3d`. @example new nn.LazyBatchNorm3d().forward(randn([4, 3, 2, 2, 2])).shape */
export class LazyBatchNorm3d extends BatchNorm3d {
  constructor(options?: BatchNormOptions) {
    super(0, options);
    wait(this, false, (x) => new BatchNorm3d(x.shape[1] ?? 0, options));
  }

  override forward(x: Tensor): Tensor {
    this.checkShape(x);
    become(this, x);
    return super.forward(x);
  }
}

/** In PyTorch lazy instance norms learn and track unless told otherwise, and others do so if told. */
const learning = (options?: BatchNormOptions): BatchNormOptions => ({
  ...options,
  affine: options?.affine ?? true,
  trackRunningStats: options?.trackRunningStats ?? true,
});

/** An InstanceNorm1d with the channels of the first input. Mirrors `torch.nn.LazyInstanceNorm1d`. @example new nn.LazyInstanceNorm1d().forward(randn([4, 3, 5])).shape */
export class LazyInstanceNorm1d extends InstanceNorm1d {
  constructor(options?: BatchNormOptions) {
    const settings = learning(options);
    super(0, settings);
    wait(this, false, (x) => new InstanceNorm1d(channelsOf(x, 1, "LazyInstanceNorm1d"), settings));
  }

  override forward(x: Tensor): Tensor {
    become(this, x);
    return super.forward(x);
  }
}

/** An InstanceNorm2d with the channels of the first input. Mirrors `torch.nn.LazyInstanceNorm2d`. @example new nn.LazyInstanceNorm2d().forward(randn([4, 3, 5, 5])).shape */
export class LazyInstanceNorm2d extends InstanceNorm2d {
  constructor(options?: BatchNormOptions) {
    const settings = learning(options);
    super(0, settings);
    wait(this, false, (x) => new InstanceNorm2d(channelsOf(x, 2, "LazyInstanceNorm2d"), settings));
  }

  override forward(x: Tensor): Tensor {
    become(this, x);
    return super.forward(x);
  }
}

/** An InstanceNorm3d with the channels of the first input. Mirrors `torch.nn.LazyInstanceNorm3d`. @example new nn.LazyInstanceNorm3d().forward(randn([4, 3, 5, 5, 5])).shape */
export class LazyInstanceNorm3d extends InstanceNorm3d {
  constructor(options?: BatchNormOptions) {
    const settings = learning(options);
    super(0, settings);
    wait(this, false, (x) => new InstanceNorm3d(channelsOf(x, 3, "LazyInstanceNorm3d"), settings));
  }

  override forward(x: Tensor): Tensor {
    become(this, x);
    return super.forward(x);
  }
}
