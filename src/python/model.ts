/** A model as a program in Python: model.py, with a class for each class of one's own, and a function that makes the model. */
import { cat, flip } from "../autograd/ops/index.ts";
import type { Module } from "../nn/module.ts";
import { check } from "../tensor/check.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { Tensor } from "../tensor/tensor.ts";
import { type Expression, numberText } from "./expressions.ts";
import { isLayer, layerInPython } from "./layers.ts";
import { isSame, type Trace, trace } from "./trace.ts";

/** The text of model.py, and what the model gives for these inputs. @throws if something cannot be written in Python, and says what */
export function modelInPython(model: Module, inputs: readonly Tensor[]): { source: string; output: unknown } {
  check(inputs.length > 0, "a model is traced with an example of its inputs: give it at least one");
  checkState(model);
  const isTraced = (module: Module) => !isLayer(module);
  const [first, second] = [inputs, others(inputs)].map((given) => trace(model, given, isTraced));
  const classes = new Classes(first.traces, second.traces);
  const made = classes.expression(model, "", "    ");
  const lines = [
    '"""The model, as lucidgrad wrote it."""',
    "",
    "import torch",
    "import torch.nn.functional as F",
    "from torch import nn",
    ...[...classes.texts.values()].flatMap((text) => ["", "", text]),
    "",
    "",
    "def make_model():",
    `    return ${made}`,
    "",
  ];
  return { source: lines.join("\n"), output: first.output };
}

/** Inputs of one sample more, and with other numbers: what depends on neither is the same for both. */
const others = (inputs: readonly Tensor[]): Tensor[] => {
  const [{ shape }] = inputs;
  return inputs.map((x) => {
    const other = isFloatingPoint(x.dtype) ? x.mul(0.5).add(0.25) : x.ndim > 0 ? flip(x, 0) : x;
    return x.ndim > 0 && x.shape[0] === shape[0] ? cat([other, other.slice(0, 0, 1)], 0) : other;
  });
};

/** What Python has as a name, or as a number in a list. */
const NAME = /^([A-Za-z_]\w*|\d+)$/;

/** What no attribute in Python may be called. */
const KEYWORDS: ReadonlySet<string> = new Set(
  "and as assert async await break class continue def del elif else except finally for from global if import in is lambda"
    .split(" ")
    .concat("nonlocal not or pass raise return try while with yield".split(" ")),
);

function checkName(name: string): void {
  check(!KEYWORDS.has(name), () => `"${name}" is a word of Python's: give it another name`);
  check(NAME.test(name), () => `${JSON.stringify(name)} is no name in Python: give it another one`);
}

/** What Python would not have as it is here. */
function checkState(model: Module): void {
  const state = [...model.namedParameters(), ...model.namedBuffers()];
  const paths = [...model.namedModules().slice(1), ...state]; // the first is the model, which has none
  for (const [path] of paths) path.split(".").forEach(checkName);
  const double = state.find(([, { dtype }]) => dtype === "float64");
  check(!double, () => `${double?.[0]} is float64, but the model in Python is float32: model.float() makes it so`);
  const count = Object.keys(model.stateDict()).length;
  const names = state.map(([name]) => name).filter((name) => name in model.stateDict());
  check(names.length === count, "parameters that are in two places cannot be written in Python yet");
}

class Classes {
  /** The text of each class, by its name. */
  readonly texts = new Map<string, string>();
  readonly #first: ReadonlyMap<Module, Trace>;
  readonly #second: ReadonlyMap<Module, Trace>;

  constructor(first: ReadonlyMap<Module, Trace>, second: ReadonlyMap<Module, Trace>) {
    this.#first = first;
    this.#second = second;
  }

  /** How Python makes the module. @param path of it, for errors @param indent of the line that this stands in */
  expression(module: Module, path: string, indent: string): string {
    const kind = module.constructor.name;
    if (!isLayer(module)) return `${this.#classOf(module, path)}()`;
    if (!["Sequential", "ModuleList", "ModuleDict"].includes(kind)) return layerInPython(module, path || "the model");
    const items = module
      .namedChildren()
      .map(([name, child]): [string, string] => [
        name,
        this.expression(child, path ? `${path}.${name}` : name, `${indent}    `),
      ]);
    return container(kind, items, indent);
  }

  /** The name of the class of such modules. */
  #classOf(module: Module, path: string): string {
    const name = module.constructor.name || "Model";
    checkName(name);
    const body = this.#body(module, path);
    for (let k = 1; ; k++) {
      const numbered = k === 1 ? name : `${name}${k}`;
      const text = [`class ${numbered}(nn.Module):`, ...body].join("\n");
      const known = this.texts.get(numbered);
      if (known === undefined) this.texts.set(numbered, text);
      if (known === undefined || known === text) return numbered;
    }
  }

  #body(module: Module, path: string): string[] {
    const [first, second] = [this.#first.get(module), this.#second.get(module)];
    check(
      first !== undefined && second !== undefined,
      () => `${path || "the model"} is not called in the forward: it cannot be traced`,
    );
    const state = [...module.namedParameters({ recurse: false }), ...module.namedBuffers({ recurse: false })];
    const taken = [...state, ...module.namedChildren()].map(([name]) => name);
    let constant = "constant";
    while (taken.some((name) => name.startsWith(constant))) constant += "_";
    const constants: Tensor[] = [];
    const forward = forwardText(first, second, module, constant, constants);
    const persistent = new Set(Object.keys(module.stateDict()));
    const fields = state.map(([name, x]) => fieldText(name, x, persistent.has(name)));
    const children = grouped(module.namedChildren()).map(([name, child]) => {
      const inside = path ? `${path}.${name}` : name;
      return `self.${name} = ${this.#member(child, inside)}`;
    });
    const buffers = constants.map(
      (x, i) => `self.register_buffer("${constant}${i}", ${tensorText(x)}, persistent=False)`,
    );
    return [
      "    def __init__(self):",
      ...["super().__init__()", ...fields, ...children, ...buffers].map((line) => `        ${line}`),
      "",
      `    def forward(self, ${first.inputs.join(", ")}):`,
      ...forward.map((line) => `        ${line}`),
    ];
  }

  #member(member: Module | Map<string, Module>, path: string): string {
    const indent = "        ";
    if (!(member instanceof Map)) return this.expression(member, path, indent);
    const items = Array.from(member, ([name, child]): [string, string] => [
      name,
      this.expression(child, `${path}.${name}`, `${indent}    `),
    ]);
    return container(items.every(([name]) => /^\d+$/.test(name)) ? "ModuleList" : "ModuleDict", items, indent);
  }
}

/** A parameter or a buffer, which gets its elements from the file of weights. */
function fieldText(name: string, x: Tensor, isPersistent: boolean): string {
  check(!name.includes("."), () => `${name} is in a list or an object, which cannot be written in Python yet`);
  const isParameter = isFloatingPoint(x.dtype) && x.requiresGrad;
  if (isParameter) return `self.${name} = nn.Parameter(torch.empty(${sizesText(x)}))`;
  const value = isPersistent
    ? `torch.empty(${sizesText(x)}, dtype=torch.${x.dtype})`
    : `${tensorText(x)}${x.dtype === "bool" ? ".bool()" : ""}`;
  return `self.register_buffer("${name}", ${value}, persistent=${isPersistent ? "True" : "False"})`;
}

const sizesText = ({ shape }: Tensor): string => (shape.length === 0 ? "()" : shape.join(", "));

/** Modules by their names; those of a list or an object, "blocks.0", under the name of that. */
function grouped(
  children: readonly [name: string, child: Module][],
): [name: string, member: Module | Map<string, Module>][] {
  const members = new Map<string, Module | Map<string, Module>>();
  for (const [full, child] of children) {
    const [name, ...rest] = full.split(".");
    check(rest.length < 2, () => `${full} is in lists of lists, which cannot be written in Python yet`);
    const list = members.get(name);
    if (rest.length === 0) members.set(name, child);
    else if (list instanceof Map) list.set(rest[0], child);
    else members.set(name, new Map([[rest[0], child]]));
  }
  return [...members];
}

function container(kind: string, items: readonly (readonly [name: string, text: string])[], indent: string): string {
  const lines = items
    .map(([name, text]) => `${indent}    ${kind === "ModuleDict" ? `"${name}": ` : ""}${text},\n`)
    .join("");
  const [open, close] = kind === "Sequential" ? ["(", ")"] : kind === "ModuleList" ? ["([", "])"] : ["({", "})"];
  const isNumbered = kind === "ModuleDict" || items.every(([name], i) => name === `${i}`);
  check(isNumbered, () => `a ${kind} with names cannot be written in Python yet`);
  return items.length === 0 ? `nn.${kind}()` : `nn.${kind}${open}\n${lines}${indent}${close}`;
}

/** The lines of a forward; constants are noted, under the numbers that the lines have for them, after what all are called. */
function forwardText(first: Trace, second: Trace, module: Module, constant: string, constants: Tensor[]): string[] {
  const problem = (what: string) => () =>
    `the forward of ${module.constructor.name}: ${what}, which cannot be traced: it is written for each input anew`;
  check(first.lines.length === second.lines.length, problem("what it does depends on the input"));
  let usesSize = false;

  const size = (a: number, b: number): string => {
    if (a === b) return `${a}`;
    usesSize = true;
    const [m, n] = [first.size, second.size];
    if (a % m === 0 && a / m === b / n) return a === m ? "size" : `${a / m} * size`;
    check(
      a !== 0 && m % a === 0 && m / a === n / b,
      problem("a size depends on the input's in a way that is not a multiple"),
    );
    return `size // ${m / a}`;
  };

  const text = (a: Expression, b: Expression): string => {
    check(a.length === b.length, problem("what it does depends on the input"));
    return a
      .map((part, i) => {
        const other = b[i];
        if (typeof part === "number" && typeof other === "number") return size(part, other);
        if (part instanceof Tensor && other instanceof Tensor) {
          check(isSame(part, other), problem("a tensor that is made in it depends on the input"));
          const known = constants.findIndex((x) => isSame(x, part));
          const name = `self.${constant}${known >= 0 ? known : constants.push(part) - 1}`;
          return part.dtype === "bool" ? `${name}.bool()` : name;
        }
        check(part === other, problem("what it does depends on the input"));
        return part;
      })
      .join("");
  };

  const lines = first.lines.map(({ target, value }, k) => `${target} = ${text(value, second.lines[k].value)}`);
  const output = `return ${text(first.output, second.output)}`;
  return [...(usesSize ? [`size = ${first.inputs[0]}.shape[0]`] : []), ...lines, output];
}

/** No constant is longer: a program is to be read. */
const LONGEST = 4096;

/** A tensor with its elements, in Python; truths are 0 and 1. */
function tensorText(x: Tensor): string {
  const tooLong = () => `a constant of ${x.numel} elements cannot be written in Python: register it as a buffer`;
  check(x.numel <= LONGEST, tooLong);
  const elements = Array.from(x.data, numberText).join(", ");
  // DistributedDataParallel sends buffers from process to process, and gloo sends no truths.
  const dtype = x.dtype === "bool" ? "uint8" : x.dtype;
  return `torch.tensor([${elements}], dtype=torch.${dtype}).reshape(${sizesText(x)})`;
}
