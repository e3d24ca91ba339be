/**
 * What "lucidgrad/files" gives: tensors by name, in files that other programs read too, and checkpoints, which hold all that a
 * training needs to go on. An entry point of its own, because it reads and writes files.
 * Read next: formats/safetensors.ts, what is in such a file, and formats/checkpoint.ts, how more than tensors is put there.
 */
import { existsSync, readFileSync } from "node:fs";
import { check } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { packCheckpoint, unpackCheckpoint } from "./formats/checkpoint.ts";
import { parse, type SafetensorsFile, serialize } from "./formats/safetensors.ts";
import { writeFileAtomically } from "./formats/write-file.ts";

export type { Saved } from "./formats/checkpoint.ts";

/**
 * Writes tensors, such as a model's state dict, to a safetensors file. Whoever looks at `path` sees the old file or the new
 * one, never half of one. Mirrors `safetensors.torch.save_file`.
 */
export function saveTensors(
  path: string,
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): void {
  writeFileAtomically(path, serialize(tensors, metadata));
}

/**
 * The tensors of a safetensors file, by name. Mirrors `safetensors.torch.load_file`.
 * @throws if there is no such file, or it is damaged
 */
export function loadTensors(path: string): Record<string, Tensor> {
  return readSafetensors(path).tensors;
}

/**
 * Writes everything that a training needs to go on: state dicts of the model, the optimizer and the schedule, the epoch, the
 * state of the random numbers. Tensors are stored as tensors, everything else as JSON beside them.
 *
 *     saveCheckpoint("run.safetensors", { model: model.stateDict(), optimizer: optimizer.stateDict(), epoch, random: getRngState() })
 *
 * @throws before anything is written, if there is something that cannot be stored, and says where
 */
export function saveCheckpoint(path: string, value: object): void {
  const { tensors, metadata } = packCheckpoint(value);
  saveTensors(path, tensors, metadata);
}

/**
 * What saveCheckpoint was given. Its type is the caller's to know.
 * @throws if there is no such file, or it is damaged or no checkpoint
 */
// biome-ignore lint/suspicious/noExplicitAny: as JSON.parse
export function loadCheckpoint(path: string): any {
  return unpackCheckpoint(readSafetensors(path), path);
}

function readSafetensors(path: string): SafetensorsFile {
  check(existsSync(path), () => `${path}: there is no such file`);
  return parse(readFileSync(path), path);
}
