/**
 * Tensors by name, in files that other programs read too, NumPy's among them, and checkpoints, which hold all that a training needs to
 * go on, and what TensorBoard shows of it. PyTorch's own files are in ../python.
 * Read next: formats/safetensors.ts, what is in such a file, and formats/checkpoint.ts, how more than tensors is put there.
 */
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { packCheckpoint, unpackCheckpoint } from "./formats/checkpoint.ts";
import { parseNpy, parseNpz, serializeNpy, serializeNpz } from "./formats/npy.ts";
import { readFile } from "./formats/read-file.ts";
import { parse, type SafetensorsFile, serialize } from "./formats/safetensors.ts";
import { writeFileAtomically } from "./formats/write-file.ts";
import { isZip } from "./formats/zip.ts";

export type { Saved } from "./formats/checkpoint.ts";
export type { Chart, ChartLayout } from "./formats/summaries.ts";
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
  return readSafetensors(path).tensors;
}

function readSafetensors(path: string): SafetensorsFile {
  const file = readFile(path);
  check(
    !isZip(file),
    () => `${path}: it is a zip file, not safetensors: read PyTorch's with load, NumPy's with loadNpz`,
  );
  return parse(file, path);
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
  return unpackCheckpoint(readSafetensors(path), path);
}

/**
 * Writes a tensor as NumPy's array, .npy. Mirrors `numpy.save`.
 * @example
 * saveNpy(path, tensor([[1, 2], [3, 4]])); // numpy.load(path) in Python
 * console.log(loadNpy(path));
 */
export function saveNpy(path: string, x: Tensor): void {
  writeFileAtomically(path, serializeNpy(x));
}

/**
 * The array of a file of NumPy's, .npy, in whatever order its elements lie. float16 becomes float32, whole numbers int32.
 * Mirrors `numpy.load`.
 * @throws if there is no such file, it is damaged, or its elements have no dtype here
 * @example
 * saveNpy(path, arange(3));
 * console.log(loadNpy(path).add(1));
 */
export function loadNpy(path: string): Tensor {
  return parseNpy(readFile(path), path);
}

/** How saveNpz writes. */
export interface SaveNpzOptions {
  /** Whether the file is packed: it is smaller, and takes longer. Default: false. */
  compressed?: boolean;
}

/**
 * Writes tensors by name as NumPy's arrays, .npz. Mirrors `numpy.savez`, and `numpy.savez_compressed`.
 * @example
 * saveNpz(path, { x: rand([2, 3]), labels: tensor([0, 1], { dtype: "int32" }) }, { compressed: true });
 * console.log(Object.keys(loadNpz(path))); // numpy.load(path)["x"] in Python
 */
export function saveNpz(path: string, tensors: Readonly<Record<string, Tensor>>, options?: SaveNpzOptions): void {
  const { compressed } = readOptions(options, { compressed: false });
  writeFileAtomically(path, serializeNpz(tensors, compressed));
}

/**
 * The arrays of a file of `numpy.savez` or `numpy.savez_compressed`, by name. Mirrors `numpy.load`.
 * @throws if there is no such file, it is damaged, or elements have no dtype here
 * @example
 * saveNpz(path, { x: tensor([1, 2]) });
 * const { x } = loadNpz(path);
 * console.log(x);
 */
export function loadNpz(path: string): Record<string, Tensor> {
  return parseNpz(readFile(path), path);
}
