/**
 * What "lucidgrad/files" gives: tensors by name, in files that other programs read too, and checkpoints, which hold all that a
 * training needs to go on, and what TensorBoard shows of it. An entry point of its own, because it reads and writes files.
 * Read next: formats/safetensors.ts, what is in such a file, formats/checkpoint.ts, how more than tensors is put there, and
 * formats/pytorch.ts, what PyTorch's own files are.
 */
import "../autograd/methods.ts";
import { join } from "node:path";
import type { Module } from "../nn/module.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { Tensor } from "../tensor/tensor.ts";
import { packCheckpoint, unpackCheckpoint } from "./formats/checkpoint.ts";
import { parseNpy, parseNpz, serializeNpy, serializeNpz } from "./formats/npy.ts";
import { parsePyTorch } from "./formats/pytorch.ts";
import { serializePyTorch } from "./formats/pytorch-write.ts";
import { readFile } from "./formats/read-file.ts";
import { parse, type SafetensorsFile, serialize } from "./formats/safetensors.ts";
import { writeFileAtomically } from "./formats/write-file.ts";
import { isZip } from "./formats/zip.ts";

import { modelInPython } from "./python/model.ts";
import { trainScript } from "./python/train-script.ts";

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
 * Writes a file that PyTorch reads: a state dict, or any plain objects, Maps, lists, Sets, numbers, texts, truths and tensors in each
 * other. Tensors that share memory share it in the file; an optimizer's state dict is PyTorch's there. Mirrors `torch.save`.
 * @throws before anything is written, if there is something that is no data, and says where
 * @example
 * const model = new nn.Linear(2, 1);
 * const optimizer = new optim.Adam(model.parameters());
 * save({ epoch: 3, model: model.stateDict(), optimizer: optimizer.stateDict() }, path); // torch.load(path) in Python
 * console.log(Object.keys(load(path)));
 */
export function save(value: unknown, path: string): void {
  writeFileAtomically(path, serializePyTorch(value));
}

/**
 * What torch.save, of PyTorch 1.6 or newer, or `save` was given; its type is the caller's to know. A dict is a plain object, or a Map if it
 * has keys that are no texts; lists and tuples are lists; whole numbers beyond 2⁵³ are bigints. float16 and bfloat16 become
 * float32, whole numbers int32; tensors of other devices are here, too. An optimizer's state dict is one for `loadStateDict`.
 * Mirrors `torch.load` with `weights_only=True`: nothing in a file is ever run.
 * @throws if there is no such file, it is damaged, or it holds Python code, and says what to do
 * @example
 * save({ epoch: 3, x: tensor([1, 2]) }, path);
 * const { epoch, x } = load(path);
 * console.log(epoch, x);
 */
// biome-ignore lint/suspicious/noExplicitAny: as JSON.parse
export function load(path: string): any {
  return parsePyTorch(readFile(path), path);
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

/**
 * Writes a model as a program for PyTorch, into a folder: model.py, which makes the same network of PyTorch's layers; weights.pth, its
 * state dict; and train.py, which goes on training it, also on several machines with `torchrun`.
 *
 * The forward of a class of one's own is seen while it runs, in evaluation, and written as calls of PyTorch's. A size that is a
 * multiple of the input's first one stays so; a condition or a loop is written as it went, and what is done in training alone is
 * not there, unless it is a layer, such as Dropout.
 * @param inputs an example of what the model takes, with some samples
 * @throws before anything is written, if something cannot be written in Python, and says what
 * @example
 * const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 3));
 * toPyTorch(model, path, [rand([2, 4])]); // python3 train.py
 * console.log(Object.keys(load(`${path}/weights.pth`)));
 */
export function toPyTorch(model: Module, folder: string, inputs: readonly Tensor[]): void {
  const { source, output } = modelInPython(model, inputs);
  check(output instanceof Tensor, "a model that gives several tensors cannot be trained by train.py yet", TypeError);
  writeFileAtomically(join(folder, "model.py"), source);
  writeFileAtomically(join(folder, "weights.pth"), serializePyTorch(model.stateDict()));
  writeFileAtomically(join(folder, "train.py"), trainScript(inputs, output));
}
