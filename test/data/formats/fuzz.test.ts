/**
 * 10,000 damaged files: each parser either reads what is still a file, or refuses it with an error of its own that names the
 * file. None crashes, hangs, or allocates much more than the file has.
 */
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { unpacked } from "../../../src/data/dataset-files.ts";
import { parseIdxImages, parseIdxLabels } from "../../../src/data/formats/idx.ts";
import { Generator, rand, randint, safetensors, tensor, zeros } from "../../../src/index.ts";

const generator = new Generator(0);
const below = (limit: number): number => generator.random32() % limit;

/** What happens to files: bits flip, bytes change, parts are lost, doubled, moved, or replaced by what parsers fear. */
const frightening = [
  ...[
    [0xff, 0xff, 0xff, 0xff],
    [0x7f, 0xff, 0xff, 0xff],
    [0, 0, 0, 0],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  ],
  ...["{", "[[[[[[[[", '"', "\\u0000", "1e999", "-1", "9007199254740993", "null", '"__proto__":', '"F64"', "[0,0]"].map(
    (text) => [...new TextEncoder().encode(text)],
  ),
];
const mutations: ((file: Uint8Array) => Uint8Array)[] = [
  (file) => file.with(below(file.length), below(256)),
  (file) => {
    const at = below(file.length);
    return file.with(at, file[at] ^ (1 << below(8)));
  },
  (file) => file.slice(0, below(file.length + 1)),
  (file) => file.slice(below(file.length)),
  (file) => {
    const [from, to] = [below(file.length), below(file.length)];
    return Uint8Array.from([...file.subarray(0, to), ...file.subarray(from, from + below(40)), ...file.subarray(to)]);
  },
  (file) => {
    const at = below(file.length);
    return Uint8Array.from([...file.subarray(0, at), ...file.subarray(at + below(40))]);
  },
  (file) => {
    const at = below(file.length);
    const words = frightening[below(frightening.length)];
    return Uint8Array.from([...file.subarray(0, at), ...words, ...file.subarray(at + words.length)]);
  },
  (file) => {
    const at = below(Math.min(file.length, 24)); // where lengths and sizes are
    return file.with(at, [0, 1, 0x7f, 0x80, 0xff][below(5)]);
  },
];

function mutated(file: Uint8Array): Uint8Array {
  let result = file;
  for (let times = 1 + below(3); times > 0 && result.length > 0; times--) {
    result = mutations[below(mutations.length)](result);
  }
  return result;
}

function idxFile(sizes: number[], magic: number): Uint8Array {
  const count = sizes.reduce((product, size) => product * size, 1);
  const header = [magic, ...sizes].flatMap((value) =>
    [value >>> 24, value >>> 16, value >>> 8, value].map((b) => b & 0xff),
  );
  return Uint8Array.from([...header, ...Array.from({ length: count }, () => below(10))]);
}

const images = idxFile([5, 4, 3], 0x803);
const labels = idxFile([30], 0x801);
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

/** Each parser, a file for it, how many damaged ones, and how many bytes the result of a file of n bytes may hold. */
const parsers: [
  name: string,
  file: Uint8Array,
  count: number,
  parse: (file: Uint8Array) => number,
  most: (n: number) => number,
][] = [
  ["IDX images", images, 2000, (file) => parseIdxImages(file, "file").bytes.length, (n) => n],
  ["IDX labels", labels, 1000, (file) => parseIdxLabels(file, "file").byteLength, (n) => 4 * n],
  ["gzip", gzipSync(images), 2500, (file) => unpacked("file.gz", file).length, (n) => 16 * n + 2 ** 16],
  [
    "safetensors",
    model,
    4500,
    (file) => {
      const { tensors } = safetensors.parse(file, "file");
      return Object.values(tensors).reduce((sum, { storage }) => sum + storage.data.byteLength, 0);
    },
    (n) => 4 * n,
  ],
];

describe.each(parsers)("%s", (_, file, count, parse, most) => {
  it(`reads or refuses ${count} damaged files`, () => {
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
});

it("a gzip file that unpacks to a thousand times its size is refused", () => {
  const bomb = gzipSync(new Uint8Array(8_000_000));
  expect(() => unpacked("bomb.gz", bomb)).toThrow("bomb.gz: expected a gzip file, but it cannot be unpacked");
});
