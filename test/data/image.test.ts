/** PNG files keep every pixel, bad ones are told so, and a grid lays images out as torchvision's make_grid does. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { describe, expect } from "vitest";
import { type GridOptions, imageGrid, readPng, writePng } from "../../src/data/image.ts";
import { arange, cat, manualSeed, ones, rand, type Tensor, tensor, zeros } from "../../src/index.ts";
import { expectExact, product, temporaryFolder } from "../support/index.ts";
import { chunk, filesIn, it, png, write } from "./support.ts";

/** The pixels that a byte stands for. */
const pixels = (bytes: ArrayLike<number>) => Float32Array.from(bytes, (byte) => byte / 255);

/** An image (C, H, W) of bytes / 255: channel c has 7c, 7c + 1, … modulo 256. */
function gradient(channels: number, height: number, width: number): Tensor {
  const size = height * width;
  const bytes = Array.from({ length: channels * size }, (_, i) => (i + 7 * Math.floor(i / size)) % 256);
  return tensor(pixels(bytes)).reshape([channels, height, width]);
}

const newPath = () => join(temporaryFolder(), "image.png");

function writeAndRead(image: Tensor, channels?: 1 | 3 | 4): Tensor {
  const path = newPath();
  writePng(path, image);
  return readPng(path, channels && { channels });
}

describe("a PNG file", () => {
  it.each([1, 3, 4] as const)("gives back every pixel of %i channels", (channels) => {
    for (const image of [gradient(channels, 16, 16), gradient(channels, 3, 100), gradient(channels, 1, 1)]) {
      expectExact(writeAndRead(image, channels), image);
    }
  });

  const grey = gradient(1, 4, 5);
  const colour = gradient(3, 8, 8);
  const widthFirst = colour.transpose(1, 2).contiguous().transpose(1, 2);
  const translucent = gradient(4, 16, 16);
  const primaries = tensor([[[1, 0, 0, 1]], [[0, 1, 0, 1]], [[0, 0, 1, 1]]]);
  const opaque = (image: Tensor) => cat([image, ones([1, ...image.shape.slice(1)])]);

  it.each<[string, written: Tensor, channels: 1 | 3 | 4 | undefined, read: Tensor]>([
    ["has three channels unless told otherwise", grey, undefined, grey.expand(3, 4, 5)],
    ["of a matrix is grey", grey.squeeze(0), 1, grey],
    ["of a matrix has the same in each colour, and is opaque", grey.squeeze(0), 4, opaque(grey.expand(3, 4, 5))],
    ["is opaque unless it has a fourth channel", colour, 4, opaque(colour)],
    ["may be read without its fourth channel", translucent, 3, translucent.narrow(0, 0, 3)],
    ["is read as grey by the eye's weights: green is brightest", primaries, 1, tensor([[[0.299, 0.587, 0.114, 1]]])],
    ["may be of a tensor that lies otherwise in memory", widthFirst, 3, colour],
    ["may be of a part of a tensor", translucent.narrow(0, 1, 3), 3, translucent.narrow(0, 1, 3)],
    ["shows NaN as black", tensor([[Number.NaN, 1]]), 1, tensor([[[0, 1]]])],
  ])("%s", (_, written, channels, read) => {
    expectExact(writeAndRead(written, channels), read);
  });

  it("has the bytes of torchvision's save_image: rounded, halves up, and clipped to 0 and 255", () => {
    const halves = Float32Array.from({ length: 258 }, (_, i) => (i - 0.5) / 255); // where rounding changes its mind
    const bits = new Int32Array(halves.buffer);
    const neighbours = [-1, 1].flatMap((step) => [...new Float32Array(bits.map((word) => word + step).buffer)]);
    const levels = tensor([[...halves, ...neighbours, 0, 1, -3, 7.5, 1e-9, -1e-9, Infinity, -Infinity]]);
    const bytes = levels.mul(255).add(0.5).clamp(0, 255).to("int32");
    expectExact(writeAndRead(levels, 1), bytes.div(255).unsqueeze(0));
  });
});

describe("writing", () => {
  it("makes the folders that are missing, and leaves no other file behind", ({ root }) => {
    writePng(join(root, "a", "b", "image.png"), zeros([2, 2]));
    expect(filesIn(root)).toEqual(["a/b/image.png"]);
  });

  it.each([[[3]], [[2, 4, 4]], [[28, 28, 3]], [[1, 3, 4, 4]], [[0, 3]], [[3, 4, 0]]])(
    "refuses [%s], and keeps the old file",
    (shape) => {
      const path = newPath();
      writePng(path, zeros([2, 2]));
      const before = readFileSync(path);
      const message = `(H, W) or (C, H, W) with 1, 3 or 4 channels, but got [${shape.join(", ")}]`;
      expect(() => writePng(path, zeros(shape))).toThrow(new Error(`writePng expects ${message}`));
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(filesIn(join(path, ".."))).toEqual(["image.png"]);
    },
  );
});

/** A PNG file with these chunks before its end. */
const fileOf = (...chunks: Buffer[]): string => write(newPath(), png(...chunks));

function header([width, height]: readonly [number, number], depth = 8, colourType = 0, interlaced = 0): Buffer {
  const content = Buffer.from([...Array(8).fill(0), depth, colourType, 0, 0, interlaced]);
  content.writeUInt32BE(width, 0);
  content.writeUInt32BE(height, 4);
  return chunk("IHDR", content);
}

const deflated = (bytes: readonly number[]) => chunk("IDAT", deflateSync(Buffer.from(bytes)));

/** A black PNG file, 5x3, with such chunks of pixels. */
function pngOf(pixels: Uint8Array[], depth = 8, colourType = 0, interlaced = 0): string {
  const palette = colourType === 3 ? [chunk("PLTE", Buffer.alloc(3))] : [];
  const size = [5, 3] as const;
  return fileOf(
    header(size, depth, colourType, interlaced),
    ...palette,
    ...pixels.map((bytes) => chunk("IDAT", bytes)),
  );
}

describe("a PNG file from elsewhere", () => {
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }; // by colour type: grey, RGB, palette, and with opacity
  const formats = product([0, 2, 3, 4, 6] as const, [1, 2, 4, 8, 16]).filter(
    ([type, depth]) => type === 0 || (type === 3 ? depth < 16 : depth >= 8),
  );

  it.each(formats)("of colour type %i and %i bits is read if it has all its pixels", (colourType, depth) => {
    const rowBytes = Math.ceil((5 * channels[colourType] * depth) / 8);
    const rows = (n: number) => Buffer.alloc(n * (1 + rowBytes));
    expectExact(readPng(pngOf([deflateSync(rows(3))], depth, colourType)), zeros([3, 3, 5]));
    const short = pngOf([deflateSync(rows(3).subarray(1))], depth, colourType);
    for (let time = 0; time < 20; time++) expect(() => readPng(short)).toThrow("expected a PNG file");
  });

  it("may have its pixels in several chunks", () => {
    const packed = deflateSync(Buffer.alloc(18));
    expect(readPng(pngOf([packed.subarray(0, 4), packed.subarray(4)])).shape).toEqual([3, 3, 5]);
  });

  const sevenPasses = Buffer.alloc(22); // 5x3 interlaced: 15 pixels in 7 rows, each with its filter type

  it("may be interlaced", () => {
    expectExact(readPng(pngOf([deflateSync(sevenPasses)], 8, 0, 1)), zeros([3, 3, 5]));
  });

  it.each<[string, () => string]>([
    ["no pixels", () => pngOf([])],
    ["an empty chunk of pixels", () => pngOf([Buffer.alloc(0)])],
    ["two rows of three", () => pngOf([deflateSync(Buffer.alloc(12))])],
    ["pixels that break off", () => pngOf([deflateSync(Buffer.alloc(18)).subarray(0, -6)])],
    ["interlaced pixels that break off", () => pngOf([deflateSync(sevenPasses).subarray(0, -6)], 8, 0, 1)],
    ["too few interlaced pixels", () => pngOf([deflateSync(sevenPasses.subarray(1))], 8, 0, 1)],
  ])("with %s is refused, whatever memory holds", (_, make) => {
    const path = make();
    for (let time = 0; time < 20; time++) expect(() => readPng(path)).toThrow(`${path}: expected a PNG file`);
  });
});

describe("the transparent colour of a PNG file", () => {
  /** Two pixels of a colour type and depth, the first of which is transparent. */
  const twoPixels = (colourType: number, depth: number, key: number[], ...row: number[]): string =>
    fileOf(header([2, 1], depth, colourType), chunk("tRNS", Buffer.from(key)), deflated([0, ...row]));
  const white = [0, 255, 0, 255, 0, 255];

  it.each<[string, file: () => string, channels: 1 | 3, samples: number[]]>([
    ["grey", () => twoPixels(0, 8, [0, 255], 255, 100), 1, [1, 100 / 255]],
    ["grey of one bit", () => twoPixels(0, 1, [0, 1], 0b10000000), 1, [1, 0]],
    ["grey of 16 bits", () => twoPixels(0, 16, [0x80, 0], 0x80, 0, 0x80, 1), 1, [32768 / 65535, 32769 / 65535]],
    ["RGB", () => twoPixels(2, 8, white, 255, 255, 255, 10, 20, 30), 3, [1, 10 / 255, 1, 20 / 255, 1, 30 / 255]],
  ])("stays in %s, and has no opacity", (_, file, channels, samples) => {
    const image = tensor(samples).reshape([channels, 1, 2]);
    expectExact(readPng(file(), { channels }), image);
    const opacity = tensor([[[0, 1]]]);
    expectExact(readPng(file(), { channels: 4 }), cat([image.expand(3, 1, 2), opacity]));
  });

  it("may be one of a palette", () => {
    const palette = chunk("PLTE", Buffer.from([255, 255, 255, 10, 20, 30]));
    const chunks = [header([2, 1], 8, 3), palette, chunk("tRNS", Buffer.from([0])), deflated([0, 0, 1])];
    const bytes = [255, 10, 255, 20, 255, 30, 0, 255];
    expectExact(readPng(fileOf(...chunks), { channels: 4 }), tensor(pixels(bytes)).reshape([4, 1, 2]));
  });
});

describe("a PNG file of 16 bits", () => {
  it("is read with all of them", () => {
    const levels = Array.from({ length: 2 ** 16 }, (_, level) => level);
    const row = levels.flatMap((level) => [level >> 8, level]);
    const path = fileOf(header([2 ** 16, 1], 16), deflated([0, ...row]));
    const image = tensor(Float32Array.from(levels, (level) => level / 65535)).reshape([1, 1, 2 ** 16]);
    expectExact(readPng(path), image.expand(3, 1, 2 ** 16));
  });
});

describe("a PNG file's header", () => {
  const pixel = deflated([0, 0]);

  it.each<[width: number, height: number, depth: number, colourType: number]>([
    [20_000, 20_000, 8, 0],
    [1, 2 ** 31 - 1, 8, 0],
    [1, 2 ** 29, 8, 0],
    [2 ** 32 - 1, 2 ** 32 - 1, 8, 0],
    [30_000, 30_000, 8, 6],
    [23_000, 23_000, 1, 0],
  ])(
    "that promises %ix%i pixels, which the file has no room for, is refused before any is allocated",
    (width, height, depth, colourType) => {
      for (const interlaced of [0, 1]) {
        const path = fileOf(header([width, height], depth, colourType, interlaced), pixel);
        const before = process.memoryUsage().rss;
        expect(() => readPng(path)).toThrow(/expected \d+ bytes of pixels, but found 10, packed/);
        expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 25);
      }
    },
  );

  it.each<[string, Buffer[], message: string]>([
    ["no width", [header([0, 1]), pixel], "a picture cannot be 0x1"],
    ["no height", [header([1, 0]), pixel], "a picture cannot be 1x0"],
    ["a colour type and a depth that do not go together", [header([1, 1], 4, 2), pixel], "colour type 2 of 4 bits"],
    ["no colour type", [header([1, 1], 8, 5), pixel], "colour type 5 of 8 bits"],
    ["another after it", [header([1, 1]), header([2, 2]), pixel], "there is not one header"],
    ["nothing in it", [chunk("IHDR", Buffer.alloc(0)), pixel], "there is not one header"],
  ])("with %s is refused", (_, chunks, message) => {
    const path = fileOf(...chunks);
    expect(() => readPng(path)).toThrow(`${path}: expected a PNG file, but it cannot be read as one (`);
    expect(() => readPng(path)).toThrow(message);
  });
});

describe("reading what is no PNG file", () => {
  function wholeFile() {
    const path = newPath();
    manualSeed(0);
    writePng(path, rand([3, 5, 7]));
    return { path, bytes: readFileSync(path) };
  }

  it("says that there is no file", () => {
    const path = newPath();
    expect(() => readPng(path)).toThrow(new Error(`${path}: there is no such file`));
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ["an empty file", () => write(newPath())],
    ["text", () => write(newPath(), Buffer.from("This is a letter, not an image.\n".repeat(50)))],
    ["a PNG file after a line of text", () => write(newPath(), Buffer.from("hello\n"), wholeFile().bytes)],
  ])("says so of %s", (_, make) => {
    const path = make();
    expect(() => readPng(path)).toThrow(`${path}: expected a PNG file, but it cannot be read as one (`);
  });

  it("says so of a folder", ({ root }) => {
    expect(() => readPng(root)).toThrow(`${root}: cannot be read (it is a folder)`);
  });

  it("says so of a PNG file cut off anywhere", () => {
    const { path, bytes } = wholeFile();
    for (let length = 0; length < bytes.length; length++) {
      writeFileSync(path, bytes.subarray(0, length));
      expect(() => readPng(path), `${length} bytes`).toThrow(`${path}: expected a PNG file`);
    }
    writeFileSync(path, bytes);
    expect(readPng(path).shape).toEqual([3, 5, 7]);
  });

  it("says so if any one byte is wrong", () => {
    const { path, bytes } = wholeFile();
    for (let i = 0; i < bytes.length; i++) {
      writeFileSync(path, bytes.with(i, bytes[i] ^ 1));
      expect(() => readPng(path), `byte ${i}`).toThrow(`${path}: expected a PNG file`);
    }
  });
});

describe("imageGrid", () => {
  it("puts images side by side in rows, padding around each", () => {
    const images = arange(1, 7).reshape([3, 1, 1, 2]);
    expect(imageGrid(images, { columns: 2, padding: 1, padValue: 9 }).toArray()).toEqual([
      [
        [9, 9, 9, 9, 9, 9, 9],
        [9, 1, 2, 9, 3, 4, 9],
        [9, 9, 9, 9, 9, 9, 9],
        [9, 5, 6, 9, 9, 9, 9],
        [9, 9, 9, 9, 9, 9, 9],
      ],
    ]);
  });

  it.each<[string, number, GridOptions, number[]]>([
    ["8 images a row and 2 pixels between them", 10, {}, [2 * 30 + 2, 8 * 22 + 2]],
    ["full rows", 16, {}, [2 * 30 + 2, 8 * 22 + 2]],
    ["one image in the last row", 17, {}, [3 * 30 + 2, 8 * 22 + 2]],
    ["no more columns than images", 3, {}, [30 + 2, 3 * 22 + 2]],
    ["one column", 3, { columns: 1 }, [3 * 30 + 2, 22 + 2]],
    ["no padding", 5, { columns: 3, padding: 0 }, [2 * 28, 3 * 20]],
    ["more padding", 5, { columns: 5, padding: 4 }, [32 + 4, 5 * 24 + 4]],
  ])("has the size of make_grid's: %s", (_, n, options, size) => {
    expect(imageGrid(zeros([n, 3, 28, 20]), options).shape).toEqual([3, ...size]);
  });

  it("has image i in row i / columns and column i modulo columns", () => {
    manualSeed(0);
    const images = rand([7, 3, 4, 5]);
    const grid = imageGrid(images, { columns: 3, padding: 2, padValue: 0.5 });
    for (let i = 0; i < 7; i++) {
      const [top, left] = [2 + 6 * Math.floor(i / 3), 2 + 7 * (i % 3)];
      expectExact(grid.narrow(1, top, 4).narrow(2, left, 5), images.select(0, i));
    }
    expect(grid.sum().item()).toBeCloseTo(images.sum().item() + 0.5 * (grid.numel - images.numel), 4);
  });

  it("may be of a tensor that lies otherwise in memory", () => {
    const images = arange(24).reshape([2, 1, 3, 4]);
    const transposed = images.transpose(2, 3).contiguous().transpose(2, 3);
    expectExact(imageGrid(transposed), imageGrid(images));
  });

  it.each([
    [{ columns: 0 }, "imageGrid expects at least one column, but got 0"],
    [{ columns: -1 }, "imageGrid expects at least one column, but got -1"],
    [{ padding: -1 }, "imageGrid expects a padding of 0 or more, but got -1"],
  ])("refuses %j", (options, message) => {
    expect(() => imageGrid(zeros([2, 1, 4, 4]), options)).toThrow(message);
  });

  it.each([[[3, 4, 4]], [[4, 4]], [[1, 2, 3, 4, 5]]])("refuses the shape [%s]", (shape) => {
    const error = new Error(`imageGrid expects (N, C, H, W), but got [${shape.join(", ")}]`);
    expect(() => imageGrid(zeros(shape))).toThrow(error);
  });
});
