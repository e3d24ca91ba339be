/**
 * Sequences of different lengths in one batch: padded to one length, or packed without padding; the `nn.utils.rnn` namespace.
 * Recurrent layers take packed ones, so that they make no step that no sequence has. Mirrors `torch.nn.utils.rnn`.
 */
import { indexSelect } from "../autograd/ops/indexing.ts";
import { cat, narrow, select, stack } from "../autograd/ops/parts.ts";
import { contiguous, expand, reshape, to, transpose } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { full, tensor } from "../tensor/create.ts";
import type { DType } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { broadcastShapes, formatShape, type Int, normalizeDim, type Shape, sameShape } from "../tensor/shape.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { seen } from "../tensor/watch.ts";

const int32 = (values: readonly number[]): Tensor => tensor(values, { dtype: "int32" });
const numbersOf = (x: Tensor | readonly number[]): number[] => Array.from("storage" in x ? elementsOf(x) : x);
const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/**
 * A batch of sequences without padding: first what all of them have at step 0, the longest sequence first, then at step 1, and
 * so on. packPaddedSequence and packSequence make it. Mirrors `torch.nn.utils.rnn.PackedSequence`.
 * @example
 * const { packSequence } = nn.utils.rnn;
 * console.log(packSequence([tensor([1, 2]), tensor([3])]));
 */
export class PackedSequence {
  /** What the sequences have, (sum of lengths, …). */
  readonly data: Tensor;
  /** How many sequences have each step, an int32 vector. */
  readonly batchSizes: Tensor;
  /** Which sequence of the batch each of the sorted ones is; null if they came sorted. */
  readonly sortedIndices: Tensor | null;
  /** Where each sequence of the batch is among the sorted ones. */
  readonly unsortedIndices: Tensor | null;

  constructor(
    data: Tensor,
    batchSizes: Tensor,
    sortedIndices: Tensor | null = null,
    unsortedIndices: Tensor | null = invertPermutation(sortedIndices),
  ) {
    this.data = data;
    this.batchSizes = batchSizes;
    this.sortedIndices = sortedIndices;
    this.unsortedIndices = unsortedIndices;
  }

  /** The same with its data in another dtype. @example nn.utils.rnn.packSequence([ones(2)]).to("float64") */
  to(dtype: DType): PackedSequence {
    const { data, batchSizes, sortedIndices, unsortedIndices } = this;
    return data.dtype === dtype
      ? this
      : new PackedSequence(to(data, dtype), batchSizes, sortedIndices, unsortedIndices);
  }

  /** As PyTorch prints it. */
  toString(): string {
    const { data, batchSizes, sortedIndices, unsortedIndices } = this;
    const fields = { data, batch_sizes: batchSizes, sorted_indices: sortedIndices, unsorted_indices: unsortedIndices };
    return `PackedSequence(${Object.entries(fields)
      .map(([name, value]) => `${name}=${value ?? "None"}`)
      .join(", ")})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/**
 * The permutation that undoes another: of null, null. Mirrors `torch.nn.utils.rnn.invert_permutation`.
 * @example nn.utils.rnn.invertPermutation(tensor([2, 0, 1], { dtype: "int32" }))
 */
export function invertPermutation(permutation: Tensor | null): Tensor | null {
  if (!permutation) return null;
  const inverse: number[] = [];
  for (const [i, to] of numbersOf(permutation).entries()) inverse[to] = i;
  return int32(inverse);
}

/** Options of packPaddedSequence. */
export interface PackOptions {
  /** Whether the sequences are the first dimension, and the steps the second. Default: false. */
  batchFirst?: boolean;
  /** Whether the longest sequence has to be first, and so on; else they are sorted. Default: true. */
  enforceSorted?: boolean;
}

/**
 * Packs padded sequences. Mirrors `torch.nn.utils.rnn.pack_padded_sequence`.
 *
 * @param input (T, N, …), or (N, T, …) with batchFirst @param lengths of the N sequences, an array or an int32 vector
 * @throws unless there is a length for each, between 1 and T and, if that is enforced, sorted
 * @example
 * const padded = tensor([[1, 2, 0], [3, 0, 0], [4, 5, 6]]);
 * console.log(nn.utils.rnn.packPaddedSequence(padded, [2, 1, 3], { batchFirst: true, enforceSorted: false }));
 */
export function packPaddedSequence(
  input: Tensor,
  lengths: Tensor | readonly Int[],
  options?: PackOptions,
): PackedSequence {
  return seen("rnn.packPaddedSequence", [input, lengths, options], () => {
    const { batchFirst, enforceSorted } = readOptions(options, { batchFirst: false, enforceSorted: true });
    const given = numbersOf(lengths);
    const notVector = () =>
      `'lengths' argument should be a 1D CPU int64 tensor, but got ${(lengths as Tensor).ndim}D cpu Long tensor`;
    check(!("ndim" in lengths) || lengths.ndim === 1, notVector);
    normalizeDim(1, input.ndim);
    const places = given.map((_, i) => i);
    if (!enforceSorted) places.sort((a, b) => given[b] - given[a]);
    const sorted = places.map((i) => given[i]);
    const first = batchFirst ? transpose(input, 0, 1) : input; // (T, N, …)
    const [steps, samples, ...rest] = first.shape;
    checkLengths(sorted, first.shape);
    const batchSizes = times(sorted[0], (t) => sorted.filter((length) => length > t).length);
    const rows = batchSizes.flatMap((count, t) => places.slice(0, count).map((i) => t * samples + i));
    const data = indexSelect(reshape(first, [steps * samples, ...rest]), 0, int32(rows));
    return new PackedSequence(data, int32(batchSizes), enforceSorted ? null : int32(places));
  });
}

function checkLengths(sorted: readonly number[], [steps, samples, ...rest]: Shape): void {
  check(![steps, samples, ...rest].includes(0), "Cannot pack empty tensors.");
  const otherCount = () =>
    `Expected \`len(lengths)\` to be equal to batch_size, but got ${sorted.length} (batch_size=${samples})`;
  check(sorted.length === samples, otherCount);
  const empty = "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0";
  check(sorted[samples - 1] > 0, empty);
  const unsorted =
    "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass `enforce_sorted=False` " +
    "to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you do not need ONNX exportability: here " +
    "{ enforceSorted: false }";
  check(
    sorted.every((length, i) => i === 0 || length <= sorted[i - 1]),
    unsorted,
  );
  check(sorted[0] <= steps, () => `a sequence of length ${sorted[0]} is longer than the ${steps} steps of the input`);
}

/** Options of padSequence. */
export interface PadOptions {
  /** Whether the sequences are the first dimension, and the steps the second. Default: false. */
  batchFirst?: boolean;
  /** What stands after the end of a sequence. Default: 0. */
  paddingValue?: number;
}

/** Options of padPackedSequence. */
export interface PadPackedOptions extends PadOptions {
  /** How many steps there are to be, if more than the longest sequence has. Default: null. */
  totalLength?: Int | null;
}

/**
 * The reverse of packPaddedSequence: (T, N, …), or (N, T, …) with batchFirst, and the lengths, an int32 vector; both in the order
 * in which the sequences came. Mirrors `torch.nn.utils.rnn.pad_packed_sequence`.
 * @throws if a sequence is longer than totalLength
 * @example
 * const packed = nn.utils.rnn.packSequence([tensor([1, 2]), tensor([3])]);
 * console.log(nn.utils.rnn.padPackedSequence(packed, { batchFirst: true, paddingValue: -1 }));
 */
export function padPackedSequence(
  sequence: PackedSequence,
  options?: PadPackedOptions,
): [padded: Tensor, lengths: Tensor] {
  return seen("rnn.padPackedSequence", [sequence, options], () => {
    const { batchFirst, paddingValue, totalLength } = readOptions(options, { ...padDefaults, totalLength: null });
    const { data, unsortedIndices } = sequence;
    const batchSizes = numbersOf(sequence.batchSizes);
    const longest = batchSizes.length;
    const steps = totalLength ?? longest;
    const tooShort = () =>
      "Expected total_length to be at least the length of the longest sequence in input, but got " +
      `total_length=${steps} and max sequence length being ${longest}`;
    check(steps >= longest, tooShort);
    const [samples] = batchSizes;
    const places = unsortedIndices ? numbersOf(unsortedIndices) : times(samples, (i) => i);
    const starts = batchSizes.map((_, t) => batchSizes.slice(0, t).reduce((sum, count) => sum + count, 0));
    const padding = data.shape[0]; // the row after the last
    const rowOf = (t: number, place: number) => (place < batchSizes[t] ? starts[t] + place : padding);
    const rest = data.shape.slice(1);
    const paddingOf = (...shape: number[]) => full([...shape, ...rest], paddingValue, { dtype: data.dtype });
    const rows = times(longest, (t) => places.map((place) => rowOf(t, place))).flat();
    const sequences = reshape(indexSelect(cat([data, paddingOf(1)]), 0, int32(rows)), [longest, samples, ...rest]);
    const padded = steps > longest ? cat([sequences, paddingOf(steps - longest, samples)]) : sequences;
    const lengths = places.map((place) => batchSizes.filter((count) => count > place).length);
    const y = batchFirst ? transpose(padded, 0, 1) : padded;
    return [unsortedIndices ? contiguous(y) : y, int32(lengths)]; // sorted ones lie as PyTorch's do
  });
}

const padDefaults = { batchFirst: false, paddingValue: 0 };

/**
 * Sequences (L, …) of any lengths L as one tensor (T, N, …), or (N, T, …) with batchFirst, T being the longest length. Mirrors
 * `torch.nn.utils.rnn.pad_sequence`.
 * @example nn.utils.rnn.padSequence([tensor([1, 2, 3]), tensor([4])], { batchFirst: true, paddingValue: -1 })
 */
export function padSequence(sequences: readonly Tensor[], options?: PadOptions): Tensor {
  return seen("rnn.padSequence", [sequences, options], () => {
    const { batchFirst, paddingValue } = readOptions(options, padDefaults);
    check(sequences.length > 0, "received an empty list of sequences");
    const [{ dtype, shape }] = sequences;
    const longest = Math.max(...sequences.map(lengthOf));
    const rest = shape.slice(1);
    const padded = sequences.map((x) => {
      const whole = [lengthOf(x), ...rest];
      const together = broadcastShapes(whole, x.shape, "padSequence");
      const otherShape = () =>
        `output with shape ${formatShape(whole)} doesn't match the broadcast shape ${formatShape(together)}`;
      check(sameShape(together, whole), otherShape);
      const padding = full([longest - whole[0], ...rest], paddingValue, { dtype });
      return cat([to(expand(x, whole), dtype), padding]);
    });
    return stack(padded, batchFirst ? 0 : 1);
  });
}

function lengthOf({ ndim, shape }: Tensor): number {
  check(ndim > 0, "Dimension specified as 0 but tensor has no dimensions", RangeError);
  return shape[0];
}

/**
 * The reverse of padSequence. Mirrors `torch.nn.utils.rnn.unpad_sequence`.
 * @param lengths an array or an int32 vector
 * @example nn.utils.rnn.unpadSequence(tensor([[1, 2, 3], [4, 0, 0]]), [3, 1], { batchFirst: true })
 */
export function unpadSequence(
  paddedSequences: Tensor,
  lengths: Tensor | readonly Int[],
  options?: Pick<PadOptions, "batchFirst">,
): Tensor[] {
  const dim = options?.batchFirst ? 0 : 1;
  const count = Math.min(paddedSequences.shape[dim], numbersOf(lengths).length);
  const clipped = numbersOf(lengths).map((length) => Math.min(Math.max(length, 0), paddedSequences.shape[1 - dim]));
  return times(count, (i) => narrow(select(paddedSequences, dim, i), 0, 0, clipped[i]));
}

/**
 * Packs sequences (L, …) of any lengths: padSequence, then packPaddedSequence. Mirrors `torch.nn.utils.rnn.pack_sequence`.
 * @throws if the longest has to be first, and is not
 * @example nn.utils.rnn.packSequence([tensor([1]), tensor([2, 3])], { enforceSorted: false })
 */
export function packSequence(
  sequences: readonly Tensor[],
  options?: Pick<PackOptions, "enforceSorted">,
): PackedSequence {
  return seen("rnn.packSequence", [sequences, options], () => {
    return packPaddedSequence(padSequence(sequences), sequences.map(lengthOf), options);
  });
}

/**
 * The reverse of packSequence. Mirrors `torch.nn.utils.rnn.unpack_sequence`.
 * @example nn.utils.rnn.unpackSequence(nn.utils.rnn.packSequence([tensor([1, 2]), tensor([3])]))
 */
export function unpackSequence(packedSequences: PackedSequence): Tensor[] {
  const [padded, lengths] = padPackedSequence(packedSequences, { batchFirst: true });
  return unpadSequence(padded, lengths, { batchFirst: true });
}
