/**
 * What a network computes on its way, by the names of torchvision.models.feature_extraction: `layer1.0.conv1` is what the module of
 * that name gives, `layer1.0.add` an operation in the forward of `layer1.0`; a second one of that name is `layer1.0.add_1`. torchvision
 * looks at a network without running it; here it is run, and its steps are told while it runs.
 */
import * as nn from "../nn/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { BECOMES, watchCalls } from "../tensor/watch.ts";
import * as ops from "../vision/ops/index.ts";

/** Is told of a node: its name, and what it gives. */
export type NodeWatcher = (name: string, value: unknown) => void;

/** Layers, which have no nodes within, but for one that only calls others. */
const layers = new Set<object>(
  Object.values(nn).flatMap((made) => (typeof made === "function" && made !== nn.Sequential ? [made.prototype] : [])),
);
const blocks = Object.values(ops).filter((made) => made !== ops.stochasticDepth) as (typeof ops.MLP)[];

/** Whether it is one node: of a class of nn, or of a class of `ops` or one that extends it. */
const isNode = (module: nn.Module): boolean =>
  layers.has(Object.getPrototypeOf(module)) || blocks.some((Block) => module instanceof Block);

/** `add`, of which this is the second, as `add_1`; what a name itself ends with, `ln_1`, torchvision takes for such a number. */
class Names {
  readonly #counts = new Map<string, number>();

  next(path: readonly string[]): string {
    const name = path
      .filter(Boolean)
      .join(".")
      .replace(/(?<=.)_\d+$/, "");
    const count = this.#counts.get(name) ?? 0;
    this.#counts.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  }
}

/** Runs a network, and tells of its nodes in the order in which they are computed. */
export function runWatched(model: nn.Module, inputs: readonly Tensor[], tell: NodeWatcher): unknown {
  const names = new Names();
  const modules: [name: string, isNode: boolean][] = [];
  const isWithinNode = () => modules.some(([, isNode]) => isNode);
  for (const [i, x] of inputs.entries()) tell(names.next([inputs.length === 1 ? "x" : `x${i}`]), x);
  const handles = model.namedModules().flatMap(([name, module]) => [
    module.registerForwardPreHook(() => {
      modules.push([name, isNode(module)]);
    }),
    module.registerForwardHook((_, __, output) => {
      const [, isNode] = modules.pop() as (typeof modules)[number];
      if (isNode && !isWithinNode()) tell(names.next([name]), output);
    }),
  ]);
  const tellOperation = (name: string, _: unknown, y: unknown) => {
    if (name !== BECOMES && !isWithinNode()) tell(names.next([modules.at(-1)?.[0] ?? "", inPython(name)]), y);
  };
  try {
    return watchCalls(tellOperation, () => model.forward(...inputs));
  } finally {
    for (const handle of handles) handle.remove();
  }
}

/** `log_softmax`; parts of tensors are `getitem`, whatever they are called here. */
const inPython = (name: string): string =>
  /^(select|slice|narrow|index)$/.test(name)
    ? "getitem"
    : name.replace(/^F\./, "").replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
