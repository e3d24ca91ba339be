/** Windows: weights that fade a piece of a signal in and out, before its frequencies are looked at. */
import { check } from "./check.ts";
import { type TensorOptions, tensor, zeros } from "./create.ts";
import { isFloatingPoint } from "./dtype.ts";
import { i0 } from "./kernels/bessel.ts";
import type { Int } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Weights for `length` numbers. A periodic window is one of length + 1 without its last weight.
 * @param weight of number k of 0 … last
 */
function windowOf(
  name: string,
  length: number,
  periodic: boolean,
  options: TensorOptions | undefined,
  weight: (k: number, last: number) => number,
): Tensor {
  const { dtype = "float32" } = options ?? {};
  check(isFloatingPoint(dtype), () => `${name} expects floating point dtypes, got: ${dtype}`);
  check(length >= 0, () => `${name} requires non-negative window_length, got window_length=${length}`);
  const last = periodic ? length : length - 1;
  const { data } = zeros(length, { dtype: "float64" });
  for (let k = 0; k < length; k++) data[k] = length === 1 ? 1 : weight(k, last);
  return tensor(data, { ...options, dtype });
}

const angle = (k: number, last: number): number => (2 * Math.PI * k) / last;

/** 1 - |2k / N - 1|: a triangle. Mirrors `torch.bartlett_window`. @example bartlettWindow(5, false) */
export const bartlettWindow = (windowLength: Int, periodic = true, options?: TensorOptions): Tensor =>
  windowOf("bartlett_window", windowLength, periodic, options, (k, last) => 1 - Math.abs((2 * k) / last - 1));

/** 0.42 - cos (2πk / N) / 2 + 0.08 cos (4πk / N). Mirrors `torch.blackman_window`. @example blackmanWindow(5, false) */
export const blackmanWindow = (windowLength: Int, periodic = true, options?: TensorOptions): Tensor =>
  windowOf("blackman_window", windowLength, periodic, options, (k, last) => {
    const phase = angle(k, last);
    return 0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase);
  });

/** α - β cos (2πk / N). Mirrors `torch.hamming_window`. @example hammingWindow(5, false) */
export const hammingWindow = (
  windowLength: Int,
  periodic = true,
  alpha = 0.54,
  beta = 0.46,
  options?: TensorOptions,
): Tensor =>
  windowOf("hamming_window", windowLength, periodic, options, (k, last) => alpha - beta * Math.cos(angle(k, last)));

/** (1 - cos (2πk / N)) / 2. Mirrors `torch.hann_window`. @example hannWindow(5, false) */
export const hannWindow = (windowLength: Int, periodic = true, options?: TensorOptions): Tensor =>
  windowOf("hann_window", windowLength, periodic, options, (k, last) => 0.5 - 0.5 * Math.cos(angle(k, last)));

/** I₀(β √(1 - (2k / N - 1)²)) / I₀(β). Mirrors `torch.kaiser_window`. @example kaiserWindow(5, false) */
export function kaiserWindow(windowLength: Int, periodic = true, beta = 12, options?: TensorOptions): Tensor {
  const largest = i0(beta);
  return windowOf("kaiser_window", windowLength, periodic, options, (k, last) => {
    const x = (2 * k) / last - 1;
    return i0(beta * Math.sqrt(1 - x * x)) / largest;
  });
}
