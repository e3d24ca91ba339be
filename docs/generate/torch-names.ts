/**
 * What a name is called in PyTorch: the same in snake_case, where PyTorch has that name, as test/fixtures/torch_names.py
 * found; else what is said here, or in the source.
 */
import { readFileSync } from "node:fs";

const file = new URL("../../test/fixtures/torch_names.json", import.meta.url);
const known = Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>);
const names = new Set(known.flatMap(([place, members]) => members.split(" ").map((name) => `${place}.${name}`)));

/** Whether PyTorch has it. */
export const isTorchName = (name: string): boolean => names.has(name);

/** `logSoftmax` as `log_softmax`; names of classes stay. */
export const snakeCase = (name: string): string =>
  /^[A-Z]/.test(name) ? name : name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Names that the rule does not find: PyTorch's own, or plain words; null for what PyTorch does not have. */
const exceptions: Readonly<Record<string, string | null>> = {
  "Tensor.strides": "torch.Tensor.stride",
  "Tensor.offset": "torch.Tensor.storage_offset",
  "Tensor.toArray": "torch.Tensor.tolist",
  "Tensor.toString": "Python's `str(x)`",
  "Tensor.slice": "Python's `x[start:end:step]`",
  "Tensor.index": "Python's `x[…]`",
  Slice: "Python's `slice`",
  defineFunction: "torch.autograd.Function",
  toSvg: "`torchviz.make_dot(…).render()`",
  NetworkSummary: "torchinfo.ModelStatistics",
  setBackend: null,
  getBackend: null,
  "nn.init.fanInAndOut": null,
  "optim.lrScheduler.LRScheduler": "torch.optim.lr_scheduler._LRScheduler",
  ImageDataset: null,
  saveCheckpoint: "torch.save",
  loadCheckpoint: "torch.load",
  "safetensors.serialize": "safetensors.torch.save",
  "safetensors.parse": "safetensors.torch.load",
  readPng: "torchvision.io.read_image",
  imageGrid: "torchvision.utils.make_grid",
};

/**
 * PyTorch's name for `prefix + name`, as Markdown: by the rule, that in the first of `places` which has one; else
 * what its comment says that it mirrors.
 * @throws if neither the rule nor the table nor the comment has an answer, or the rule and the table
 */
export function torchName(prefix: string, name: string, places: readonly string[], said?: string): string {
  const excepted = exceptions[prefix + name];
  const regular = places.map((place) => `${place}.${snakeCase(name)}`).find(isTorchName);
  if (excepted === undefined && !regular && !said)
    throw new Error(`${prefix}${name}: say in torch-names.ts what PyTorch calls it`);
  if (excepted !== undefined && regular) throw new Error(`${prefix}${name} is ${regular} without an exception`);
  if (excepted === null) return "no counterpart";
  const mirrored = excepted ?? regular ?? `${said}`;
  return /^[\w.]+$/.test(mirrored) ? `\`${mirrored}\`` : mirrored;
}
