/**
 * 10,000 damaged files: each parser either reads what is still a file, or refuses it with an error of its own that names the
 * file. None crashes, hangs, or allocates much more than the file has.
 */
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { unpacked } from "../../../src/data/dataset-files.ts";
import { parseIdxImages, parseIdxLabels } from "../../../src/data/formats/idx.ts";
import { Generator, rand, randint, safetensors, tensor, zeros } from "../../../src/index.ts";
import { idx } from "../support.ts";

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

const bytesIn = ({ tensors }: safetensors.SafetensorsFile) =>
  Object.values(tensors).reduce((sum, { storage }) => sum + storage.data.byteLength, 0);

/** How many damaged files each parser gets, how many bytes it makes of one, and how many they may be, of n bytes. */
const parsers: [string, Uint8Array, number, parse: (file: Uint8Array) => number, most: (n: number) => number][] = [
  ["IDX images", images, 2000, (file) => parseIdxImages(file, "file").bytes.length, (n) => n - 16],
  ["IDX labels", labels, 1000, (file) => parseIdxLabels(file, "file").byteLength, (n) => 4 * (n - 8)],
  ["gzip", gzipSync(images), 2500, (file) => unpacked("file.gz", file).length, (n) => 16 * n + 2 ** 16],
  ["safetensors", model, 4500, (file) => bytesIn(safetensors.parse(file, "file")), (n) => 4 * n],
];

it.each(parsers)("%s: reads or refuses damaged files", (_, file, count, parse, most) => {
  expect(() => parse(file)).not.toThrow();
  let refused = 0;
  for (let k = 0; k < count; k++) {
    const damaged = mutated(file);
    try {
      const bytes = parse(damaged);
      if (bytes > most(damaged.length)) expect.fail(`${bytes} bytes from a file of ${damaged.length}`);
    } catch (error) {
      const { name, message, constructor: kind } = error as Error;
      if (kind !== Error || !message.startsWith("file")) {
        expect.fail(`${name} ${message}, of the file ${Buffer.from(damaged).toString("base64")}`);
      }
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(count / 2);
});

it("a gzip file that unpacks to a thousand times its size is refused", () => {
  const bomb = gzipSync(new Uint8Array(8_000_000));
  expect(() => unpacked("bomb.gz", bomb)).toThrow("bomb.gz: expected a gzip file, but it cannot be unpacked");
});
