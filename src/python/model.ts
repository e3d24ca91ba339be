/** A model as a program in Python: model.py, with a class for each class of one's own, and a function that makes the model. */
import type { Module } from "../nn/module.ts";
import { check } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Classes } from "./classes.ts";
import { inputsOf, type ModelInput, type MovingDims, RUNS } from "./examples.ts";
import { attribute } from "./frame.ts";
import { isLayer } from "./layers.ts";
import { checkName } from "./python-names.ts";
import { trace } from "./trace.ts";

/** The text of model.py, and what the model gives for these inputs. @throws if something cannot be written in Python, and says what */
export function modelInPython(
  model: Module,
  inputs: readonly ModelInput[],
  moving: MovingDims,
): { source: string; output: unknown } {
  check(inputs.length > 0, "a model is traced with an example of its inputs: give it at least one");
  checkState(model);
  const isTraced = (module: Module) => !isLayer(module);
  const given = Array.from({ length: RUNS }, (_, k) => inputsOf(inputs, moving, k));
  const [evaluating, training] = [false, true].map((mode) => given.map((xs) => trace(model, xs, isTraced, mode)));
  const classes = new Classes((module) => ({
    evaluating: evaluating.flatMap(({ traces }) => traces.get(module) ?? []),
    training: training.flatMap(({ traces }) => traces.get(module) ?? []),
  }));
  const made = classes.expression(model, "", "    ");
  const changes = [...tied(model), ...frozen(model)];
  const lines = [
    '"""The model, as lucidgrad wrote it."""',
    "",
    "import json",
    "",
    "import torch",
    "import torch.nn.functional as F",
    "from torch import nn",
    ...[...classes.texts.values()].flatMap((text) => ["", "", text]),
    "",
    "",
    "def make_model():",
    ...(changes.length === 0 ? [`    return ${made}`] : [`    model = ${made}`, ...changes, "    return model"]),
    "",
    "",
    reader,
  ];
  return { source: lines.join("\n"), output: evaluating[0].output };
}

/** What reads weights.safetensors, of Python alone. */
const reader = `def read_tensors(path):
    """The tensors of a safetensors file, as safetensors.torch.load_file gives them, but for whole numbers, which become int64."""
    dtypes = {"F32": torch.float32, "F64": torch.float64, "I32": torch.int32, "I64": torch.int64, "BOOL": torch.bool}
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            dtype = dtypes[entry["dtype"]]
            x = torch.frombuffer(data[start:end], dtype=dtype) if end > start else torch.empty(0, dtype=dtype)
            tensors[name] = (x.long() if dtype == torch.int32 else x).reshape(entry["shape"])
    return tensors
`;

/** What Python would not have as it is here. */
function checkState(model: Module): void {
  const state = [...model.namedParameters(), ...model.namedBuffers()];
  const paths = [...model.namedModules().slice(1), ...state]; // the first is the model, which has none
  for (const [path] of paths) path.split(".").forEach(checkName);
  const double = state.find(([, { dtype }]) => dtype === "float64");
  check(!double, () => `${double?.[0]} is float64, but the model in Python is float32: model.float() makes it so`);
}

/** Lines that make what is in several places one thing there, too: modules, then parameters and buffers of others. */
function tied(model: Module): string[] {
  const firstPath = new Map<Module, string>();
  const lines: string[] = [];
  const repeated: string[] = [];
  const tie = (path: string, first: string) =>
    lines.push(`    ${attribute(`model.${path}`)} = ${attribute(`model.${first}`)}`);
  const visit = (module: Module, path: string): void => {
    const first = firstPath.get(module);
    if (first === undefined) {
      firstPath.set(module, path);
      for (const [name, child] of module.namedChildren()) visit(child, path ? `${path}.${name}` : name);
    } else {
      tie(path, first);
      repeated.push(`${path}.`);
    }
  };
  visit(model, "");
  const state = Object.entries(model.stateDict());
  for (const [i, [name, x]] of state.entries()) {
    if (repeated.some((prefix) => name.startsWith(prefix))) continue;
    const isSame = ([, y]: [string, Tensor]) => y.storage === x.storage && y.offset === x.offset && y.numel === x.numel;
    const [first] = state.slice(0, i).find(isSame) ?? [];
    if (first !== undefined && x.numel > 0) tie(name, first);
  }
  return lines;
}

/** Lines that say which parameters are not trained. */
const frozen = (model: Module): string[] =>
  model
    .namedParameters()
    .filter(([, parameter]) => !parameter.requiresGrad)
    .map(([name]) => `    ${attribute(`model.${name}`)}.requires_grad_(False)`);
