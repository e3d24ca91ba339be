/** Finding the operation whose gradient is NaN: while this is on, every node notes which call made it. */
import { check } from "../tensor/check.ts";
import { elementsOf, type Tensor } from "../tensor/tensor.ts";
import { synchronously } from "./synchronous.ts";

let detecting = false;

/**
 * Whether anomalies are being looked for. Mirrors `torch.is_anomaly_enabled`.
 * @example console.log(isAnomalyEnabled(), detectAnomaly(isAnomalyEnabled))
 */
export const isAnomalyEnabled = (): boolean => detecting;

/**
 * Switches the search on or off. It makes recording several times slower. Mirrors `torch.autograd.set_detect_anomaly`.
 * @example
 * setDetectAnomaly(true);
 * console.log(isAnomalyEnabled());
 * setDetectAnomaly(false);
 */
export function setDetectAnomaly(mode: boolean): void {
  detecting = mode;
}

/**
 * Runs a synchronous function with the search on: where a backward pass in it makes a NaN, or finds a saved tensor changed,
 * the error says which forward call is to blame, if that was made with the search on too. Mirrors `with torch.autograd.detect_anomaly():`.
 * @throws if the function returns a promise
 * @example
 * const x = tensor(0, { requiresGrad: true });
 * try {
 *   detectAnomaly(() => x.mul(0).div(x).backward());
 * } catch (error) {
 *   console.log((error as Error).message.split("\n")[0]);
 * }
 */
export function detectAnomaly<T>(run: () => T): T {
  const before = detecting;
  detecting = true;
  try {
    return synchronously("detectAnomaly takes", run);
  } finally {
    detecting = before;
  }
}

/** Where the program is, if anomalies are being looked for. */
export const callIfDetecting = (): string | null =>
  detecting ? (new Error().stack?.replace(/^Error\n/, "") ?? null) : null;

/** Where an operation was called, for an error of its gradient. */
export const forwardCall = (call: string | null): string => (call ? `\nThe forward call that caused it:\n${call}` : "");

/** @throws if the gradient that node `name` gives its input number i has a NaN */
export function checkNaN(dx: Tensor, name: string, i: number, call: string | null): void {
  const hasNaN = () => `Function '${name}' returned nan values in its ${i}th output.${forwardCall(call)}`;
  check(!elementsOf(dx).some(Number.isNaN), hasNaN);
}
