/**
 * Zip files, in which PyTorch and NumPy keep theirs: each file with a header before it, then the directory, with all that the headers
 * say, and at the end where the directory is. What is beyond 32 bits is said once more, in 64 ("zip64").
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 * Nothing that a file says is believed before it is checked. Read next: zip-write.ts.
 */
import { inflateRawSync } from "node:zlib";
import { readText, viewOf } from "./bytes.ts";
import { shown } from "./contents.ts";
import { crc32 } from "./crc.ts";
import type { Expect } from "./expect.ts";

/** The words that the parts of a zip file begin with: "PK" and two bytes more. */
export const SIGNATURE = {
  local: 0x04034b50,
  descriptor: 0x08074b50,
  entry: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;

/** How long these parts are, but for what may follow them. */
export const LENGTH = { local: 30, entry: 46, end: 22, end64: 56, locator64: 20 } as const;

/** How a file is packed. */
export const METHOD = { stored: 0, deflated: 8 } as const;

/** What stands in 32 bits, or in 16, for a number that is in the extra field of 64. */
export const ELSEWHERE = 0xffffffff;

/** Which of the extra fields that is. */
export const EXTRA64 = 0x0001;

/** Names are UTF-8. */
export const UTF8 = 0x0800;

const ENCRYPTED = 0x0001;

/** Deflate makes of a byte 1032 at most. */
const LARGEST_RATIO = 1032;

/** A file in a zip file. */
export interface ZipEntry {
  readonly name: string;
  /** How many bytes it has. */
  readonly size: number;
  /** It, packed: a view. */
  readonly packed: Uint8Array;
  readonly method: number;
  readonly crc: number;
}

/** Whether it begins as one, be there files in it or not. */
export const isZip = (file: Uint8Array): boolean => file[0] === 0x50 && file[1] === 0x4b;

/** What is in a zip file, by name. Nothing is unpacked. */
export function readZip(file: Uint8Array, expect: Expect): Map<string, ZipEntry> {
  const view = viewOf(file);
  const { begin, length, count } = readEnd(view, expect);
  expect(begin + length <= file.length, () => "its directory of files is not in it");
  const entries = new Map<string, ZipEntry>();
  const places: [begin: number, end: number][] = [];
  let at = begin;
  for (let k = 0; k < count; k++) {
    expect(at + LENGTH.entry <= begin + length, () => "its directory of files is too short");
    expect(view.getUint32(at, true) === SIGNATURE.entry, () => "its directory of files is none");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const next = at + LENGTH.entry + nameLength + extraLength + commentLength;
    expect(next <= begin + length, () => "its directory of files is too short");
    const { entry, place } = readEntry(file, at, begin, expect);
    expect(!entries.has(entry.name), () => `it has ${shown(entry.name)} twice`);
    entries.set(entry.name, entry);
    places.push(place);
    at = next;
  }
  places.sort((a, b) => a[0] - b[0]);
  for (let k = 1; k < places.length; k++) expect(places[k - 1][1] <= places[k][0], () => "its files overlap");
  return entries;
}

/** Where the directory is, and how many entries it has. */
function readEnd(view: DataView, expect: Expect): { begin: number; length: number; count: number } {
  const last = view.byteLength - LENGTH.end;
  const longestComment = 0xffff;
  let at = last;
  while (at >= Math.max(0, last - longestComment) && view.getUint32(at, true) !== SIGNATURE.end) at--;
  expect(at >= 0 && view.getUint32(at, true) === SIGNATURE.end, () => "it has no end of a zip file: it may be cut off");
  expect(
    at + LENGTH.end + view.getUint16(at + 20, true) === view.byteLength,
    () => "its end is not that of a zip file",
  );
  const [disk, count] = [view.getUint16(at + 4, true), view.getUint16(at + 10, true)];
  const [length, begin] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  const isLarge = [begin, length].includes(ELSEWHERE) || count === 0xffff;
  const locator = at - LENGTH.locator64;
  if (!isLarge || locator < 0 || view.getUint32(locator, true) !== SIGNATURE.locator64) {
    expect(disk === 0, () => "it is one of several parts of a zip file");
    return { begin, length, count };
  }
  const end = getSize(view, locator + 8);
  expect(end <= locator - LENGTH.end64, () => "its end is not that of a large zip file");
  expect(view.getUint32(end, true) === SIGNATURE.end64, () => "its end is not that of a large zip file");
  return { count: getSize(view, end + 32), length: getSize(view, end + 40), begin: getSize(view, end + 48) };
}

/** The entry of the directory at `at`, and from where to where its file lies, which is before the directory. */
function readEntry(
  file: Uint8Array,
  at: number,
  directory: number,
  expect: Expect,
): { entry: ZipEntry; place: [begin: number, end: number] } {
  const view = viewOf(file);
  const [flags, method] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
  const nameBytes = file.subarray(at + LENGTH.entry, at + LENGTH.entry + nameLength);
  const name = readText(nameBytes);
  expect(name !== undefined, () => "a name in its directory is not UTF-8");
  const sizes = [24, 20, 42].map((place) => view.getUint32(at + place, true));
  const [size, packedSize, begin] = in64Bits(sizes, view, at + LENGTH.entry + nameLength, extraLength, expect);
  expect(begin + LENGTH.local <= directory, () => `${shown(name)} is not before its directory of files`);
  expect(view.getUint32(begin, true) === SIGNATURE.local, () => `there is no ${shown(name)} where it should be`);
  const dataBegin = begin + LENGTH.local + view.getUint16(begin + 26, true) + view.getUint16(begin + 28, true);
  const dataEnd = dataBegin + packedSize;
  expect(dataEnd <= directory, () => `${shown(name)} is not before its directory of files`);
  const sameName = readText(
    file.subarray(begin + LENGTH.local, begin + LENGTH.local + view.getUint16(begin + 26, true)),
  );
  expect(sameName === name, () => `what its directory calls ${shown(name)} is called otherwise where it is`);
  expect((flags & ENCRYPTED) === 0, () => `${shown(name)} is encrypted, which is not supported`);
  const isKnown = method === METHOD.stored || method === METHOD.deflated;
  expect(isKnown, () => `${shown(name)} is packed by method ${method}, which is not supported`);
  const most = method === METHOD.stored ? packedSize : LARGEST_RATIO * packedSize;
  const wrongSize = () => `${shown(name)} should have ${size} bytes, but only ${packedSize} are there`;
  expect(method === METHOD.stored ? size === most : size <= most, wrongSize);
  const packed = file.subarray(dataBegin, dataEnd);
  return { entry: { name, size, packed, method, crc: view.getUint32(at + 16, true) }, place: [begin, dataEnd] };
}

/** The numbers; those that do not fit 32 bits stand in an extra field, one after the other. */
function in64Bits(numbers: number[], view: DataView, begin: number, length: number, expect: Expect): number[] {
  const elsewhere = () => "a number beyond 32 bits is missing in its directory";
  let at = begin;
  while (at + 4 <= begin + length && view.getUint16(at, true) !== EXTRA64) at += 4 + view.getUint16(at + 2, true);
  const isThere = at + 4 <= begin + length;
  const end = isThere ? Math.min(begin + length, at + 4 + view.getUint16(at + 2, true)) : at;
  at += 4;
  return numbers.map((number) => {
    if (number !== ELSEWHERE || !isThere) return number;
    expect(at + 8 <= end, elsewhere);
    at += 8;
    return getSize(view, at - 8);
  });
}

/** The file of an entry: a view if it is stored as it is. @throws if it is not what its checksum says */
export function unpack({ name, size, packed, method, crc }: ZipEntry, expect: Expect): Uint8Array {
  const bytes = method === METHOD.stored ? packed : inflate(packed, size);
  expect(bytes?.length === size, () => `${shown(name)} cannot be unpacked`);
  // PyTorch writes no checksum, 0, if it is told so.
  expect(crc === 0 || crc === crc32(bytes), () => `${shown(name)} is not what its checksum says`);
  return bytes;
}

function inflate(packed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  } catch {
    return undefined;
  }
}

/** A number of 64 bits, not exact if it is beyond all files. */
const getSize = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));
