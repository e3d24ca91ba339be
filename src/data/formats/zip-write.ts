/** Writing zip files, as zip.ts reads them. */
import { deflateRawSync } from "node:zlib";
import { check } from "../../tensor/check.ts";
import { viewOf } from "./bytes.ts";
import { shown } from "./contents.ts";
import { crc32 } from "./crc.ts";
import { ELSEWHERE, EXTRA64, LENGTH, METHOD, SIGNATURE, UTF8 } from "./zip.ts";

/** Where files begin, so that numbers in them may be read where they lie: PyTorch's multiple. */
const ALIGNMENT = 64;

/** The extra field that only takes room, as PyTorch calls it. */
const PADDING = 0x4246;

/** 1 January 1980, the first day that there is: a file of the same contents has the same bytes. */
const DATE = 0x0021;

/** The version of the format that a reader has to know: 2.0, or 4.5 for 64 bits. */
const version = (isLarge: boolean): number => (isLarge ? 45 : 20);

interface Part {
  readonly name: Uint8Array;
  readonly packed: Uint8Array;
  readonly size: number;
  readonly crc: number;
  readonly method: number;
  readonly begin: number;
  readonly header: Uint8Array;
}

/**
 * The parts of a zip file that holds these files, packed or as they are, one after the other.
 * @throws for a name that has half of a character, or is longer than the format has room for
 */
export function writeZip(files: Iterable<readonly [name: string, bytes: Uint8Array]>, isPacked = false): Uint8Array[] {
  let end = 0;
  const parts = Array.from(files, ([name, bytes]): Part => {
    const part = {
      name: nameBytes(name),
      packed: isPacked ? deflateRawSync(bytes) : bytes,
      size: bytes.length,
      crc: crc32(bytes),
      method: isPacked ? METHOD.deflated : METHOD.stored,
      begin: end,
    };
    const header = localHeader(part);
    end += header.length + part.packed.length;
    return { ...part, header };
  });
  const directory = parts.map(directoryEntry);
  const length = directory.reduce((sum, entry) => sum + entry.length, 0);
  const tail = ending(parts.length, length, end);
  return [...parts.flatMap(({ header, packed }) => [header, packed]), ...directory, tail];
}

/** No name is longer: its length is said in 16 bits. */
const LONGEST_NAME = 0xffff;

function nameBytes(name: string): Uint8Array {
  check(!/\p{Surrogate}/u.test(name), () => `the name ${shown(name)} is not Unicode`);
  const bytes = new TextEncoder().encode(name);
  const tooLong = () =>
    `the name ${shown(name)} has ${bytes.length} bytes, but a zip file has room for ${LONGEST_NAME}`;
  check(bytes.length <= LONGEST_NAME, tooLong);
  return bytes;
}

/** The header before a file, and in it as much room as the file needs to begin where it should. */
function localHeader(part: Omit<Part, "header">): Uint8Array {
  const { name, size, packed, begin } = part;
  const large = isLarge(size, packed.length) ? extra64(size, packed.length) : new Uint8Array(0);
  const used = begin + LENGTH.local + name.length + large.length + 4;
  const padding = (ALIGNMENT - (used % ALIGNMENT)) % ALIGNMENT;
  const header = new Uint8Array(used - begin + padding);
  const view = viewOf(header);
  view.setUint32(0, SIGNATURE.local, true);
  setCommon(view, 4, part);
  view.setUint16(28, large.length + 4 + padding, true);
  header.set(name, LENGTH.local);
  header.set(large, LENGTH.local + name.length);
  view.setUint16(used - begin - 4, PADDING, true);
  view.setUint16(used - begin - 2, padding, true);
  return header;
}

function directoryEntry(part: Part): Uint8Array {
  const { name, size, packed, begin } = part;
  const [hasLargeSizes, isFar] = [isLarge(size, packed.length), isLarge(begin)];
  const large = extra64(...(hasLargeSizes ? [size, packed.length] : []), ...(isFar ? [begin] : []));
  const entry = new Uint8Array(LENGTH.entry + name.length + large.length);
  const view = viewOf(entry);
  view.setUint32(0, SIGNATURE.entry, true);
  view.setUint16(4, version(large.length > 0), true); // who made it
  setCommon(view, 6, part);
  view.setUint16(6, version(large.length > 0), true);
  view.setUint16(30, large.length, true);
  view.setUint32(42, isFar ? ELSEWHERE : begin, true);
  entry.set(name, LENGTH.entry);
  entry.set(large, LENGTH.entry + name.length);
  return entry;
}

/** What a header and an entry of the directory have in common, from `at` on. */
function setCommon(view: DataView, at: number, { name, packed, size, crc, method }: Omit<Part, "header">): void {
  const hasLargeSizes = isLarge(size, packed.length);
  view.setUint16(at, version(hasLargeSizes), true);
  view.setUint16(at + 2, UTF8, true);
  view.setUint16(at + 4, method, true);
  view.setUint16(at + 8, DATE, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, hasLargeSizes ? ELSEWHERE : packed.length, true);
  view.setUint32(at + 18, hasLargeSizes ? ELSEWHERE : size, true);
  view.setUint16(at + 22, name.length, true);
}

/** The end of the file: how many entries the directory has, how long it is, and where it begins. */
function ending(count: number, length: number, begin: number): Uint8Array {
  const needs64 = isLarge(length, begin) || count >= 0xffff;
  const end = new Uint8Array(LENGTH.end + (needs64 ? LENGTH.end64 + LENGTH.locator64 : 0));
  const view = viewOf(end);
  if (needs64) {
    view.setUint32(0, SIGNATURE.end64, true);
    view.setBigUint64(4, BigInt(LENGTH.end64 - 12), true); // how much of it follows
    view.setUint16(12, version(true), true);
    view.setUint16(14, version(true), true);
    for (const [i, number] of [count, count, length, begin].entries()) {
      view.setBigUint64(24 + 8 * i, BigInt(number), true);
    }
    view.setUint32(LENGTH.end64, SIGNATURE.locator64, true);
    view.setBigUint64(LENGTH.end64 + 8, BigInt(begin + length), true);
    view.setUint32(LENGTH.end64 + 16, 1, true); // of one part
  }
  const at = end.length - LENGTH.end;
  view.setUint32(at, SIGNATURE.end, true);
  view.setUint16(at + 8, Math.min(count, 0xffff), true);
  view.setUint16(at + 10, Math.min(count, 0xffff), true);
  view.setUint32(at + 12, Math.min(length, ELSEWHERE), true);
  view.setUint32(at + 16, Math.min(begin, ELSEWHERE), true);
  return end;
}

/** Whether one does not fit 32 bits. */
const isLarge = (...sizes: number[]): boolean => sizes.some((size) => size >= ELSEWHERE);

/** The extra field of numbers beyond 32 bits; nothing, if there are none. */
function extra64(...numbers: number[]): Uint8Array {
  if (numbers.length === 0) return new Uint8Array(0);
  const field = new Uint8Array(4 + 8 * numbers.length);
  const view = viewOf(field);
  view.setUint16(0, EXTRA64, true);
  view.setUint16(2, 8 * numbers.length, true);
  for (const [i, number] of numbers.entries()) view.setBigUint64(4 + 8 * i, BigInt(number), true);
  return field;
}
