/** Writing files of torch.save, as read.ts reads them: version 3 of PyTorch's zip files, which all since PyTorch 1.6 read. */

import { kindOf } from "../data/formats/kind-of.ts";
import { bytesOf, type FileType, fileTypeOf } from "../data/formats/numbers.ts";
import { Pickle } from "../data/formats/pickle-write.ts";
import { writeZip } from "../data/formats/zip-write.ts";
import { Parameter } from "../nn/parameter.ts";
import { check } from "../tensor/check.ts";
import { type Storage, Tensor } from "../tensor/tensor.ts";
import { dtypes } from "./names.ts";
import { DEEPEST, itemsInPython } from "./values.ts";

/**
 * The parts of a file that torch.load reads as this value, one after the other. Tensors that share memory share it there, too: the whole storage of each is
 * written, and its layout.
 * @throws if there is something that Python would not read as the same, and says where
 */
export function serializePyTorch(value: unknown): Uint8Array[] {
  const writer = new Writer();
  writer.write(value, "", 0);
  const files = [...writer.storages.values()].flatMap((byType) => [...byType.values()]);
  const text = (content: string) => new TextEncoder().encode(content);
  return writeZip([
    ["archive/data.pkl", writer.pickle.finish()],
    ["archive/byteorder", text("little")],
    ...files.map(({ key, bytes }) => [`archive/data/${key}`, bytes] as const),
    ["archive/version", text("3\n")],
  ]);
}

/** A storage that is written: the name of its file, and its elements. */
interface Kept {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly length: number;
}

class Writer {
  readonly pickle = new Pickle();
  /** By the type in which its elements are written. */
  readonly storages = new Map<Storage, Map<FileType, Kept>>();
  #storageCount = 0;

  /** @param path of the value in the whole, for errors @param depth how deep it lies there */
  write(value: unknown, path: string, depth: number): void {
    const { pickle } = this;
    if (value === null) pickle.op("N");
    else if (typeof value === "boolean") pickle.op(value ? "\x88" : "\x89");
    else if (typeof value === "number") pickle.number(value);
    else if (typeof value === "bigint") pickle.whole(value);
    else if (typeof value === "string") pickle.text(value);
    else if (!pickle.again(value)) this.#writeObject(value, path, depth);
  }

  #writeObject(value: unknown, path: string, depth: number): void {
    const { pickle } = this;
    checkDepth(path, depth);
    if (value instanceof Tensor) {
      this.#writeTensor(value, path);
      pickle.note(value);
    } else if (Array.isArray(value)) {
      pickle.op("]").note(value);
      // A hole is undefined.
      this.#writeAll("e", Array.from(value).entries(), ([i, item]) => this.write(item, below(path, i), depth + 1));
    } else if (value instanceof Set) {
      pickle.named("__builtin__", "set").op("]");
      this.#writeAll("e", value, (item) => this.#writeHashable(item, path, depth + 1));
      pickle.op("\x85").op("R").note(value);
    } else {
      const items = itemsInPython(value);
      check(items !== undefined, () => notPlain(value, path), TypeError);
      pickle.op("}").note(value);
      this.#writeAll("u", items, ([key, item]) => {
        this.#writeHashable(key, path, depth + 1);
        this.write(item, below(path, Array.isArray(key) ? "[…]" : key), depth + 1);
      });
    }
  }

  /** Items, a thousand at a time, as Python does: what reads them has them all on its stack. */
  #writeAll<T>(instruction: string, items: Iterable<T>, write: (item: T) => void): void {
    let count = 0;
    for (const item of items) {
      if (count % 1000 === 0) this.pickle.op("(");
      write(item);
      if (++count % 1000 === 0) this.pickle.op(instruction);
    }
    if (count % 1000 > 0) this.pickle.op(instruction);
  }

  /** What is a key, or in a set: a list there is a tuple, since Python has no other. */
  #writeHashable(value: unknown, path: string, depth: number): void {
    if (!Array.isArray(value)) {
      const isHashable = typeof value !== "object" || value === null || value instanceof Tensor;
      check(
        isHashable,
        () => `a key, or what is in a Set, is no dict or set in Python, but in ${path || "it"} is one`,
        TypeError,
      );
      this.write(value, path, depth);
      return;
    }
    checkDepth(path, depth);
    this.pickle.op("(");
    for (const item of value) this.#writeHashable(item, path, depth + 1);
    this.pickle.op("t");
  }

  /** As PyTorch does: what makes it, and its arguments. */
  #writeTensor(x: Tensor, path: string): void {
    const { pickle } = this;
    if (x instanceof Parameter) pickle.named("torch._utils", "_rebuild_parameter").op("(");
    pickle.named("torch._utils", "_rebuild_tensor_v2").op("(");
    const type = fileTypeOf(path, x.dtype);
    const { key, length } = this.#keep(x.storage, type);
    const [, , storage] = dtypes.find(([other]) => other === type)!;
    pickle.op("(").text("storage").named("torch", storage!).text(key).text("cpu").number(length).op("t").op("Q");
    pickle.number(x.offset);
    for (const sizes of [x.shape, x.strides]) {
      pickle.op("(");
      for (const size of sizes) pickle.number(size);
      pickle.op("t");
    }
    const noHooks = () => pickle.named("collections", "OrderedDict").op(")").op("R");
    pickle.op(x.requiresGrad ? "\x88" : "\x89");
    noHooks().op("t").op("R");
    if (!(x instanceof Parameter)) return;
    pickle.op(x.requiresGrad ? "\x88" : "\x89");
    noHooks().op("t").op("R");
  }

  #keep(storage: Storage, type: FileType): Kept {
    const byType = this.storages.get(storage) ?? new Map<FileType, Kept>();
    this.storages.set(storage, byType);
    const known = byType.get(type);
    if (known) return known;
    const { data } = storage;
    const kept = { key: `${this.#storageCount++}`, bytes: bytesOf(data, type), length: data.length };
    byType.set(type, kept);
    return kept;
  }
}

function checkDepth(path: string, depth: number): void {
  const tooDeep = () => `a file holds at most ${DEEPEST} levels, but ${path.slice(0, 60)}… is at level ${depth}`;
  check(depth <= DEEPEST, tooDeep);
}

/** The path of what is under a key. */
const below = (path: string, key: unknown): string => (path ? `${path}.${key}` : `${key}`);

/** What an error says of a value that is no data. */
function notPlain(value: unknown, path: string): string {
  const hasState = typeof value === "object" && value !== null && "stateDict" in value;
  return (
    "a file holds plain objects, Maps, lists, Sets, numbers, texts, booleans, null and tensors, " +
    `but ${path || "it"} is ${kindOf(value)}${hasState ? ": save its stateDict()" : ""}`
  );
}
