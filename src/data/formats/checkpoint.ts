/**
 * Checkpoints: a tree of plain values and tensors as a safetensors file, whose metadata hold the tree as JSON. What JSON has no
 * word for is an object there whose only key begins with "$": `{ "$tensor": "model.fc1.weight" }`, `{ "$number": "NaN" }`.
 */
import { check } from "../../tensor/check.ts";
import { isPlain } from "../../tensor/plain.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { headerJson } from "./header.ts";
import { kindOf } from "./kind-of.ts";
import type { SafetensorsFile } from "./safetensors.ts";

/** What a checkpoint may hold: plain objects and lists of numbers, texts, booleans, null and tensors. */
export type Saved = number | string | boolean | null | Tensor | readonly Saved[] | { readonly [key: string]: Saved };

const TREE = "lucidgrad.checkpoint";
/** No checkpoint is nested deeper: whoever reads one goes down step by step. */
const DEEPEST = 1000;

/** @throws if there is something that cannot be stored, and says where */
export function packCheckpoint(value: object): SafetensorsFile {
  const tensors: Record<string, Tensor> = Object.create(null); // "__proto__" is a name like others
  const tree = encode(value, "", tensors, []);
  return { tensors, metadata: { [TREE]: headerJson(tree) } };
}

/** @param path of the file, for errors @throws if it is damaged or no checkpoint */
export function unpackCheckpoint({ tensors, metadata }: SafetensorsFile, path: string): unknown {
  const isCheckpoint = Object.hasOwn(metadata, TREE);
  check(isCheckpoint, () => `${path}: expected a checkpoint, but it holds only tensors: read it with loadTensors`);
  try {
    return decode(JSON.parse(metadata[TREE]), tensors, 0);
  } catch (error) {
    throw new Error(`${path}: its checkpoint cannot be read (${(error as Error).message}). The file is damaged.`);
  }
}

function encode(value: unknown, path: string, tensors: Record<string, Tensor>, above: readonly unknown[]): unknown {
  const tooDeep = () =>
    `a checkpoint is at most ${DEEPEST} levels deep, but ${path.slice(0, 60)}… is at level ${above.length}`;
  check(above.length <= DEEPEST, tooDeep);
  if (value instanceof Tensor) return { $tensor: stored(value, path || "tensor", tensors) };
  if (Object.is(value, -0)) return { $number: "-0" };
  if (typeof value === "number") return Number.isFinite(value) ? value : { $number: `${value}` };
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  check(!above.includes(value), () => `a checkpoint cannot hold itself: ${path} is what it is in`, TypeError);
  const inside = (item: unknown, key: string | number) =>
    encode(item, path ? `${path}.${key}` : `${key}`, tensors, [...above, value]);
  if (Array.isArray(value)) return Array.from(value, inside); // a hole is undefined
  const notPlain = () =>
    "a checkpoint holds plain objects, lists, numbers, texts, booleans, null and tensors, " +
    `but ${path || "it"} is ${kindOf(value)}`;
  check(isPlain(value), notPlain, TypeError);
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

function decode(value: unknown, tensors: Readonly<Record<string, Tensor>>, depth: number): unknown {
  check(depth <= DEEPEST, "it is nested too deeply");
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => decode(item, tensors, depth + 1));
  const { $tensor: name, $number: number } = value as { $tensor?: unknown; $number?: unknown };
  if (typeof number === "string") return Number(number);
  if (typeof name === "string") {
    check(Object.hasOwn(tensors, name), () => `there is no tensor "${name}"`);
    return tensors[name];
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.replace(/^\$/, ""), decode(item, tensors, depth + 1)]),
  );
}
