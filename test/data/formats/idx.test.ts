/** IDX files: what is read from a good one, and what a bad one is told. */
import { describe, expect, it } from "vitest";
import { parseIdxImages, parseIdxLabels } from "../../../src/data/formats/idx.ts";
import { idx } from "../support.ts";

const name = "some/folder/t10k-idx-ubyte";
const advice = "The file is damaged or is another one: delete it, and fetch it again with download: true.";

const IMAGES = 2051;
const LABELS = 2049;
const threeImages = idx([IMAGES, 3, 2, 4], [...Array(24).keys()]);
const fiveLabels = idx([LABELS, 5], [5, 0, 4, 1, 9]);

describe("a good file", () => {
  it("of images gives their sizes, and a view of the bytes", () => {
    const { bytes, count, height, width } = parseIdxImages(threeImages, name);
    expect([count, height, width]).toEqual([3, 2, 4]);
    expect([...bytes]).toEqual([...Array(24).keys()]);
    expect(bytes.buffer).toBe(threeImages.buffer);
  });

  it("of labels gives them as int32", () => {
    expect(parseIdxLabels(fiveLabels, name)).toEqual(Int32Array.of(5, 0, 4, 1, 9));
  });

  it("may lie anywhere in a buffer, as Node's small files do", () => {
    const pool = new Uint8Array(200).fill(255);
    pool.set(threeImages, 3);
    pool.set(fiveLabels, 101);
    expect(parseIdxImages(pool.subarray(3, 3 + 40), name).bytes[23]).toBe(23);
    expect([...parseIdxLabels(pool.subarray(101, 101 + 13), name)]).toEqual([5, 0, 4, 1, 9]);
  });

  it("may hold nothing", () => {
    expect(parseIdxImages(idx([IMAGES, 0, 28, 28]), name)).toMatchObject({ count: 0, height: 28, width: 28 });
    expect(parseIdxLabels(idx([LABELS, 0]), name).length).toBe(0);
  });
});

describe("a bad file: the error names it, says what was expected and what to do", () => {
  const zeros = (n: number) => new Uint8Array(n);
  const tooMany = 2 ** 32 - 1;

  it.each<["images" | "labels", title: string, Uint8Array, string]>([
    ["images", "empty", zeros(0), "expected a header of 16 bytes, but the file has 0"],
    ["images", "a byte short of a header", zeros(15), "expected a header of 16 bytes, but the file has 15"],
    ["images", "labels", idx([LABELS, 8], zeros(8)), "expected images (magic number 2051), but found 2049"],
    ["images", "no IDX file", idx([0x1f8b0808, 1, 2, 3]), "expected images (magic number 2051), but found 529205256"],
    ["images", "little-endian", idx([0x03080000, 0, 0, 0]), "expected images (magic number 2051), but found 50855936"],
    ["images", "a byte short", threeImages.subarray(0, -1), "expected 40 bytes for 3x2x4 images, but the file has 39"],
    ["images", "only a header", threeImages.subarray(0, 16), "expected 40 bytes for 3x2x4 images, but the file has 16"],
    ["images", "too long", idx([IMAGES, 1, 1, 1], [7, 8]), "expected 17 bytes for 1x1x1 images, but the file has 18"],
    ["labels", "empty", zeros(0), "expected a header of 8 bytes, but the file has 0"],
    ["labels", "a byte short of a header", zeros(7), "expected a header of 8 bytes, but the file has 7"],
    ["labels", "images", threeImages, "expected labels (magic number 2049), but found 2051"],
    ["labels", "a byte short", fiveLabels.subarray(0, -1), "expected 13 bytes for 5 labels, but the file has 12"],
    ["labels", "a byte too long", idx([LABELS, 1], [3, 3]), "expected 9 bytes for 1 labels, but the file has 10"],
    ["labels", "a label above 9", idx([LABELS, 3], [9, 10, 255]), "label number 1 is 10, but labels are 0 to 9"],
    [
      "labels",
      "4 billion announced",
      idx([LABELS, tooMany]),
      "expected 4294967303 bytes for 4294967295 labels, but the file has 8",
    ],
  ])("%s: %s", (kind, _, file, message) => {
    const parse = kind === "images" ? parseIdxImages : parseIdxLabels;
    expect(() => parse(file, name)).toThrow(new Error(`${name}: ${message}. ${advice}`));
  });

  it.each([
    [tooMany, 28, 28],
    [tooMany, tooMany, tooMany],
    [1, tooMany, 1],
    [2 ** 16, 2 ** 16, 1], // 2³² pixels: 0 to whoever multiplies in 32 bits
    [2 ** 31, 2 ** 31, 4], // 2⁶⁴ pixels: 0 in 64 bits
  ])("images: a header that announces %i x %i x %i of them, and nothing behind it", (...sizes) => {
    expect(() => parseIdxImages(idx([IMAGES, ...sizes]), name)).toThrow(`bytes for ${sizes.join("x")} images, but`);
    expect(() => parseIdxImages(idx([IMAGES, ...sizes], zeros(99)), name)).toThrow("but the file has 115");
  });
});
