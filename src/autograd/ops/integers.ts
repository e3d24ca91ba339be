/** What only whole numbers have: bits, and divisors in common. Truths are whole numbers of one bit. */
import { applyBinary, applyUnary } from "../../tensor/apply.ts";
import type { DType } from "../../tensor/dtype.ts";
import type { BinaryKernel } from "../../tensor/kernels/elementwise.ts";
import * as kernels from "../../tensor/kernels/integers.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { logicalNot } from "./logical.ts";
import { checkTakes, isWhole } from "./shared/implemented.ts";
import { type Operand, promoted } from "./shared/promotion.ts";

const isInteger = (dtype: DType): boolean => dtype === "int32";

/** y = kernel(a, b), for dtypes that PyTorch's kernel `called` takes */
const ofWhole =
  (name: string, kernel: BinaryKernel, called: string, takes: (dtype: DType) => boolean) =>
  (input: Operand, other: Operand): Tensor => {
    const [a, b] = promoted(input, other);
    checkTakes(called, a, takes);
    return applyBinary(kernel, a, b, name);
  };

/**
 * y = a and b, bit by bit. Mirrors `torch.bitwise_and`.
 * @throws for floating point numbers
 * @example tensor([6, 5], { dtype: "int32" }).bitwiseAnd(3)
 */
export const bitwiseAnd = ofWhole("bitwiseAnd", kernels.bitwiseAnd, "bitwise_and_cpu", isWhole);

/**
 * y = a or b, bit by bit. Mirrors `torch.bitwise_or`.
 * @throws for floating point numbers
 * @example tensor([6, 5], { dtype: "int32" }).bitwiseOr(3)
 */
export const bitwiseOr = ofWhole("bitwiseOr", kernels.bitwiseOr, "bitwise_or_cpu", isWhole);

/**
 * y = either a or b, bit by bit. Mirrors `torch.bitwise_xor`.
 * @throws for floating point numbers
 * @example tensor([6, 5], { dtype: "int32" }).bitwiseXor(3)
 */
export const bitwiseXor = ofWhole("bitwiseXor", kernels.bitwiseXor, "bitwise_xor_cpu", isWhole);

/**
 * y = not x, bit by bit: -x - 1. Mirrors `torch.bitwise_not`.
 * @throws for floating point numbers
 * @example tensor([0, 5], { dtype: "int32" }).bitwiseNot()
 */
export function bitwiseNot(x: Tensor): Tensor {
  checkTakes("bitwise_not_cpu", x, isWhole);
  return x.dtype === "bool" ? logicalNot(x) : applyUnary(kernels.bitwiseNot, x);
}

/**
 * y = a · 2ᵇ: bits shifted to the left. Mirrors `torch.bitwise_left_shift`.
 * @throws for what is not int32
 * @example tensor([1, 5], { dtype: "int32" }).bitwiseLeftShift(2)
 */
export const bitwiseLeftShift = ofWhole("bitwiseLeftShift", kernels.bitwiseLeftShift, "lshift_cpu", isInteger);

/**
 * y = a / 2ᵇ, rounded down: bits shifted to the right. Mirrors `torch.bitwise_right_shift`.
 * @throws for what is not int32
 * @example tensor([16, -5], { dtype: "int32" }).bitwiseRightShift(2)
 */
export const bitwiseRightShift = ofWhole("bitwiseRightShift", kernels.bitwiseRightShift, "rshift_cpu", isInteger);

const [divisor, multiple] = [
  ofWhole("gcd", kernels.gcd, "gcd_cpu", isInteger),
  ofWhole("lcm", kernels.lcm, "lcm_cpu", isInteger),
];

/**
 * The greatest whole number that divides a and b. Mirrors `torch.gcd`.
 * @throws for what is not int32
 * @example tensor([12, 7], { dtype: "int32" }).gcd(tensor([18, 21], { dtype: "int32" }))
 */
export const gcd = (input: Tensor, other: Tensor): Tensor => divisor(input, other);

/**
 * The least whole number that a and b divide. Mirrors `torch.lcm`.
 * @throws for what is not int32
 * @example tensor([4, 7], { dtype: "int32" }).lcm(tensor([6, 3], { dtype: "int32" }))
 */
export const lcm = (input: Tensor, other: Tensor): Tensor => multiple(input, other);
