/** How large, small and precise the numbers of a dtype can be. */
import { check } from "./check.ts";
import { bytesOf, type DType, isFloatingPoint } from "./dtype.ts";

/** What floating point numbers of a dtype can be. */
export interface FloatLimits {
  readonly dtype: DType;
  /** Of one number. */
  readonly bits: number;
  /** The distance from 1 to the next larger number. */
  readonly eps: number;
  /** The largest number. */
  readonly max: number;
  /** The smallest number, -max. */
  readonly min: number;
  /** The smallest number above 0 that has all its digits. */
  readonly tiny: number;
  /** The same. */
  readonly smallestNormal: number;
  /** 10⁻ⁿ, where n decimal digits are always right. */
  readonly resolution: number;
}

/** What whole numbers of a dtype can be. */
export interface IntegerLimits {
  readonly dtype: DType;
  /** Of one number. */
  readonly bits: number;
  /** The largest number. */
  readonly max: number;
  /** The smallest number. */
  readonly min: number;
}

/** Digits, and the range of exponents, of floating point numbers by how many bits they have: IEEE 754. */
const formats: Readonly<Record<number, { digits: number; exponent: number; decimals: number }>> = {
  32: { digits: 24, exponent: 127, decimals: 6 },
  64: { digits: 53, exponent: 1023, decimals: 15 },
};

/**
 * What floating point numbers of a dtype can be: `eps`, `max`, `min`, `tiny`, `resolution`, `bits`. Mirrors `torch.finfo`.
 * @throws for another dtype
 * @example finfo("float32").eps
 */
export function finfo(dtype: DType = "float32"): FloatLimits {
  const noFloat = "torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'";
  check(isFloatingPoint(dtype), noFloat, TypeError);
  const bits = 8 * bytesOf(dtype);
  const { digits, exponent, decimals } = formats[bits];
  const eps = 2 ** (1 - digits);
  const max = (2 - eps) * 2 ** exponent;
  const tiny = 2 ** (1 - exponent);
  return { dtype, bits, eps, max, min: -max, tiny, smallestNormal: tiny, resolution: 10 ** -decimals };
}

/**
 * What whole numbers of a dtype can be: `max`, `min`, `bits`. Mirrors `torch.iinfo`.
 * @throws for another dtype
 * @example iinfo("int32").max
 */
export function iinfo(dtype: DType): IntegerLimits {
  const noInteger = "torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'";
  check(!isFloatingPoint(dtype), noInteger, TypeError);
  check(dtype !== "bool", "torch.bool is not supported by torch.iinfo", TypeError);
  const bits = 8 * bytesOf(dtype);
  return { dtype, bits, max: 2 ** (bits - 1) - 1, min: -(2 ** (bits - 1)) };
}
