/**
 * The safetensors format, in which models are exchanged: 8 bytes that say how long the header is, the header as JSON, and the
 * tensors' bytes, one after the other, little-endian. https://github.com/huggingface/safetensors
 *
 * Nothing that a file says is believed before it is checked, and nothing is allocated but what the file has room for.
 */
import { check } from "../../tensor/check.ts";
import { numelOf } from "../../tensor/shape.ts";
import { Storage, Tensor } from "../../tensor/tensor.ts";
import { viewOf } from "./bytes.ts";
import { checkPlain, checkTensors, shown } from "./contents.ts";
import { type Expect, expectationsOf, isSize } from "./expect.ts";
import { headerBytes, LONGEST_HEADER, namesRead, namesWritten, readJson } from "./header.ts";
import { bytesOf, type FileType, fileTypeOf, formats, readNumbers, unsupported } from "./numbers.ts";

/** What a file holds. */
export interface SafetensorsFile {
  /** By name. */
  tensors: Record<string, Tensor>;
  /** Texts about them, by name. */
  metadata: Record<string, string>;
}

/** A tensor's entry in the header. */
interface Entry {
  dtype: FileType;
  shape: number[];
  data_offsets: [begin: number, end: number];
}

const METADATA = "__metadata__";

/**
 * The bytes of a file that holds these tensors, which may have any layout, and texts about them.
 *
 * int32 is written as I32, and as I64 where PyTorch counts in int64: under names that end in `num_batches_tracked`.
 * @throws if something is no tensor or no text, or all but the tensors' numbers takes more than 100 MB
 * @example
 * const file = safetensors.serialize({ x: tensor([1, 2]) }, { author: "me" });
 * console.log(file.length, new TextDecoder().decode(file.subarray(8, -8)).trim());
 */
export function serialize(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  checkContents(tensors, metadata);
  const entries = Object.entries(tensors).map(([name, { data, dtype, shape }]) => {
    const type = fileTypeOf(name, dtype);
    return { name, type, shape, bytes: bytesOf(data, type) };
  });
  // The widest numbers first, so that each tensor begins where its numbers may.
  entries.sort((a, b) => formats[b.type].bytes - formats[a.type].bytes || (a.name < b.name ? -1 : 1));
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  const begins: number[] = [];
  let end = 0;
  for (const { name, type, shape, bytes } of entries) {
    begins.push(end);
    end += bytes.length;
    header.push([name, { dtype: type, shape, data_offsets: [end - bytes.length, end] }]);
  }
  const json = headerBytes(Object.fromEntries(header));
  const dataStart = 8 + 8 * Math.ceil(json.length / 8);
  const file = new Uint8Array(dataStart + end).fill(0x20, 8, dataStart); // padded with spaces
  new DataView(file.buffer).setBigUint64(0, BigInt(dataStart - 8), true);
  file.set(json, 8);
  for (const [i, { bytes }] of entries.entries()) file.set(bytes, dataStart + begins[i]);
  return file;
}

/** Refuses what would be lost, or what no program would read. */
function checkContents(tensors: unknown, metadata: unknown): void {
  checkTensors(tensors);
  check(!Object.hasOwn(tensors, METADATA), `a tensor cannot be named ${METADATA}`);
  checkPlain(metadata);
  for (const [name, value] of Object.entries(metadata as object)) {
    check(typeof value === "string", () => `metadata ${shown(name)} must be a text, but is ${value}`, TypeError);
  }
}

/**
 * The tensors of a file: F32, F64 and BOOL as they are, F16 and BF16 as float32, whole numbers as int32.
 *
 * @param name of the file, for errors
 * @throws if it is not exactly such a file, has another kind of numbers, or a whole number is too large for int32
 * @example safetensors.parse(safetensors.serialize({ x: tensor([1, 2]) }, { author: "me" }))
 */
export function parse(file: Uint8Array, name = "safetensors"): SafetensorsFile {
  const expect: Expect = expectationsOf(name, "safetensors file");
  const { metadata, entries, dataStart } = readHeader(file, expect);
  const data = file.subarray(dataStart);
  for (const [key, { dtype }] of entries) {
    check(!unsupported.includes(dtype), () => `${name}: ${shown(key)} is ${dtype}, which is not supported`);
  }
  checkPlaces(entries, data.length, expect);
  const tensors = entries.map(([key, entry]): [string, Tensor] => {
    const { dtype: type, shape, data_offsets: place } = entry;
    const values = readNumbers(data.subarray(...place), type, false, `${name}: ${shown(key)}`, type);
    return [key, new Tensor(new Storage(values), formats[type].dtype, shape)];
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

interface Header {
  readonly metadata: Record<string, string>;
  readonly entries: readonly (readonly [name: string, entry: Entry])[];
  /** Where in the file the tensors' bytes begin. */
  readonly dataStart: number;
}

function readHeader(file: Uint8Array, expect: Expect): Header {
  expect(file.length >= 8, () => `expected at least 8 bytes, but it has ${file.length}`);
  const length = viewOf(file).getBigUint64(0, true);
  const room = file.length - 8;
  expect(length <= room, () => `its header should have ${length} bytes, but the file has ${file.length}`);
  expect(length <= LONGEST_HEADER, () => `its header has ${length} bytes, more than ${LONGEST_HEADER}`);
  const dataStart = 8 + Number(length);
  const json = file.subarray(8, dataStart);
  const header = readJson(json);
  expect(header !== undefined, () => "its header is not JSON");
  expect(isObject(header), () => "its header is not a JSON object");
  const { [METADATA]: found, ...rest } = header;
  const metadata = found ?? {};
  expect(isTexts(metadata), () => `${METADATA} must be texts by name`);
  const entries = Object.entries(rest).map(([key, entry]) => {
    const problem = "it has something else than a dtype, a shape and two data_offsets";
    expect(isEntry(entry), () => `the entry of ${shown(key)} is not one of a tensor: ${problem}`);
    return [key, entry] as const;
  });
  expect(namesWritten(json) === namesRead(header), () => "its header has a name twice");
  return { metadata, entries, dataStart };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is Record<string, string> =>
  isObject(value) && Object.values(value).every((text) => typeof text === "string");

function isEntry(value: unknown): value is Entry {
  if (!isObject(value)) return false;
  const { dtype, shape, data_offsets: offsets } = value;
  const isList = Array.isArray(shape) && shape.every(isSize) && Array.isArray(offsets) && offsets.every(isSize);
  const isDtype = typeof dtype === "string" && (Object.hasOwn(formats, dtype) || unsupported.includes(dtype));
  return isList && offsets.length === 2 && isDtype;
}

/** Each tensor has as many bytes as its shape says, and they lie end to end from the first byte to the last. */
function checkPlaces(entries: Header["entries"], length: number, expect: Expect): void {
  let at = 0;
  const inOrder = entries.toSorted(([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1]);
  for (const [key, entry] of inOrder) {
    const [begin, end] = entry.data_offsets;
    const size = numelOf(entry.shape) * formats[entry.dtype].bytes;
    const elsewhere = () =>
      `the data of ${shown(key)} should begin at ${at}, after what comes before, but begin at ${begin}`;
    expect(begin === at, elsewhere);
    expect(end - begin === size, () => `${shown(key)} should have ${size} bytes, but has ${end - begin}`);
    at = end;
  }
  expect(at === length, () => `its tensors have ${at} bytes, but ${length} follow the header`);
}
