/**
 * Saving and loading: tensors by name, as other programs read them, and checkpoints, which hold all that a training needs to
 * go on. Both are safetensors files. An entry point of its own, "lucidgrad/files", because it reads and writes files.
 */
import { existsSync, readFileSync } from "node:fs";
import { Tensor } from "../tensor/tensor.ts";
import { parse, type SafetensorsFile, serialize } from "./safetensors.ts";
import { writeFileAtomically } from "./write-file.ts";

/**
 * Writes tensors, such as a model's state dict, to a safetensors file. Whoever looks at `path` sees the old file or the new
 * one, never half of one. Mirrors `safetensors.torch.save_file`.
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
 */
export function loadTensors(path: string): Record<string, Tensor> {
  return readFile(path).tensors;
}

/** What a checkpoint may hold: plain objects and lists of numbers, texts, booleans, null and tensors. */
export type Saved = number | string | boolean | null | Tensor | readonly Saved[] | { readonly [key: string]: Saved };

const TREE = "lucidgrad.checkpoint";

/**
 * Writes everything that a training needs to go on: state dicts of the model, the optimizer and the schedule, the epoch, the
 * state of the random numbers. Tensors are stored as tensors, everything else as JSON beside them.
 *
 *     saveCheckpoint("run.safetensors", { model: model.stateDict(), optimizer: optimizer.stateDict(), epoch, random: getRngState() })
 *
 * @throws before anything is written, if there is something that cannot be stored, and says where
 */
export function saveCheckpoint(path: string, value: object): void {
  const tensors: Record<string, Tensor> = {};
  const tree = encode(value, "", tensors, []);
  saveTensors(path, tensors, { [TREE]: JSON.stringify(tree) });
}

/**
 * What saveCheckpoint was given. Its type is the caller's to know.
 * @throws if there is no such file, or it is damaged or no checkpoint
 */
// biome-ignore lint/suspicious/noExplicitAny: as JSON.parse
export function loadCheckpoint(path: string): any {
  const { tensors, metadata } = readFile(path);
  if (!Object.hasOwn(metadata, TREE)) {
    throw new Error(`${path}: expected a checkpoint, but it holds only tensors: read it with loadTensors`);
  }
  try {
    return decode(JSON.parse(metadata[TREE]), tensors, 0);
  } catch (error) {
    throw new Error(`${path}: its checkpoint cannot be read (${(error as Error).message}). The file is damaged.`);
  }
}

function readFile(path: string): SafetensorsFile {
  if (!existsSync(path)) throw new Error(`${path}: there is no such file`);
  return parse(readFileSync(path), path);
}

/** The same as JSON: what that has no word for is an object whose only key begins with "$". */
function encode(value: unknown, path: string, tensors: Record<string, Tensor>, above: readonly unknown[]): unknown {
  if (value instanceof Tensor) return { $tensor: stored(value, path || "tensor", tensors) };
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { $number: Object.is(value, -0) ? "-0" : `${value}` };
  }
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (above.includes(value)) throw new TypeError(`a checkpoint cannot hold itself: ${path} is what it is in`);
  const inside = (item: unknown, key: string | number) =>
    encode(item, path ? `${path}.${key}` : `${key}`, tensors, [...above, value]);
  if (Array.isArray(value)) return value.map(inside);
  const isPlain = typeof value === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain) {
    const what = typeof value === "object" ? `a ${value.constructor?.name}` : `${typeof value}`;
    throw new TypeError(
      `a checkpoint holds plain objects, lists, numbers, texts, booleans, null and tensors, but ${path || "it"} is ${what}`,
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.startsWith("$") ? `$${key}` : key, inside(item, key)]),
  );
}

/** Notes a tensor under its path, or one like it if that is taken. */
function stored(tensor: Tensor, path: string, tensors: Record<string, Tensor>): string {
  let name = path;
  while (Object.hasOwn(tensors, name) || name === "__metadata__") name = `${name}'`;
  tensors[name] = tensor;
  return name;
}

/** No checkpoint is nested deeper. */
const DEEPEST = 1000;

function decode(value: unknown, tensors: Readonly<Record<string, Tensor>>, depth: number): unknown {
  if (depth > DEEPEST) throw new Error("it is nested too deeply");
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => decode(item, tensors, depth + 1));
  const { $tensor: name, $number: number } = value as { $tensor?: unknown; $number?: unknown };
  if (typeof number === "string") return Number(number);
  if (typeof name === "string") {
    if (!Object.hasOwn(tensors, name)) throw new Error(`there is no tensor "${name}"`);
    return tensors[name];
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.replace(/^\$/, ""), decode(item, tensors, depth + 1)]),
  );
}
