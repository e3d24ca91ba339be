/** Whether operations are being recorded. */
import { synchronously } from "./synchronous.ts";

let recording = true;

/** Whether operations are recorded. Mirrors `torch.is_grad_enabled`. @example console.log(noGrad(isGradEnabled)) */
export const isGradEnabled = (): boolean => recording;

/** Runs a synchronous function with recording on or off, and puts it back as it was, also after an error. */
export function withGradMode<T>(mode: boolean, run: () => T): T {
  const before = recording;
  recording = mode;
  try {
    return synchronously("noGrad, enableGrad and setGradEnabled take", run);
  } finally {
    recording = before;
  }
}

/**
 * Nothing that `run` does is recorded. Mirrors `with torch.no_grad():`.
 * @example
 * const x = ones(2, { requiresGrad: true });
 * console.log(x.mul(2).requiresGrad, noGrad(() => x.mul(2)).requiresGrad);
 */
export const noGrad = <T>(run: () => T): T => withGradMode(false, run);

/**
 * Recording again, inside `noGrad`. Mirrors `with torch.enable_grad():`.
 * @example
 * const x = ones(2, { requiresGrad: true });
 * console.log(noGrad(() => enableGrad(() => x.mul(2))).requiresGrad);
 */
export const enableGrad = <T>(run: () => T): T => withGradMode(true, run);

/**
 * Recording on or off for `run`; without it, from now on. Mirrors `torch.set_grad_enabled`, which serves a loop that trains in
 * one phase and evaluates in the other.
 * @example
 * const x = ones(2, { requiresGrad: true });
 * for (const phase of ["train", "eval"]) {
 *   const y = setGradEnabled(phase === "train", () => x.mul(2));
 *   console.log(phase, y.requiresGrad);
 * }
 */
export function setGradEnabled(mode: boolean): void;
export function setGradEnabled<T>(mode: boolean, run: () => T): T;
export function setGradEnabled<T>(mode: boolean, run?: () => T): T | undefined {
  if (run) return withGradMode(mode, run);
  recording = mode;
  return undefined;
}
