/** Modules as classes in Python: one for each class of one's own that does something else, and layers of nn as they are. */
import type { Module } from "../nn/module.ts";
import { check } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { forwardLines, type Seen } from "./forward.ts";
import { layerInPython, layerName } from "./layers.ts";
import { dtypeText, sizesText, tensorText } from "./literals.ts";
import { checkName } from "./python-names.ts";

export class Classes {
  /** The text of each class, by its name. */
  readonly texts = new Map<string, string>();
  readonly #seen: (module: Module) => Seen;

  /** @param seen what a module's forward did */
  constructor(seen: (module: Module) => Seen) {
    this.#seen = seen;
  }

  /** How Python makes the module. @param path of it, for errors @param indent of the line that this stands in */
  expression(module: Module, path: string, indent: string): string {
    const kind = layerName(module);
    if (kind === undefined) return `${this.#classOf(module, path)}()`;
    if (kind === "ParameterList" || kind === "ParameterDict") return parametersText(module.namedParameters(), kind);
    const within = (child: Module, name: string) => this.expression(child, join(path, name), `${indent}    `);
    if (!["Sequential", "ModuleList", "ModuleDict"].includes(kind)) return layerInPython(module, path, within);
    const items = module.namedChildren().map(([name, child]): [string, string] => [name, within(child, name)]);
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
    const seen = this.#seen(module);
    const [first] = seen.evaluating;
    check(
      first !== undefined && seen.training.length > 0,
      () => `${path || "the model"} is not called in the forward: it cannot be traced`,
    );
    const parameters = module.namedParameters({ recurse: false });
    const buffers = module.namedBuffers({ recurse: false });
    const children = module.namedChildren();
    const taken = [...parameters, ...buffers, ...children].map(([name]) => name);
    let constant = "constant";
    while (taken.some((name) => name.startsWith(constant))) constant += "_";
    const constants: Tensor[] = [];
    const forward = forwardLines(module, seen, constant, constants);
    const persistent = new Set(Object.keys(module.stateDict()));
    const fields = [
      ...grouped(parameters).map(([name, member]) => `self.${name} = ${this.#parameters(member)}`),
      ...buffers.map(([name, x]) => bufferText(name, x, persistent.has(name))),
      ...grouped(children).map(([name, member]) => {
        const made = this.#modules(member, join(path, name), "        ");
        return /^\d/.test(name) ? `self.add_module("${name}", ${made})` : `self.${name} = ${made}`;
      }),
      ...constants.map((x, i) => `self.register_buffer("${constant}${i}", ${tensorText(x)}, persistent=False)`),
    ];
    return [
      "    def __init__(self):",
      ...["super().__init__()", ...fields].map((line) => `        ${line}`),
      "",
      `    def forward(self${first.inputs.map((name) => `, ${name}`).join("")}):`,
      ...forward.map((line) => `        ${line}`),
    ];
  }

  #parameters(member: Group<Tensor>): string {
    if (!(member instanceof Map)) return parameterText(member);
    const kind = isList(member) ? "ParameterList" : "ParameterDict";
    const items = Array.from(member, ([name, item]): [string, string] => [name, this.#parameters(item)]);
    check(
      [...member.values()].every((item) => !(item instanceof Map)),
      () => "parameters in lists of lists cannot be written in Python: put them into modules",
    );
    return container(kind, items, "        ");
  }

  #modules(member: Group<Module>, path: string, indent: string): string {
    if (!(member instanceof Map)) return this.expression(member, path, indent);
    const items = Array.from(member, ([name, item]): [string, string] => [
      name,
      this.#modules(item, `${path}.${name}`, `${indent}    `),
    ]);
    return container(isList(member) ? "ModuleList" : "ModuleDict", items, indent);
  }
}

const join = (path: string, name: string): string => (path ? `${path}.${name}` : name);

const parameterText = (x: Tensor): string => `nn.Parameter(torch.empty(${sizesText(x)}))`;

const parametersText = (items: readonly (readonly [string, Tensor])[], kind: string): string =>
  container(
    kind,
    items.map(([name, x]) => [name, parameterText(x)]),
    "        ",
  );

/** A buffer gets its elements from the file of weights, unless it is not there. */
function bufferText(name: string, x: Tensor, isPersistent: boolean): string {
  const value = isPersistent
    ? `torch.empty(${sizesText(x)}, dtype=${dtypeText(x.dtype)})`
    : `${tensorText(x)}${x.dtype === "bool" ? ".bool()" : ""}`;
  return `self.register_buffer("${name}", ${value}, persistent=${isPersistent ? "True" : "False"})`;
}

/** What a field holds: one, or several in a list or an object, in which may be others. */
type Group<T> = T | Map<string, Group<T>>;

const isList = (group: ReadonlyMap<string, unknown>): boolean => [...group.keys()].every((name) => /^\d+$/.test(name));

/** What is held by its names; what is in a list or an object, "blocks.0", under the name of that. */
function grouped<T>(items: readonly (readonly [name: string, item: T])[]): [name: string, member: Group<T>][] {
  const top = new Map<string, Group<T>>();
  for (const [full, item] of items) {
    const names = full.split(".");
    let group = top;
    for (const name of names.slice(0, -1)) {
      const inner = group.get(name);
      const next: Map<string, Group<T>> = inner instanceof Map ? inner : new Map();
      group.set(name, next);
      group = next;
    }
    group.set(names.at(-1)!, item);
  }
  return [...top];
}

function container(kind: string, items: readonly (readonly [name: string, text: string])[], indent: string): string {
  const isDict = kind.endsWith("Dict");
  const lines = items.map(([name, text]) => `${indent}    ${isDict ? `"${name}": ` : ""}${text},\n`).join("");
  const [open, close] = kind === "Sequential" ? ["(", ")"] : isDict ? ["({", "})"] : ["([", "])"];
  const isNumbered = isDict || items.every(([name], i) => name === `${i}`);
  check(isNumbered, () => `a ${kind} with names cannot be written in Python yet`);
  return items.length === 0 ? `nn.${kind}()` : `nn.${kind}${open}\n${lines}${indent}${close}`;
}
