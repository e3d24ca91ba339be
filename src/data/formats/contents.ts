/** What a caller gives to be written, by name: checked before anything is. */
import { check } from "../../tensor/check.ts";
import { isPlain } from "../../tensor/plain.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { kindOf } from "./kind-of.ts";

/** @throws unless it is a plain object: of a Map, nothing would be written */
export function checkPlain(value: unknown): asserts value is Record<string, unknown> {
  check(isPlain(value), () => `expected a plain object, such as a state dict, but got ${kindOf(value)}`, TypeError);
}

/** @throws unless it is a plain object of tensors */
export function checkTensors(tensors: unknown): asserts tensors is Record<string, Tensor> {
  checkPlain(tensors);
  for (const [name, value] of Object.entries(tensors)) {
    check(value instanceof Tensor, () => `${shown(name)} is ${kindOf(value)}, not a tensor`, TypeError);
  }
}

/** A name for an error, not too long. */
export const shown = (name: string): string => JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
