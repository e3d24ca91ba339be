/**
 * NumPy's files. An array, .npy: six bytes "\x93NUMPY", the version, the length of the header, the header, which is a dict as Python writes
 * it, `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, and the elements. Arrays by name, .npz: a zip file of such.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { check } from "../../tensor/check.ts";
import type { DType } from "../../tensor/dtype.ts";
import { contiguousStrides, numelOf } from "../../tensor/shape.ts";
import { Storage, Tensor } from "../../tensor/tensor.ts";
import { readText, viewOf } from "./bytes.ts";
import { checkTensors, shown } from "./contents.ts";
import { type Expect, expectationsOf } from "./expect.ts";
import { bytesOf, type FileType, fileTypeOf, formats, readNumbers } from "./numbers.ts";
import { isZip, readZip, unpack } from "./zip.ts";
import { writeZip } from "./zip-write.ts";

const MAGIC = "\x93NUMPY";

/** What NumPy calls the formats of elements, after the order of their bytes. */
const types: ReadonlyMap<string, FileType> = new Map([
  ["f8", "F64"],
  ["f4", "F32"],
  ["f2", "F16"],
  ["i8", "I64"],
  ["i4", "I32"],
  ["i2", "I16"],
  ["i1", "I8"],
  ["u8", "U64"],
  ["u4", "U32"],
  ["u2", "U16"],
  ["u1", "U8"],
  ["b1", "BOOL"],
]);

/** What NumPy calls these, with the order of their bytes, if they have more than one. */
const descriptions: Readonly<Record<DType, string>> = { float64: "<f8", float32: "<f4", int32: "<i4", bool: "|b1" };

/** The bytes of a file that `numpy.load` reads as this array. */
export function serializeNpy({ data, dtype, shape }: Tensor): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", "); // (3,) is a tuple, (3) a number
  const dict = `{'descr': '${descriptions[dtype]}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = 64 * Math.ceil((10 + dict.length + 1) / 64);
  const header = Buffer.alloc(length, " ");
  header.write(`${MAGIC}\x01\x00`, "latin1");
  header.writeUInt16LE(length - 10, 8);
  header.write(dict, 10, "latin1");
  header.write("\n", length - 1);
  return Buffer.concat([header, bytesOf(data, fileTypeOf("", dtype))]);
}

/** The array of a file. @param name of the file, for errors @throws if it is no such file, or has elements that no dtype here holds */
export function parseNpy(file: Uint8Array, name: string): Tensor {
  check(!isZip(file), () => `${name}: it is a zip file: read it with loadNpz, or load if it is PyTorch's`);
  const expect: Expect = expectationsOf(name, "array of NumPy's");
  const { description, isFortran, shape, dataStart } = readHeader(file, expect);
  const [order, type] = [description[0], types.get(description.slice(1))];
  check(type !== undefined && "<>|=".includes(order), () => `${name}: ${unsupported(description)}`);
  const { bytes: width, dtype } = formats[type];
  const size = numelOf(shape) * width;
  const found = file.length - dataStart;
  expect(size === found, () => `it should have ${size} bytes of elements, but has ${found}`);
  const values = readNumbers(file.subarray(dataStart), type, order === ">", `${name}: it`, description);
  // Fortran's order is that of the transposed array.
  const strides = isFortran ? contiguousStrides(shape.toReversed()).toReversed() : contiguousStrides(shape);
  return new Tensor(new Storage(values), dtype, shape, strides);
}

interface Header {
  /** How an element lies: "<f4" is four bytes of a floating point number, the lowest first. */
  readonly description: string;
  readonly isFortran: boolean;
  readonly shape: number[];
  readonly dataStart: number;
}

function readHeader(file: Uint8Array, expect: Expect): Header {
  const begin = Buffer.from(file.subarray(0, MAGIC.length)).toString("latin1");
  expect(begin === MAGIC && file.length >= 12, () => "it does not begin as one");
  const version = file[6];
  expect(version >= 1 && version <= 3, () => `it is of version ${version}, and only 1 to 3 are known`);
  const view = viewOf(file);
  const [headerStart, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const dataStart = headerStart + length;
  expect(dataStart <= file.length, () => `its header should have ${length} bytes, but the file has ${file.length}`);
  const bytes = file.subarray(headerStart, dataStart);
  const text = version === 3 ? readText(bytes) : Buffer.from(bytes).toString("latin1");
  const entries = dictEntries(text ?? "");
  expect(entries !== undefined, () => "its header is not a dict of descr, fortran_order and shape");
  const { descr, fortran_order: order, shape } = entries;
  const sizes = shape.match(/\d+/g)?.map(Number) ?? [];
  expect(sizes.every(Number.isSafeInteger), () => "its shape is none");
  const description = /^['"](.*)['"]$/.exec(descr)?.[1] ?? descr;
  return { description, isFortran: order === "True", shape: sizes, dataStart };
}

/** An entry of the dict: a name in quotation marks, and a text, a truth, a tuple of whole numbers, or the fields of a structure. */
const ENTRY =
  /^\s*(?:'(\w+)'|"(\w+)")\s*:\s*('[^']*'|"[^"]*"|True|False|\((?:\s*\d+L?\s*,)*(?:\s*\d+L?)?\s*\)|\[.*\])\s*(?:,|$)/;

/** What the three entries say, each of them once; undefined if it is no such dict. */
function dictEntries(text: string): Record<"descr" | "fortran_order" | "shape", string> | undefined {
  let rest = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1] ?? "";
  const entries = new Map<string, string>();
  for (let found = ENTRY.exec(rest); found; found = ENTRY.exec(rest)) {
    const key = found[1] ?? found[2];
    if (entries.has(key)) return undefined;
    entries.set(key, found[3]);
    rest = rest.slice(found[0].length);
  }
  const [descr, order, shape] = ["descr", "fortran_order", "shape"].map((key) => entries.get(key) ?? "");
  const isWhole = rest.trim() === "" && entries.size === 3;
  const isKind = /^['"[]/.test(descr) && /^(True|False)$/.test(order) && shape.startsWith("(");
  return isWhole && isKind ? { descr, fortran_order: order, shape } : undefined;
}

/** Why elements are not read, and what to do. */
function unsupported(description: string): string {
  if (description.includes("O")) {
    return "it holds Python objects, which are pickled, and never read here. In Python, make numbers of them: x.astype('float32')";
  }
  return `its elements are ${shown(description)}, which is not supported. In Python, make other numbers of them: x.astype('float32')`;
}

/** The parts of a file that `numpy.load` reads as these arrays by name, one after the other; packed is smaller and takes longer. */
export function serializeNpz(tensors: Readonly<Record<string, Tensor>>, isPacked: boolean): Uint8Array[] {
  checkTensors(tensors);
  return writeZip(
    Object.entries(tensors).map(([name, x]) => [`${name}.npy`, serializeNpy(x)] as const),
    isPacked,
  );
}

/** The arrays of a file by name. @param name of the file, for errors @throws as parseNpy */
export function parseNpz(file: Uint8Array, name: string): Record<string, Tensor> {
  const expect: Expect = expectationsOf(name, "file of numpy.savez");
  expect(isZip(file), () => "it is not a zip file");
  const entries = [...readZip(file, expect).values()];
  const others = entries.find((entry) => !entry.name.endsWith(".npy"));
  check(
    others === undefined,
    () =>
      `${name}: it holds ${shown(others!.name)}, which is no array${others!.name.endsWith("data.pkl") ? ": read PyTorch's files with load" : ""}`,
  );
  return Object.fromEntries(
    entries.map((entry) => [entry.name.slice(0, -4), parseNpy(unpack(entry, expect), `${name}: ${shown(entry.name)}`)]),
  );
}
