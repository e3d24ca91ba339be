/**
 * What goes to PyTorch, and comes from there: its files, and models as programs of its own.
 * Read next: read.ts, which reads a file, and trace.ts, which sees what a model does.
 */
import { readFile } from "../data/formats/read-file.ts";
import { writeFileAtomically } from "../data/formats/write-file.ts";
import type { Module } from "../nn/module.ts";
import type { ModelInput } from "./examples.ts";
import { inPython, type ToPyTorchOptions } from "./in-python.ts";

export type { ModelInput, Moving, MovingDims } from "./examples.ts";
export type { ToPyTorchOptions } from "./in-python.ts";
export type { Descent, Scheduling, TrainedGroup } from "./training.ts";

import { parsePyTorch } from "./read.ts";
import { serializePyTorch } from "./write.ts";

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
 * Writes a model as a program for PyTorch, into a folder: model.py, which makes the same network of PyTorch's layers;
 * weights.safetensors, its state dict; and train.py, which goes on training it, in one process or, with `torchrun`, in several, which
 * divide each batch among them. data.safetensors has its samples, if they are not random.
 *
 * The forward of a class of one's own is seen while it runs, in evaluation and in training, and with inputs of several sizes. A size that
 * follows from the inputs' does so in Python; a condition or a loop is written as it went, if it always went so.
 * @param inputs an example of what the model takes, with some samples
 * @throws before anything is written, if something cannot be written in Python, and says what
 * @example
 * const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 3));
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
 * toPyTorch(model, path, [rand([2, 4])], { optimizer }); // python3 train.py
 * console.log(Object.keys(loadTensors(`${path}/weights.safetensors`)));
 */
export function toPyTorch(
  model: Module,
  folder: string,
  inputs: readonly ModelInput[],
  options?: ToPyTorchOptions,
): void {
  const texts = inPython(model, inputs, options);
  for (const [name, content] of Object.entries(texts)) writeFileAtomically(`${folder}/${name}`, content);
}
