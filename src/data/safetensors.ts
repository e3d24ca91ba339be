/**
 * The safetensors format, in which models are exchanged: 8 bytes that say how long the header is, the header as JSON, and the
 * tensors' bytes, one after the other, little-endian. https://github.com/huggingface/safetensors
 *
 * Nothing that a file says is believed before it is checked, and nothing is allocated but what the file has room for.
 */
import { numelOf } from "../tensor/shape.ts";
import { Storage, Tensor } from "../tensor/tensor.ts";
import { type FileType, fileTypeOf, formats } from "./number-formats.ts";

/** What a file holds. */
export interface SafetensorsFile {
  tensors: Record<string, Tensor>;
  metadata: Record<string, string>;
}

/** A tensor's entry in the header. */
interface Entry {
  dtype: FileType;
  shape: number[];
  data_offsets: [begin: number, end: number];
}

const METADATA = "__metadata__";
/** No header is longer, as in the reference implementation. */
const LONGEST_HEADER = 100_000_000;

/**
 * The bytes of a file that holds these tensors, which may have any layout, and texts about them.
 *
 * int32 is written as I32, and as I64 where PyTorch counts in int64: under names that end in `num_batches_tracked`.
 */
export function serialize(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(tensors).map(([name, tensor]) => ({
    name,
    tensor,
    type: fileTypeOf(name, tensor.dtype),
  }));
  if (entries.some(({ name }) => name === METADATA)) throw new Error(`a tensor cannot be named ${METADATA}`);
  // The widest numbers first, so that each tensor begins where its numbers may.
  entries.sort((a, b) => formats[b.type].bytes - formats[a.type].bytes || (a.name < b.name ? -1 : 1));
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  let end = 0;
  for (const { name, tensor, type } of entries) {
    const begin = end;
    end += tensor.numel * formats[type].bytes;
    header.push([name, { dtype: type, shape: tensor.shape, data_offsets: [begin, end] }]);
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = 8 * Math.ceil(json.length / 8);
  const file = new Uint8Array(8 + headerLength + end).fill(0x20, 8, 8 + headerLength); // padded with spaces
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.set(json, 8);
  let at = 8 + headerLength;
  for (const { tensor, type } of entries) {
    const bytes = formats[type].write(tensor.data);
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/**
 * The tensors of a file: F32, F64 and BOOL as they are, F16 and BF16 as float32, whole numbers as int32.
 *
 * @param name of the file, for errors
 * @throws if it is not exactly such a file, or a whole number is too large for int32
 */
export function parse(file: Uint8Array, name = "safetensors"): SafetensorsFile {
  const refuse = (problem: string): never => {
    throw new Error(`${name}: ${problem}. The file is damaged, or is no safetensors file.`);
  };
  const { header, dataStart } = readHeader(file, refuse);
  const data = new Uint8Array(file.buffer, file.byteOffset + dataStart, file.byteLength - dataStart);
  const metadata = header[METADATA];
  if (metadata !== undefined && !isTexts(metadata)) refuse(`${METADATA} must be texts by name`);
  const entries = Object.entries(header)
    .filter(([key]) => key !== METADATA)
    .map(([key, value]) => ({
      key,
      entry: isEntry(value) ? value : refuse(`the entry of ${shown(key)} is not one of a tensor`),
    }));
  checkPlaces(entries, data.length, refuse);
  const tensors = entries.map(({ key, entry }): [string, Tensor] => {
    const { dtype, read } = formats[entry.dtype];
    const values = read(data.slice(...entry.data_offsets)); // a copy: in a file, numbers may begin anywhere (a Buffer's slice would be none)
    return [
      key,
      new Tensor(new Storage(values ?? refuse(`${shown(key)} has numbers beyond int32`)), dtype, entry.shape),
    ];
  });
  return { tensors: Object.fromEntries(tensors), metadata: { ...(metadata as Record<string, string> | undefined) } };
}

type Refuse = (problem: string) => never;

function readHeader(file: Uint8Array, refuse: Refuse): { header: Record<string, unknown>; dataStart: number } {
  if (file.length < 8) refuse(`expected at least 8 bytes, but it has ${file.length}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(file.length - 8))
    refuse(`its header should have ${length} bytes, but the file has ${file.length}`);
  if (length > BigInt(LONGEST_HEADER)) refuse(`its header has ${length} bytes, more than ${LONGEST_HEADER}`);
  const dataStart = 8 + Number(length);
  let text = "";
  let header: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(file.subarray(8, dataStart));
    header = JSON.parse(text);
  } catch {
    refuse("its header is not JSON");
  }
  if (!isObject(header)) return refuse("its header is not a JSON object");
  if (!Object.values(header).every((value) => isTexts(value) || isEntry(value))) {
    refuse("its header has something else than a dtype, a shape and two data_offsets for each tensor");
  }
  if (keysWritten(text) !== keysRead(header)) refuse("its header has a name twice");
  return { header, dataStart };
}

/** How many names the JSON text has; JSON.parse keeps only the last of equal ones. */
function keysWritten(text: string): number {
  let count = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*:?/g)) if (token.endsWith(":")) count++;
  return count;
}

const keysRead = (header: Record<string, unknown>): number =>
  Object.values(header).reduce<number>((sum, value) => sum + 1 + Object.keys(value as object).length, 0);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isTexts = (value: unknown): value is Record<string, string> =>
  isObject(value) && Object.values(value).every((text) => typeof text === "string");

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function isEntry(value: unknown): value is Entry {
  if (!isObject(value) || Object.keys(value).length !== 3) return false;
  const { dtype, shape, data_offsets: offsets } = value;
  const isList = Array.isArray(shape) && shape.every(isSize) && Array.isArray(offsets) && offsets.every(isSize);
  return isList && offsets.length === 2 && typeof dtype === "string" && Object.hasOwn(formats, dtype);
}

/** Each tensor has as many bytes as its shape says, and they lie end to end from the first byte to the last. */
function checkPlaces(entries: readonly { key: string; entry: Entry }[], length: number, refuse: Refuse): void {
  let at = 0;
  const inOrder = [...entries].sort(
    (a, b) => a.entry.data_offsets[0] - b.entry.data_offsets[0] || a.entry.data_offsets[1] - b.entry.data_offsets[1],
  );
  for (const { key, entry } of inOrder) {
    const [begin, end] = entry.data_offsets;
    const size = numelOf(entry.shape) * formats[entry.dtype].bytes;
    if (begin !== at)
      refuse(`the data of ${shown(key)} should begin at ${at}, after what comes before, but begin at ${begin}`);
    if (end - begin !== size) refuse(`${shown(key)} should have ${size} bytes, but has ${end - begin}`);
    at = end;
  }
  if (at !== length) refuse(`its tensors have ${at} bytes, but ${length} follow the header`);
}

/** A name for an error, not too long. */
const shown = (name: string): string => JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
