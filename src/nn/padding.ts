/** Padding as layers: what stands around a tensor. The function, `nn.functional.pad`, is in src/autograd/ops/layers/pad.ts. */
import { type PaddingMode, pad } from "../autograd/ops/layers/pad.ts";
import { check } from "../tensor/check.ts";
import { pythonTuple } from "../tensor/python-text.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";

/** How much to add on every side; or on each, before and after, the last dimension first: [left, right, top, bottom]. */
export type Padding = Int | readonly Int[];

/** Pads the last dimensions, so many as its name says. */
abstract class PaddingLayer extends Module {
  /** Before and after, the last dimension first. */
  readonly padding: readonly number[];

  /** @param ndim how many dimensions are padded @throws unless there is one number, or two for each of them */
  constructor(padding: Padding, ndim: number) {
    super();
    const sides = typeof padding === "number" ? Array<number>(2 * ndim).fill(padding) : padding;
    const otherLength = () => `padding must be one number or ${2 * ndim}, but is [${sides.join(", ")}]`;
    check(sides.length === 2 * ndim, otherLength);
    this.padding = sides;
  }

  protected padded(x: Tensor, mode: PaddingMode, value?: number): Tensor {
    return pad(x, this.padding, mode, value);
  }

  override extraRepr(): string {
    return pythonTuple(this.padding);
  }
}

abstract class ConstantPad extends PaddingLayer {
  /** What is added. */
  readonly value: number;

  constructor(padding: Padding, ndim: number, value: number) {
    super(padding, ndim);
    this.value = value;
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "constant", this.value);
  }

  override extraRepr(): string {
    return `padding=${super.extraRepr()}, value=${this.value}`;
  }
}

abstract class ReflectionPad extends PaddingLayer {
  override forward(x: Tensor): Tensor {
    return this.padded(x, "reflect");
  }
}

abstract class ReplicationPad extends PaddingLayer {
  override forward(x: Tensor): Tensor {
    return this.padded(x, "replicate");
  }
}

/** A constant around the last dimension. Mirrors `torch.nn.ConstantPad1d`. @example new nn.ConstantPad1d([1, 2], 7).forward(ones([1, 2])) */
export class ConstantPad1d extends ConstantPad {
  constructor(padding: Padding, value: number) {
    super(padding, 1, value);
  }
}

/** A constant around an image. Mirrors `torch.nn.ConstantPad2d`. @example new nn.ConstantPad2d(1, 7).forward(ones([1, 2, 2])) */
export class ConstantPad2d extends ConstantPad {
  constructor(padding: Padding, value: number) {
    super(padding, 2, value);
  }
}

/** A constant around a volume. Mirrors `torch.nn.ConstantPad3d`. @example new nn.ConstantPad3d(1, 7).forward(ones([1, 2, 2, 2])).shape */
export class ConstantPad3d extends ConstantPad {
  constructor(padding: Padding, value: number) {
    super(padding, 3, value);
  }
}

/** Zeros around an image. Mirrors `torch.nn.ZeroPad2d`. @example new nn.ZeroPad2d([1, 0, 2, 0]).forward(ones([1, 2, 2])) */
export class ZeroPad2d extends PaddingLayer {
  constructor(padding: Padding) {
    super(padding, 2);
  }

  override forward(x: Tensor): Tensor {
    return this.padded(x, "constant", 0);
  }
}

/** The mirror image, [c b | a b c | b a]. Mirrors `torch.nn.ReflectionPad1d`. @example new nn.ReflectionPad1d(2).forward(arange(4).view(1, 4)) */
export class ReflectionPad1d extends ReflectionPad {
  constructor(padding: Padding) {
    super(padding, 1);
  }
}

/** The mirror image around an image. Mirrors `torch.nn.ReflectionPad2d`. @example new nn.ReflectionPad2d(1).forward(arange(4).view(1, 2, 2)) */
export class ReflectionPad2d extends ReflectionPad {
  constructor(padding: Padding) {
    super(padding, 2);
  }
}

/** The mirror image around a volume. Mirrors `torch.nn.ReflectionPad3d`. @example new nn.ReflectionPad3d(1).forward(arange(8).view(1, 2, 2, 2)).shape */
export class ReflectionPad3d extends ReflectionPad {
  constructor(padding: Padding) {
    super(padding, 3);
  }
}

/** The last elements, [a a | a b c | c c]. Mirrors `torch.nn.ReplicationPad1d`. @example new nn.ReplicationPad1d(2).forward(arange(3).view(1, 3)) */
export class ReplicationPad1d extends ReplicationPad {
  constructor(padding: Padding) {
    super(padding, 1);
  }
}

/** The last elements around an image. Mirrors `torch.nn.ReplicationPad2d`. @example new nn.ReplicationPad2d(1).forward(arange(4).view(1, 2, 2)) */
export class ReplicationPad2d extends ReplicationPad {
  constructor(padding: Padding) {
    super(padding, 2);
  }
}

/** The last elements around a volume. Mirrors `torch.nn.ReplicationPad3d`. @example new nn.ReplicationPad3d(1).forward(arange(8).view(1, 2, 2, 2)).shape */
export class ReplicationPad3d extends ReplicationPad {
  constructor(padding: Padding) {
    super(padding, 3);
  }
}
