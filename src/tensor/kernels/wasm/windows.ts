/**
 * Windows of an image, as jobs are told of them; and the gradient of a convolution's input, which is convolutions of dy by the
 * kernel turned round: with a stride s there are s along a dimension, one for each remainder that the distance of a place of x
 * from the border leaves by s. Places with the same remainder see the same few elements of the kernel.
 */
import type { ConvolutionShape, Pair } from "../convolution.ts";
import type { PoolingShape } from "../pooling.ts";

/** What a job on windows begins with: ../assembly/windows.ts. */
export const windowWords = ({ size, kernelSize, outSize, stride, padding, dilation }: PoolingShape): number[] =>
  [size, kernelSize, outSize, stride, padding, dilation].flat();

/** A convolution whose outputs are `step` apart in images of `ySize`, from `first` on: all of them, or every few. */
export interface Windows extends ConvolutionShape {
  readonly ySize: Pair;
  readonly first: Pair;
  readonly step: Pair;
}

/** A convolution that writes all outputs. */
export const dense = (shape: ConvolutionShape): Windows => ({
  ...shape,
  ySize: shape.outSize,
  first: [0, 0],
  step: [1, 1],
});

/** One of the convolutions along a dimension. */
interface Phase {
  /** The first of its places, and how many there are. */
  readonly first: number;
  readonly outputs: number;
  /** The first of its elements of the kernel, how far apart they are there, and how many there are. */
  readonly element: number;
  readonly apart: number;
  readonly count: number;
  /** How far apart these are in dy, and how far before its beginning the first reaches. */
  readonly gap: number;
  readonly padding: number;
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

function phasesOf(shape: ConvolutionShape, d: 0 | 1): Phase[] {
  const { size, kernelSize, stride, padding, dilation } = shape;
  const apart = stride[d] / greatestDivisor(stride[d], dilation[d]);
  return Array.from({ length: stride[d] }, (_, remainder) => {
    let element = 0;
    while (element < kernelSize[d] && (element * dilation[d]) % stride[d] !== remainder) element++;
    const count = Math.ceil((kernelSize[d] - element) / apart);
    const first = (((remainder - padding[d]) % stride[d]) + stride[d]) % stride[d];
    const reach = ((count - 1) * apart + element) * dilation[d] - first - padding[d]; // back from the first place
    return {
      first,
      outputs: Math.max(0, Math.ceil((size[d] - first) / stride[d])),
      element,
      apart,
      count,
      gap: (dilation[d] * apart) / stride[d],
      padding: reach / stride[d],
    };
  });
}

/** The convolution for a remainder along each dimension; it takes elements of the kernel from `element` on, `apart` from each other. */
interface Part {
  readonly windows: Windows;
  readonly element: Pair;
  readonly apart: Pair;
}

/** The convolutions that make dx, and whether they write all of it: what no window sees is zero. */
export function inputParts(shape: ConvolutionShape): { parts: Part[]; areAll: boolean } {
  const { channels, outChannels, size, outSize, stride } = shape;
  const phases = phasesOf(shape, 0).flatMap((y) => phasesOf(shape, 1).map((x) => [y, x] as const));
  const seen = phases.filter((phase) => phase.every(({ count, outputs }) => count > 0 && outputs > 0));
  const parts = seen.map(([y, x]): Part => {
    const both = (name: keyof Phase): Pair => [y[name], x[name]];
    const windows: Windows = {
      ...shape,
      ...{ channels: outChannels, outChannels: channels, size: outSize, outSize: both("outputs") },
      ...{ kernelSize: both("count"), stride: [1, 1], padding: both("padding"), dilation: both("gap") },
      ...{ ySize: size, first: both("first"), step: stride },
    };
    return { windows, element: both("element"), apart: both("apart") };
  });
  return { parts, areAll: parts.length === phases.length };
}
