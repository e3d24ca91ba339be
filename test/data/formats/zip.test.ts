/** Zip files: what Python and PyTorch write is read in pytorch.test.ts and npy.test.ts; here is what is rare, large, or wrong. */
import { crc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { crcBy } from "../../../src/data/formats/crc.ts";
import { type Expect, expectationsOf } from "../../../src/data/formats/expect.ts";
import { readZip, unpack } from "../../../src/data/formats/zip.ts";
import { zipFile } from "../support.ts";

const expectations: Expect = expectationsOf("a.zip", "zip file");
const texts = (file: Uint8Array): Record<string, string> =>
  Object.fromEntries(
    Array.from(readZip(file, expectations).values(), (x) => [x.name, Buffer.from(unpack(x, expectations)).toString()]),
  );

const contents: [string, Uint8Array][] = [
  ["a", Buffer.from("one ".repeat(100))],
  ["b/grüße", Buffer.from("two")],
  ["empty", new Uint8Array(0)],
];
const [plain, packed] = [false, true].map((isPacked) => Buffer.from(zipFile(contents, isPacked)));

it.each([plain, packed])("gives back what was written", (file) => {
  expect(texts(file)).toEqual({ a: "one ".repeat(100), "b/grüße": "two", empty: "" });
});

it("begins each file at a multiple of 64 bytes", () => {
  for (const text of ["one one", "two"]) expect(plain.indexOf(text) % 64).toBe(0);
});

it("no file is a zip file, too", () => expect(texts(zipFile([]))).toEqual({}));

it("has no name that is no text, or longer than the format has room for", () => {
  const named = (name: string) => zipFile([[name, new Uint8Array(0)]]);
  expect(() => named("\ud800")).toThrow('the name "\\ud800" is not Unicode');
  expect(texts(named("é".repeat(32_767)))).toEqual({ ["é".repeat(32_767)]: "" });
  const long = "é".repeat(32_768);
  expect(() => named(long)).toThrow(
    `the name "${long.slice(0, 60)}…" has 65536 bytes, but a zip file has room for 65535`,
  );
});

it("65535 files and more are counted in 64 bits", () => {
  const many = Array.from({ length: 65_536 }, (_, i): [string, Uint8Array] => [`${i}`, new Uint8Array(0)]);
  const entries = readZip(zipFile(many), expectations);
  expect(entries.size).toBe(65_536);
});

it("has Node's checksums", () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) % 251);
  expect(crcBy(0xedb88320)(bytes)).toBe(crc32(bytes));
});

/** The file with other bytes at so many from a signature on. */
function changed(file: Buffer, signature: string, place: number, bytes: number[]): Buffer {
  const copy = Buffer.from(file);
  copy.set(bytes, copy.indexOf(`PK${signature}`, 0, "latin1") + place);
  return copy;
}

/** A file whose sizes and places are said in 64 bits, as where they are beyond 32. */
function in64Bits(): Buffer {
  const name = "a";
  const local = Buffer.alloc(30 + name.length);
  local.write("PK\x03\x04", "latin1");
  local.writeUInt32LE(crc32("data"), 14);
  local.fill(0xff, 18, 26);
  local.writeUInt16LE(1, 26);
  local.write(name, 30);
  const entry = Buffer.alloc(46 + name.length + 8 + 28);
  entry.write("PK\x01\x02", "latin1");
  entry.writeUInt32LE(crc32("data"), 16);
  entry.fill(0xff, 20, 28);
  entry.writeUInt16LE(1, 28);
  entry.writeUInt16LE(36, 30);
  entry.fill(0xff, 42, 46);
  entry.write(name, 46);
  entry.writeUInt16LE(0x4242, 47); // another extra field before
  entry.writeUInt16LE(4, 49);
  entry.writeUInt16LE(1, 55);
  entry.writeUInt16LE(24, 57);
  entry.writeBigUInt64LE(4n, 59);
  entry.writeBigUInt64LE(4n, 67);
  const end64 = Buffer.alloc(56);
  end64.write("PK\x06\x06", "latin1");
  end64.writeBigUInt64LE(1n, 24);
  end64.writeBigUInt64LE(1n, 32);
  end64.writeBigUInt64LE(BigInt(entry.length), 40);
  end64.writeBigUInt64LE(BigInt(local.length + 4), 48);
  const locator = Buffer.alloc(20);
  locator.write("PK\x06\x07", "latin1");
  locator.writeBigUInt64LE(BigInt(local.length + 4 + entry.length), 8);
  const end = Buffer.alloc(22, 0xff);
  end.write("PK\x05\x06", "latin1");
  end.fill(0, 4, 8);
  end.fill(0, 20);
  return Buffer.concat([local, Buffer.from("data"), entry, end64, locator, end]);
}

it("reads sizes and places of 64 bits", () => expect(texts(in64Bits())).toEqual({ a: "data" }));

describe("refuses, and says what is wrong:", () => {
  const cutOff = "it has no end of a zip file: it may be cut off";
  const entry = "\x01\x02";
  it.each<[title: string, file: Uint8Array, message: string]>([
    ["nothing", new Uint8Array(0), cutOff],
    ["half of it", plain.subarray(0, 200), cutOff],
    ["bytes after the end", Buffer.concat([plain, Buffer.from("more")]), "its end is not that of a zip file"],
    ["a part of several", changed(plain, "\x05\x06", 4, [1]), "it is one of several parts"],
    ["a directory beyond the file", changed(plain, "\x05\x06", 12, [0, 0, 1]), "its directory of files is not in it"],
    ["more entries than there are", changed(plain, "\x05\x06", 10, [9]), "its directory of files is too short"],
    ["an entry that is none", changed(plain, entry, 0, [0]), "its directory of files is none"],
    ["a name beyond the directory", changed(plain, entry, 29, [9]), "its directory of files is too short"],
    ["a name that is no text", changed(plain, entry, 46, [0xff]), "a name in its directory is not UTF-8"],
    ["another name", changed(plain, entry, 46, [98]), 'what its directory calls "b" is called otherwise'],
    ["a file that is not there", changed(plain, entry, 42, [1]), 'there is no "a" where it should be'],
    ["one behind the directory", changed(plain, entry, 43, [255]), '"a" is not before its directory'],
    ["a password", changed(plain, entry, 8, [1]), '"a" is encrypted, which is not supported'],
    ["another method", changed(plain, entry, 10, [12]), '"a" is packed by method 12, which is not supported'],
    ["a wrong size", changed(plain, entry, 24, [1]), '"a" should have 257 bytes, but only 400 are there'],
    ["a bomb", changed(packed, entry, 26, [1]), '"a" should have 65936 bytes, but only'],
    ["fewer bytes than packed", changed(packed, entry, 24, [9]), '"a" cannot be unpacked'],
    ["other contents", changed(plain, "\x03\x04", 64, [0]), '"a" is not what its checksum says'],
    ["other packed contents", changed(packed, "\x03\x04", 66, [0, 0, 0]), '"a" cannot be unpacked'],
    ["a name twice", zipFile([contents[0], contents[0]]), 'it has "a" twice'],
    ["no place for 64 bits", changed(in64Bits(), entry, 57, [8]), "a number beyond 32 bits is missing"],
    ["an end in 64 bits that is none", changed(in64Bits(), "\x06\x06", 0, [0]), "not that of a large zip file"],
  ])("%s", (_, file, message) => {
    expect(() => texts(file)).toThrow(message);
    expect(() => texts(file)).toThrow("a.zip: ");
  });

  it("a file in another, of which bombs are made", () => {
    const inner: [string, Uint8Array] = ["b", Buffer.from("two")];
    const file = Buffer.from(zipFile([["a", zipFile([inner])], inner]));
    const second = file.lastIndexOf("PK\x01\x02");
    file.writeUInt32LE(file.indexOf("PK\x03\x04", 4), second + 42);
    expect(() => texts(file)).toThrow("a.zip: its files overlap");
  });
});
