/** What stands for Node's own modules in a browser does what they do. */
import { Buffer as NodeBuffer } from "node:buffer";
import * as nodePath from "node:path";
import * as nodeZlib from "node:zlib";
import { describe, expect, it } from "vitest";
import { Buffer } from "../../../docs/site/client/runner/node/buffer.ts";
import * as fs from "../../../docs/site/client/runner/node/fs.ts";
import * as path from "../../../docs/site/client/runner/node/path.ts";
import * as zlib from "../../../docs/site/client/runner/node/zlib.ts";

const bytes = (x: Uint8Array) => [...x];
const hex = (x: Uint8Array) => NodeBuffer.from(x).toString("hex");

describe("zlib", () => {
  const random = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i * 7919) >> 5);
  const contents = {
    nothing: new Uint8Array(0),
    "one byte": Uint8Array.of(7),
    "a text": new TextEncoder().encode("to be or not to be, that is the question ".repeat(50)),
    "one byte, often": new Uint8Array(70_000).fill(3),
    "without an order": random,
  };
  for (const [name, content] of Object.entries(contents)) {
    it.each([0, 1, 6, 9])(`unpacks ${name}, packed at level %i`, (level) => {
      expect(hex(zlib.inflateRawSync(nodeZlib.deflateRawSync(content, { level })))).toBe(hex(content));
      expect(hex(zlib.inflateSync(nodeZlib.deflateSync(content, { level })))).toBe(hex(content));
      expect(hex(zlib.gunzipSync(nodeZlib.gzipSync(content, { level })))).toBe(hex(content));
    });
    it(`unpacks ${name} in fixed codes`, () => {
      const packed = nodeZlib.deflateRawSync(content, { strategy: nodeZlib.constants.Z_FIXED });
      expect(hex(zlib.inflateRawSync(packed))).toBe(hex(content));
    });
    it(`packs ${name}`, () => expect(hex(nodeZlib.inflateRawSync(zlib.deflateRawSync(content)))).toBe(hex(content)));
  }
  it("says what is damaged", () => {
    const packed = nodeZlib.gzipSync(random);
    expect(() => zlib.gunzipSync(packed.subarray(0, 1000))).toThrow("unexpected end of file");
    expect(() => zlib.gunzipSync(random)).toThrow("incorrect header check");
  });
});

it("path", () => {
  const paths = ["", ".", "/", "a", "a.txt", "/a/b.tar.gz", "a/../b/./c", "../x/.hidden", "a//b/", "/.."];
  for (const one of paths) {
    expect(path.basename(one)).toBe(nodePath.posix.basename(one));
    expect(path.dirname(one)).toBe(nodePath.posix.dirname(one));
    expect(path.extname(one)).toBe(nodePath.posix.extname(one));
    for (const other of paths)
      expect(path.join(one, other).replace(/(.)\/$/, "$1")).toBe(
        nodePath.posix.join(one, other).replace(/(.)\/$/, "$1"),
      );
  }
});

it("Buffer", () => {
  const both = [Buffer, NodeBuffer as unknown as typeof Buffer].map((Kind) => {
    const written = Kind.alloc(24, " ");
    written.write("RIFFé", 0, "latin1");
    written.writeUInt32LE(0xfffffffe, 5);
    written.writeInt16LE(-2, 9);
    written.writeDoubleBE(Math.PI, 11);
    const texts = [
      Kind.from("é🙂"),
      Kind.from("00ff7f", "hex"),
      Kind.concat([Kind.from([1, 2]), written.subarray(3, 5)]),
    ];
    const order = [Kind.compare(Kind.from("a"), Kind.from("ab")), Kind.compare(Kind.from("b"), Kind.from("ab"))];
    const numbers = [written.readUInt32BE(1), written.readInt32BE(5), written.readUInt16BE(2)];
    const swapped = Kind.from([1, 2, 3, 4, 5, 6, 7, 8]);
    swapped.swap16().swap32().swap64();
    return [
      bytes(written),
      texts.map(bytes),
      order,
      numbers,
      bytes(swapped),
      written.toString("latin1", 0, 5),
      texts[0].toString(),
    ];
  });
  expect(both[0]).toEqual(both[1]);
});

it("fs keeps files in memory", () => {
  fs.mkdirSync("/folder");
  const file = fs.openSync("/folder/a", "wx");
  expect(fs.writeSync(file, Uint8Array.of(1, 2, 3))).toBe(3);
  fs.writeSync(file, Uint8Array.of(4));
  fs.closeSync(file);
  expect(() => fs.openSync("/folder/a", "wx")).toThrow("EEXIST: file already exists, open '/folder/a'");
  fs.renameSync("/folder/a", "/folder/b");
  expect(fs.existsSync("/folder/a")).toBe(false);
  expect(fs.readdirSync("/folder")).toEqual(["b"]);
  expect(bytes(fs.readFileSync("folder/../folder/b"))).toEqual([1, 2, 3, 4]);
  const [again, part] = [fs.openSync("/folder/b"), new Uint8Array(3)];
  expect([fs.readSync(again, part, 0, 3, null), fs.readSync(again, part, 1, 2, null)]).toEqual([3, 1]);
  expect(bytes(part)).toEqual([1, 4, 3]);
  expect(fs.statSync("/folder")?.isDirectory()).toBe(true);
  expect(fs.statSync("/none", { throwIfNoEntry: false })).toBeUndefined();
  expect(() => fs.readFileSync("/none")).toThrow("ENOENT: no such file or directory, open '/none'");
  fs.rmSync("/folder");
  expect(fs.existsSync("/folder/b")).toBe(false);
});
