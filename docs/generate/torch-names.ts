/** What a name is called in PyTorch: what is said here or in its comment, after "Mirrors"; else the same in snake_case. */

/** `logSoftmax` as `log_softmax`; names of classes stay. */
export const snakeCase = (name: string): string =>
  /^[A-Z]/.test(name) ? name : name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Where the source does not say it; null for what PyTorch does not have. */
const exceptions: Readonly<Record<string, string | null>> = {
  toSvg: "`torchviz.make_dot(…).render()`",
  NetworkSummary: "torchinfo.ModelStatistics",
  setBackend: null,
  getBackend: null,
  "nn.init.fanInAndOut": null,
  "optim.lrScheduler.LRScheduler": "torch.optim.lr_scheduler._LRScheduler",
  ImageDataset: null,
  saveCheckpoint: null,
  loadCheckpoint: null,
  toPyTorch: null,
  "safetensors.serialize": "safetensors.torch.save",
  "safetensors.parse": "safetensors.torch.load",
  readPng: null,
  imageGrid: null,
};

/**
 * PyTorch's name for `prefix + name`, as Markdown.
 * @param said what the name's comment says
 * @param place where PyTorch has what its page shows, if it has
 * @throws if nobody says it, and there is no such place
 */
export function torchName(prefix: string, name: string, said?: string, place?: string): string {
  const excepted = exceptions[prefix + name];
  if (excepted === null) return "no counterpart";
  const mirrored = excepted ?? said ?? (place && `${place}.${snakeCase(name)}`);
  if (!mirrored) throw new Error(`${prefix}${name}: its comment does not say what it mirrors`);
  return /^[\w.]+$/.test(mirrored) ? `\`${mirrored}\`` : mirrored;
}
