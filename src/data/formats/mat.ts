/**
 * Files of MATLAB's, version 5 and 7: after a header, an array after the other, each of elements with a type and a length, and mostly
 * packed by zlib. The first dimension is the fastest. https://www.mathworks.com/help/pdf_doc/matlab/matfile_format.pdf
 */
import { inflateSync } from "node:zlib";
import { viewOf } from "./bytes.ts";
import { type Expect, expectationsOf } from "./expect.ts";
import { type FileType, readNumbers } from "./numbers.ts";

/** An array as it is in the file. */
export interface MatArray {
  readonly shape: readonly number[];
  readonly type: FileType;
  /** A view. */
  readonly bytes: Uint8Array;
}

const HEADER = 128;
const [MATRIX, COMPRESSED] = [14, 15];

/** What numbers are, by the type of their element. */
const NUMBERS: Readonly<Record<number, FileType | undefined>> = {
  1: "I8",
  2: "U8",
  3: "I16",
  4: "U16",
  5: "I32",
  6: "U32",
  7: "F32",
  9: "F64",
  12: "I64",
  13: "U64",
};

/** Arrays of numbers have these classes, from double to uint64. */
const isNumeric = (kind: number): boolean => kind >= 6 && kind <= 15;
const COMPLEX = 0x08;

/** What is packed has at most so many times its size, unless it is small: pictures shrink little. */
const [LARGEST_RATIO, SMALL] = [64, 2 ** 20];

interface Element {
  readonly type: number;
  readonly content: Uint8Array;
  /** Where the next one begins. */
  readonly next: number;
}

/** The arrays of numbers, by name. @param name of the file, for errors @throws if it is damaged, or no such file */
export function parseMat(file: Uint8Array, name: string): Map<string, MatArray> {
  const expect: Expect = expectationsOf(name, "MATLAB 5 file");
  const view = viewOf(file);
  const isLittle = file.length >= HEADER && view.getUint16(126, true) === 0x4d49; // "MI"
  expect(isLittle && view.getUint16(124, true) === 0x0100, () => "it has another header");
  const arrays = new Map<string, MatArray>();
  for (let at = HEADER; at < file.length; ) {
    const packed = elementAt(file, at, expect);
    at = packed.next;
    const { type, content } =
      packed.type === COMPRESSED ? elementAt(inflated(packed.content, expect), 0, expect) : packed;
    if (type !== MATRIX) continue;
    const found = arrayOf(content, expect);
    if (found) arrays.set(...found);
  }
  return arrays;
}

/** An element: its type, its length, and its bytes; all in eight bytes if there are four at most. */
function elementAt(bytes: Uint8Array, at: number, expect: Expect): Element {
  expect(at + 8 <= bytes.length, () => "it is cut off");
  const view = viewOf(bytes);
  const [type, length] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
  const isSmall = type >>> 16 > 0;
  const [begin, size] = isSmall ? [at + 4, type >>> 16] : [at + 8, length];
  expect(begin + size <= bytes.length && (!isSmall || size <= 4), () => "it is cut off");
  const end = begin + size;
  const next = isSmall ? at + 8 : type === COMPRESSED ? end : end + ((8 - (size % 8)) % 8);
  return { type: type & 0xffff, content: bytes.subarray(begin, end), next };
}

function inflated(packed: Uint8Array, expect: Expect): Uint8Array {
  try {
    return inflateSync(packed, { maxOutputLength: LARGEST_RATIO * packed.length + SMALL });
  } catch (error) {
    expect(false, () => `an array cannot be unpacked (${(error as Error).message})`);
    throw error;
  }
}

/** Its flags, its sizes, its name and its numbers; nothing if it is of something else. */
function arrayOf(content: Uint8Array, expect: Expect): [name: string, array: MatArray] | undefined {
  const flags = elementAt(content, 0, expect);
  expect(flags.content.length === 8, () => "an array has no flags");
  if (!isNumeric(flags.content[0]) || flags.content[1] & COMPLEX) return undefined;
  const sizes = elementAt(content, flags.next, expect);
  expect(sizes.type === 5 && sizes.content.length % 4 === 0, () => "an array has no sizes");
  const shape = Array.from(readNumbers(sizes.content, "I32", false, "sizes", "int32"));
  const name = elementAt(content, sizes.next, expect);
  const numbers = elementAt(content, name.next, expect);
  const type = NUMBERS[numbers.type];
  expect(type !== undefined, () => `an array has numbers of the type ${numbers.type}`);
  return [Buffer.from(name.content).toString("latin1"), { shape, type, bytes: numbers.content }];
}
