/** How numbers lie in files, little-endian, and what they become here. */
import { check } from "../../tensor/check.ts";
import type { DType, TypedArray } from "../../tensor/dtype.ts";

interface Format {
  /** How many bytes a number has. */
  readonly bytes: number;
  /** What it is here. */
  readonly dtype: DType;
  /** The numbers; null if one does not fit. @param data bytes of their own, aligned */
  readonly read: (data: Uint8Array<ArrayBuffer>) => TypedArray | null;
}

/** Formats of safetensors whose numbers have no dtype here. */
export const unsupported = "C64 F8_E8M0 F8_E5M2 F8_E5M2FNUZ F8_E4M3 F8_E4M3FNUZ F6_E3M2 F6_E2M3 F4".split(" ");

/** Whole numbers of 64 bits as int32; null if one does not fit. Of each, the lower half comes first in memory. */
function lowerHalves(buffer: ArrayBuffer, isSigned: boolean): Int32Array | null {
  const halves = new Int32Array(buffer);
  const values = new Int32Array(halves.length / 2);
  for (let k = 0; k < values.length; k++) {
    values[k] = halves[2 * k];
    const fits = halves[2 * k + 1] === (isSigned ? values[k] >> 31 : 0);
    if (!fits || (!isSigned && values[k] < 0)) return null;
  }
  return values;
}

/** Whole numbers of 32 bits without a sign as int32; null if one does not fit. */
function unsigned(buffer: ArrayBuffer): Int32Array | null {
  const values = new Int32Array(buffer);
  return values.every((value) => value >= 0) ? values : null;
}

/** The numbers that such bits stand for. (`Float32Array.from` would make a list of them before.) */
function decoded(buffer: ArrayBuffer, decode: (bits: number) => number): Float32Array {
  const bits = new Uint16Array(buffer);
  const values = new Float32Array(bits.length);
  for (let k = 0; k < bits.length; k++) values[k] = decode(bits[k]);
  return values;
}

/** 1 sign bit, 5 of the exponent, 10 of the fraction. */
function halfPrecision(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper half of a float32. */
function brainFloats(buffer: ArrayBuffer): Float32Array {
  const halves = new Uint16Array(buffer);
  const bits = new Uint32Array(halves.length);
  for (let k = 0; k < halves.length; k++) bits[k] = halves[k] << 16;
  return new Float32Array(bits.buffer);
}

export const formats = {
  F64: { bytes: 8, dtype: "float64", read: ({ buffer }) => new Float64Array(buffer) },
  F32: { bytes: 4, dtype: "float32", read: ({ buffer }) => new Float32Array(buffer) },
  F16: { bytes: 2, dtype: "float32", read: ({ buffer }) => decoded(buffer, halfPrecision) },
  BF16: { bytes: 2, dtype: "float32", read: ({ buffer }) => brainFloats(buffer) },
  I64: { bytes: 8, dtype: "int32", read: ({ buffer }) => lowerHalves(buffer, true) },
  I32: { bytes: 4, dtype: "int32", read: ({ buffer }) => new Int32Array(buffer) },
  I16: { bytes: 2, dtype: "int32", read: ({ buffer }) => new Int32Array(new Int16Array(buffer)) },
  I8: { bytes: 1, dtype: "int32", read: ({ buffer }) => new Int32Array(new Int8Array(buffer)) },
  U64: { bytes: 8, dtype: "int32", read: ({ buffer }) => lowerHalves(buffer, false) },
  U32: { bytes: 4, dtype: "int32", read: ({ buffer }) => unsigned(buffer) },
  U16: { bytes: 2, dtype: "int32", read: ({ buffer }) => new Int32Array(new Uint16Array(buffer)) },
  U8: { bytes: 1, dtype: "int32", read: (data) => new Int32Array(data) },
  BOOL: { bytes: 1, dtype: "bool", read: (data) => data.map((byte) => (byte ? 1 : 0)) },
} satisfies Record<string, Format>;

export type FileType = keyof typeof formats;

/**
 * The numbers of a part of a file, which begins anywhere in it.
 * @param what they are, for errors @param format what the file calls theirs
 * @throws if one does not fit
 */
export function readNumbers(
  part: Uint8Array,
  type: FileType,
  isBig: boolean,
  what: string,
  format: string,
): TypedArray {
  const bytes = new Uint8Array(part); // a copy, which is aligned
  if (isBig) swapBytes(bytes, formats[type].bytes);
  const values = formats[type].read(bytes);
  const tooLarge = () => `${what} has numbers beyond int32: ${format} that does not fit int32 is not supported`;
  check(values !== null, tooLarge);
  return values;
}

/** Puts the bytes of each number in the other order, big-endian or little-endian. */
function swapBytes({ buffer }: Uint8Array<ArrayBuffer>, width: number): void {
  const bytes = Buffer.from(buffer);
  if (width === 2) bytes.swap16();
  if (width === 4) bytes.swap32();
  if (width === 8) bytes.swap64();
}

/** In which format a tensor is written. PyTorch counts batches in int64. */
export function fileTypeOf(name: string, dtype: DType): FileType {
  if (dtype === "int32") return /(^|\.)num_batches_tracked$/.test(name) ? "I64" : "I32";
  return ({ float32: "F32", float64: "F64", bool: "BOOL" } as const)[dtype];
}

/** The bytes of a tensor's numbers, in the format that `fileTypeOf` says: but for I64, they lie in memory as in the file. */
export function bytesOf(values: TypedArray, type: FileType): Uint8Array {
  const { buffer, byteOffset, byteLength } = type === "I64" ? BigInt64Array.from(values, BigInt) : values;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
