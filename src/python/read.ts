/**
 * The files of torch.save since PyTorch 1.6: a zip file with a pickle, data.pkl, and beside it the elements of each storage,
 * data/0, data/1 and so on, as they lie in memory. The pickle makes tensors by calling PyTorch's functions with such storages:
 * `torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)`. What these names mean stands in
 * names.ts; a file with any other is refused, as by `torch.load(path, weights_only=True)`.
 */

import { readText } from "../data/formats/bytes.ts";
import { type Expect, expectationsOf, isSize } from "../data/formats/expect.ts";
import { type FileType, formats, readNumbers } from "../data/formats/numbers.ts";
import { unpickle } from "../data/formats/pickle.ts";
import { isZip, readZip, unpack, type ZipEntry } from "../data/formats/zip.ts";
import { check } from "../tensor/check.ts";
import { Storage } from "../tensor/tensor.ts";
import { adviceFor, refuseOtherFiles } from "./advice.ts";
import { DTypeName, Global, isStored, namesOf, StorageClass, type StoredNumbers } from "./names.ts";
import { FromPython } from "./values.ts";

/** The value that torch.save was given. @param name of the file, for errors @throws if it is no such file, or is more than data */
export function parsePyTorch(file: Uint8Array, name: string): unknown {
  refuseOtherFiles(file, name);
  const expect: Expect = expectationsOf(name, "file of torch.save");
  expect(isZip(file), () => "it is not a zip file");
  const entries = readZip(file, expect);
  const found = [...entries.keys()].find((key) => /^([^/]*\/)?data\.pkl$/.test(key));
  const isNumPy = found === undefined && [...entries.keys()].some((key) => key.endsWith(".npy"));
  check(!isNumPy, () => `${name}: it holds arrays of NumPy's: read it with loadNpz`);
  expect(found !== undefined, () => "it has no data.pkl");
  const folder = found.slice(0, -"data.pkl".length);
  const isProgram = entries.has(`${folder}constants.pkl`);
  check(!isProgram, () => `${name}: it is a TorchScript program, of torch.jit.save. ${adviceFor("TorchScript")}`);
  const pickle = unpack(entries.get(found) as ZipEntry, expect);

  const names = namesOf(expect);
  const storages = storagesOf(name, entries, folder, expect);
  const value = unpickle(
    pickle,
    {
      named(global) {
        const known = names.get(global);
        check(known !== undefined, () => `${name}: it holds ${global}, which is not read here. ${adviceFor(global)}`);
        return known;
      },
      called(what, args) {
        const isCallable = what instanceof Global && what.call !== undefined;
        expect(isCallable, () => `its pickle calls ${what instanceof Global ? what.name : "what is no function"}`);
        return what.call(args);
      },
      kept: storages,
      // An OrderedDict has the versions of the layers as an attribute, and a tensor what its user gave it; nothing here asks for them.
      setAttributes: (value) => expect(value instanceof Map, () => "its pickle gives attributes to what has none"),
    },
    file.length,
    expect,
  );
  const leaf = (item: unknown): unknown => {
    if (item instanceof DTypeName) return item.name.slice("torch.".length);
    const isData = !(item instanceof Global) && !isStored(item);
    expect(isData, () => `it holds ${item instanceof Global ? item.name : "a storage"} and no tensor of it`);
    return item;
  };
  return new FromPython(leaf, file.length, expect).convert(value);
}

/** Gives the storage that a pickle asks for by `("storage", class, key, device, number of elements)`, for any device. */
function storagesOf(
  name: string,
  entries: ReadonlyMap<string, ZipEntry>,
  folder: string,
  expect: Expect,
): (id: unknown) => StoredNumbers {
  const known = new Map<string, StoredNumbers>();
  const isBig = isBigEndian(entries.get(`${folder}byteorder`), expect);

  const readStorage = (key: string, entry: ZipEntry, type: FileType): Storage => {
    expect(entry.size % formats[type].bytes === 0, () => `data/${key} has no whole number of elements`);
    return new Storage(readNumbers(unpack(entry, expect), type, isBig, `${name}: data/${key}`, type));
  };

  return (id) => {
    expect(Array.isArray(id) && id[0] === "storage", () => "its pickle asks for something else than a storage");
    const [, kind, key, , length] = id;
    const isStorage = kind instanceof StorageClass && typeof key === "string" && isSize(length);
    expect(isStorage, () => "its pickle asks for no storage");
    const entry = entries.get(`${folder}data/${key}`);
    expect(entry !== undefined, () => `it has no data/${key}`);
    const size = length * (kind.type === null ? 1 : formats[kind.type].bytes);
    expect(entry.size === size, () => `data/${key} should have ${size} bytes, but has ${entry.size}`);
    const before = known.get(key);
    expect(!before || before.kind === kind, () => `data/${key} is of two kinds`);
    const made = new Map<FileType, Storage>();
    const stored = before ?? {
      kind,
      as(type: FileType): Storage {
        const storage = made.get(type) ?? readStorage(key, entry, type);
        made.set(type, storage);
        return storage;
      },
    };
    known.set(key, stored);
    return stored;
  };
}

/** PyTorch 2 notes the order of the bytes of a number; before, they were those of the machine, and hardly ever big-endian. */
function isBigEndian(entry: ZipEntry | undefined, expect: Expect): boolean {
  if (!entry) return false;
  const order = readText(unpack(entry, expect));
  expect(order === "little" || order === "big", () => "its byteorder is neither little nor big");
  return order === "big";
}
