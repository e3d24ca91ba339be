/**
 * What "lucidgrad/files" gives: tensors by name, in files that other programs read too, and checkpoints, which hold all that a
 * training needs to go on, and what TensorBoard shows of it. An entry point of its own, because it reads and writes files.
 * Read next: formats/safetensors.ts, what is in such a file, and formats/checkpoint.ts, how more than tensors is put there.
 */
import "../autograd/methods.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { packCheckpoint, unpackCheckpoint } from "./formats/checkpoint.ts";
import { readFile } from "./formats/read-file.ts";
import { parse, serialize } from "./formats/safetensors.ts";
import { writeFileAtomically } from "./formats/write-file.ts";

export type { Saved } from "./formats/checkpoint.ts";
export type { Bins } from "./histogram.ts";
export * from "./summary-writer.ts";

/**
 * Writes tensors, such as a model's state dict, to a safetensors file. Whoever looks at `path` sees the old file or the new
 * one, never half of one. Mirrors `safetensors.torch.save_file`.
 * @throws before anything is written, if there is something that cannot be stored, and says what
 * @example
 * const model = new nn.Linear(2, 1);
 * saveTensors(path, model.stateDict()); // PyTorch reads it with safetensors
 * console.log(Object.keys(loadTensors(path)));
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
 * @example
 * saveTensors(path, { x: tensor([1, 2]) });
 * const { x } = loadTensors(path);
 * console.log(x);
 */
export function loadTensors(path: string): Record<string, Tensor> {
  return parse(readFile(path), path).tensors;
}

/**
 * Writes everything that a training needs to go on: state dicts of the model, the optimizer and the schedule, the epoch, the
 * state of the random numbers. Tensors are stored as tensors, everything else as JSON beside them.
 * @throws before anything is written, if there is something that cannot be stored, and says where
 * @example
 * const model = new nn.Linear(2, 1);
 * const optimizer = new optim.Adam(model.parameters());
 * const state = { model: model.stateDict(), optimizer: optimizer.stateDict(), random: getRngState() };
 * saveCheckpoint(path, { epoch: 3, ...state });
 * const { epoch, random } = loadCheckpoint(path);
 * setRngState(random);
 * console.log(epoch);
 */
export function saveCheckpoint(path: string, value: object): void {
  const { tensors, metadata } = packCheckpoint(value);
  saveTensors(path, tensors, metadata);
}

/**
 * What saveCheckpoint was given. Its type is the caller's to know.
 * @throws if there is no such file, or it is damaged or no checkpoint
 * @example
 * saveCheckpoint(path, { epoch: 3, losses: [2.5, 1.25], best: tensor([1, 2]) });
 * console.log(loadCheckpoint(path));
 */
// biome-ignore lint/suspicious/noExplicitAny: as JSON.parse
export function loadCheckpoint(path: string): any {
  return unpackCheckpoint(parse(readFile(path), path), path);
}
