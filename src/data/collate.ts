/** How samples become a batch. Read next: dataloader.ts. */
import { check } from "../tensor/check.ts";
import { tensor } from "../tensor/create.ts";
import { promoteTypes } from "../tensor/dtype.ts";
import { isPlain } from "../tensor/plain.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { elementsOf, Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";

/** What a batch of such samples is: each tensor or number in them a tensor with a new first dimension, each text a list. */
export type Collated<Sample> = Sample extends Tensor | number | boolean
  ? Tensor
  : Sample extends string
    ? string[]
    : { -readonly [Part in keyof Sample]: Collated<Sample[Part]> };

/**
 * Samples as one batch: tensors are stacked, numbers and truths become a tensor, texts a list, and so in each place of arrays and
 * of plain objects. Mirrors `torch.utils.data.default_collate`, but for numbers, which are float32 as in `tensor`.
 * @throws if samples differ in their number of parts or in a shape; if something else is in them
 * @example defaultCollate([[tensor([1, 2]), 0], [tensor([3, 4]), 1]])
 */
export function defaultCollate<Sample>(samples: readonly Sample[]): Collated<Sample> {
  return collated(samples) as Collated<Sample>;
}

function collated(parts: readonly unknown[]): unknown {
  const [first] = parts;
  if (first instanceof Tensor) return stacked(parts as readonly Tensor[]);
  if (typeof first === "number" || typeof first === "boolean") return tensor(parts as number[]);
  if (typeof first === "string") return [...parts];
  if (Array.isArray(first)) {
    const lengths = parts.map((part) => (Array.isArray(part) ? part.length : 1));
    const uneven = () =>
      `each element in list of batch should be of equal size, but these samples have ${lengths.join(", ")} parts`;
    check(new Set(lengths).size === 1, uneven);
    return first.map((_, i) => collated(parts.map((part) => (part as readonly unknown[])[i])));
  }
  const unknown = () =>
    `a sample of a dataset may hold tensors, numbers, texts, and arrays or plain objects of them, not ${typeName(first)}: ` +
    "take a collateFn for others";
  check(isPlain(first), unknown, TypeError);
  const keys = Object.keys(first as object);
  return Object.fromEntries(
    keys.map((key) => [key, collated(parts.map((part) => (part as typeof first)[key as never]))]),
  );
}

/** What numbers of JavaScript's in it have become: typed arrays tensors. */
export type Converted<Data> = Data extends Int32Array | Float32Array | Float64Array | Uint8Array
  ? Tensor
  : Data extends Tensor | number | boolean | string
    ? Data
    : { -readonly [Part in keyof Data]: Converted<Data[Part]> };

/**
 * A sample that is not put into a batch: its typed arrays as tensors, also those in arrays and plain objects, and all else as it is.
 * Mirrors `torch.utils.data.default_convert`, which does so with arrays of NumPy's.
 * @example defaultConvert({ pixels: Float32Array.of(0, 1), label: 3 })
 */
export function defaultConvert<Data>(data: Data): Converted<Data> {
  return converted(data) as Converted<Data>;
}

function converted(data: unknown): unknown {
  if (ArrayBuffer.isView(data)) return tensor(data as Float32Array);
  if (Array.isArray(data)) return data.map(converted);
  if (!isPlain(data)) return data;
  return Object.fromEntries(Object.entries(data).map(([key, part]) => [key, converted(part)]));
}

/** As `stack`, but without a graph. */
function stacked(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  const batch = Tensor.empty([tensors.length, ...first.shape], tensors.map((x) => x.dtype).reduce(promoteTypes));
  tensors.forEach((x, i) => {
    const otherShape = () =>
      `stack expects each tensor to be equal size, but got ${formatShape(first.shape)} at entry 0 ` +
      `and ${formatShape(x.shape)} at entry ${i}`;
    check(sameShape(x.shape, first.shape), otherShape);
    batch.storage.data.set(elementsOf(x), i * first.numel);
  });
  return batch;
}
