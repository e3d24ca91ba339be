/**
 * Damaged files: each parser either reads what is still a file, with the values that it has, or refuses it with an error of its
 * own that names the file. None crashes, hangs, or allocates much more than the file has. DAMAGED=10000 in the environment tries
 * so many of each.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { unpacked } from "../../../src/data/dataset-files.ts";
import { packCheckpoint, unpackCheckpoint } from "../../../src/data/formats/checkpoint.ts";
import { type Expect, expectationsOf } from "../../../src/data/formats/expect.ts";
import { parseIdxImages, parseIdxLabels } from "../../../src/data/formats/idx.ts";
import { isJpeg } from "../../../src/data/formats/jpeg.ts";
import { readFrame } from "../../../src/data/formats/jpeg-markers.ts";
import { parseNpy, parseNpz, serializeNpy } from "../../../src/data/formats/npy.ts";
import { readZip, unpack } from "../../../src/data/formats/zip.ts";
import { readImage, readPng, writePng } from "../../../src/data/image.ts";
import { Generator, nn, optim, rand, randint, safetensors, Tensor, tensor, zeros } from "../../../src/index.ts";
import { parsePyTorch } from "../../../src/python/read.ts";
import type { Storage } from "../../../src/tensor/tensor.ts";
import { temporaryFolder } from "../../support/index.ts";
import { read } from "../../support/tree.ts";
import { chunk, idx, npzFile, png, savedFile, zipFile } from "../support.ts";

const generator = new Generator(0);
const below = (limit: number): number => generator.random32() % limit;

/** What parsers fear. */
const frightening = [
  ...["ffffffff", "7fffffff", "00000000", "ffffffffffffff7f"].map((bytes) => Buffer.from(bytes, "hex")),
  ...["{", "[[[[[[[[", '"', "\\u0000", "1e999", "-1", "9007199254740993", "null", '"__proto__":', '"F64"', "[0,0]"].map(
    (text) => Buffer.from(text),
  ),
];

/** The file with other bytes in the place of so many at `at`. */
const spliced = (file: Uint8Array, at: number, removed: number, ...added: Uint8Array[]): Uint8Array =>
  Buffer.concat([file.subarray(0, at), ...added, file.subarray(at + removed)]);

/** What happens to files: bits flip, bytes change, parts are lost, doubled, moved, or replaced by what parsers fear. */
const mutations: ((file: Uint8Array, at: number) => Uint8Array)[] = [
  (file, at) => file.with(at, below(256)),
  (file, at) => file.with(at, file[at] ^ (1 << below(8))),
  (file) => file.slice(0, below(file.length + 1)),
  (file, at) => file.slice(at),
  (file, at) => spliced(file, below(file.length), 0, file.subarray(at, at + below(40))),
  (file, at) => spliced(file, at, below(40)),
  (file, at) => {
    const words = frightening[below(frightening.length)];
    return spliced(file, at, words.length, words);
  },
  (file) => file.with(below(Math.min(file.length, 24)), [0, 1, 0x7f, 0x80, 0xff][below(5)]), // where lengths and sizes are
];

function mutated(file: Uint8Array): Uint8Array {
  let result = file;
  for (let times = 1 + below(3); times > 0 && result.length > 0; times--) {
    result = mutations[below(mutations.length)](result, below(result.length));
  }
  return result;
}

const digits = (count: number) => Array.from({ length: count }, () => below(10));
const images = idx([0x803, 5, 4, 3], digits(60));
const labels = idx([0x801, 30], digits(30));
const model = safetensors.serialize(
  {
    "fc.weight": rand([3, 4]),
    "fc.bias": zeros([3]),
    "bn.num_batches_tracked": tensor(3, { dtype: "int32" }),
    mask: tensor([true, false]),
    classes: randint(0, 9, [4]),
  },
  { format: "pt" },
);

const { tensors: saved, metadata } = packCheckpoint({
  model: { w: rand([3, 4]), steps: tensor(7, { dtype: "int32" }) },
  losses: [0.5, Number.NaN],
  note: 'a "text": {}',
  best: null,
});
const checkpoint = safetensors.serialize(saved, metadata);

const path = join(temporaryFolder(afterAll), "file");
writePng(path, rand([4, 5, 7]));
const picture = readFileSync(path);

/** A PNG file's header and its rows, which a palette of four colours has. */
const pixels = Buffer.concat([
  Buffer.from([0, 0, 0, 9, 0, 0, 0, 6, 2, 3, 0, 0, 0]),
  Buffer.from(digits(24)).map((x) => x % 5),
]);

const jpegs: Record<string, string> = JSON.parse(read("test/fixtures/jpeg-files.json"));

/** The segment with the sizes is first, where most damage is done to them. */
function jpeg(name: string): Uint8Array {
  const file = Buffer.from(jpegs[name], "base64");
  const at = file.indexOf(Buffer.from([0xff, name === "progressive" ? 0xc2 : 0xc0]));
  const end = at + 2 + file.readUInt16BE(at + 2);
  return Buffer.concat([file.subarray(0, 2), file.subarray(at, end), file.subarray(2, at), file.subarray(end)]);
}

/** How many pixels a JPEG file declares: a few bits may be many of them. */
function pixelsOf(file: Uint8Array): number {
  if (!isJpeg(file)) return 0;
  try {
    const { height, width } = readFrame(file);
    return height * width;
  } catch {
    return 0;
  }
}

const network = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4));
const saving = savedFile({
  model: network.stateDict(),
  optimizer: new optim.SGD(network.parameters(), { momentum: 0.9 }).stateDict(),
  views: [rand([3, 4]).t(), new nn.Parameter(zeros(2))],
  plain: [new Map<unknown, unknown>([[1, "one"]]), new Set([1, "a"]), 2n ** 70n, -0.5, null, { ["__proto__"]: true }],
});
const expectations: Expect = expectationsOf("saving", "zip file");
const parts = Array.from(
  readZip(saving, expectations).values(),
  (entry) => [entry.name, unpack(entry, expectations)] as const,
);
const arrays = npzFile({ x: rand([3, 4]), "a/b": tensor([true, false]) }, true);
const array = serializeNpy(rand([3, 4]));

const bytesIn = (tensors: Readonly<Record<string, Tensor>>) =>
  Object.values(tensors).reduce((sum, { storage }) => sum + storage.data.byteLength, 0);

/** The storages in a value, wherever they are. */
function storagesIn(value: unknown, met = new Set<unknown>()): Set<Storage> {
  if (value instanceof Tensor) return new Set([value.storage]);
  if (typeof value !== "object" || value === null || met.has(value)) return new Set();
  met.add(value);
  const items = value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : Object.values(value);
  return new Set(items.flatMap((item) => [...storagesIn(item, met)]));
}

/** How each file is parsed; what comes out must be what the file says. How many bytes it is. */
const parsers = {
  images(file: Uint8Array) {
    const { bytes } = parseIdxImages(file, path);
    expect(Buffer.compare(bytes, file.subarray(16))).toBe(0);
    return bytes.length;
  },
  labels(file: Uint8Array) {
    const found = parseIdxLabels(file, path);
    expect(Buffer.compare(Uint8Array.from(found), file.subarray(8))).toBe(0);
    return found.byteLength;
  },
  gzip: (file: Uint8Array) => unpacked(`${path}.gz`, file).length,
  safetensors(file: Uint8Array) {
    const { tensors } = safetensors.parse(file, path);
    const dataStart = 8 + Number(Buffer.from(file).readBigUInt64LE());
    const header = JSON.parse(Buffer.from(file.subarray(8, dataStart)).toString());
    for (const [key, { data }] of Object.entries(tensors)) {
      const { dtype, data_offsets: offsets } = header[key];
      if (dtype !== "F32") continue;
      const bytes = file.subarray(dataStart + offsets[0], dataStart + offsets[1]);
      expect(Buffer.compare(bytes, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))).toBe(0);
    }
    return bytesIn(tensors);
  },
  checkpoint(file: Uint8Array) {
    const contents = safetensors.parse(file, path);
    const value = unpackCheckpoint(contents, path);
    const again = packCheckpoint(value as object); // what is loaded can be saved, and is the same
    expect(unpackCheckpoint(again, path)).toEqual(value);
    return bytesIn(contents.tensors) + JSON.stringify(contents.metadata).length;
  },
  png(file: Uint8Array) {
    writeFileSync(path, file);
    const { shape, storage } = readPng(path);
    const view = new DataView(file.buffer, file.byteOffset);
    expect(shape).toEqual([3, view.getUint32(20), view.getUint32(16)]);
    expect(storage.data.every((value) => value >= 0 && value <= 1)).toBe(true);
    return storage.data.byteLength;
  },
  jpeg(file: Uint8Array) {
    writeFileSync(path, file);
    const { shape, storage } = readImage(path);
    const { components, height, width } = readFrame(file);
    expect(shape).toEqual([components, height, width]);
    expect(storage.data.every((value) => value >= 0 && value <= 255)).toBe(true);
    return storage.data.byteLength;
  },
  progressive: (file: Uint8Array): number => parsers.jpeg(file),
  pytorch(file: Uint8Array) {
    const value = parsePyTorch(file, path);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect(Object.keys(Object.prototype)).toEqual([]);
    return [...storagesIn(value)].reduce((sum, { data }) => sum + data.byteLength, 0);
  },
  /** The pickle alone, in a file whose checksums are right. */
  pickle: (file: Uint8Array) =>
    1 + parsers.pytorch(zipFile(parts.map(([name, bytes]) => [name, name.endsWith(".pkl") ? file : bytes]))),
  npz: (file: Uint8Array) => bytesIn(parseNpz(file, path)),
  npy(file: Uint8Array) {
    const { storage } = parseNpy(file, path);
    return storage.data.byteLength;
  },
  pixels(file: Uint8Array): number {
    const [header, rows] = [chunk("IHDR", file.subarray(0, 13)), chunk("IDAT", deflateSync(file.subarray(13)))];
    const colours = [chunk("PLTE", Buffer.from(digits(12))), chunk("tRNS", Buffer.from([0, 1]))];
    return parsers.png(png(header, ...(file[9] === 3 ? colours : []), rows));
  },
};

/** A file, how many damaged ones of it there are, and how many bytes may be made of one with n bytes that declares so many pixels. */
const files: [keyof typeof parsers, Uint8Array, count: number, most: (n: number, pixels: number) => number][] = [
  ["images", images, 2000, (n) => n - 16],
  ["labels", labels, 1000, (n) => 4 * (n - 8)],
  ["gzip", gzipSync(images), 2500, (n) => 16 * n + 2 ** 16],
  ["safetensors", model, 4500, (n) => 4 * n],
  ["checkpoint", checkpoint, 1000, (n) => 4 * n],
  ["pytorch", saving, 1000, (n) => 4 * n],
  ["pickle", parts[0][1], 2000, (n) => 4 * n + 2 ** 16],
  ["npz", arrays, 1000, (n) => 4 * n],
  ["npy", array, 1000, (n) => 4 * n],
  ["png", picture, 300, (n) => 4 * n + 2 ** 16],
  ["pixels", pixels, 1000, (n) => 4 * n + 2 ** 16],
  ["jpeg", jpeg("4:2:0"), 100, (_, pixels) => 12 * pixels],
  ["progressive", jpeg("progressive"), 100, (_, pixels) => 12 * pixels],
];

it.each(files)("%s: reads or refuses damaged files", { timeout: 600_000 }, (kind, file, fewer, most) => {
  const parse = parsers[kind];
  const count = Number(process.env.DAMAGED ?? fewer);
  expect(parse(file)).toBeGreaterThan(0);
  let refused = 0;
  for (let k = 0; k < count; k++) {
    const damaged = mutated(file);
    const pixels = pixelsOf(damaged);
    const before = process.memoryUsage.rss();
    try {
      const bytes = parse(damaged);
      if (bytes > most(damaged.length, pixels)) expect.fail(`${bytes} bytes from a file of ${damaged.length}`);
    } catch (error) {
      const { name, message, constructor: kind } = error as Error;
      if (kind !== Error || !message.startsWith(path)) {
        expect.fail(`${name} ${message}, of the file ${Buffer.from(damaged).toString("base64")}`);
      }
      refused++;
    }
    const taken = process.memoryUsage.rss() - before;
    if (taken > 4 * damaged.length + 32 * pixels + 2 ** 26) {
      expect.fail(`${taken} bytes taken for a file of ${damaged.length} with ${pixels} pixels`);
    }
  }
  expect(refused).toBeGreaterThan(count / 2);
});

it("a gzip file that unpacks to a thousand times its size is refused", () => {
  const bomb = gzipSync(new Uint8Array(8_000_000));
  expect(() => unpacked("bomb.gz", bomb)).toThrow("bomb.gz: expected a gzip file, but it cannot be unpacked");
});
