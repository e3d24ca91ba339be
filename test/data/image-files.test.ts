/** JPEG files hold what torchvision reads in them, and are byte for byte what torchvision writes; damaged ones are refused. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import {
  decodeImage,
  encodeJpeg,
  encodePng,
  ImageReadMode,
  readImage,
  saveImage,
  writeJpeg,
  writePng,
} from "../../src/data/image.ts";
import { manualSeed, ones, randint, type Tensor, tensor, zeros } from "../../src/index.ts";
import { Answers, expectExact, torch } from "../support/index.ts";
import { read } from "../support/tree.ts";
import { chunk, filesIn, it, png, write } from "./support.ts";

const answers = new Answers("image_files", { atol: 0, rtol: 0 });

const texts: Record<string, string> = JSON.parse(read("test/fixtures/jpeg-files.json"));
const { "four inks": inks, ...files } = Object.fromEntries(
  Object.entries(texts).map(([name, text]) => [name, Uint8Array.from(Buffer.from(text, "base64"))]),
);
const progressive = files.progressive;
const baseline = files["4:2:0"];

describe("a JPEG file has torchvision's bytes", () => {
  for (const [name, file] of Object.entries(files)) {
    answers.it(`of ${name}`, () => ["unchanged", "gray", "rgb"].map((mode) => torch.decodedImage(file, mode as "rgb")));
  }
});

describe("a PNG file has torchvision's bytes", () => {
  manualSeed(0);
  const colours = randint(0, 256, [4, 5, 6], { dtype: "int32" });
  const pictures: Record<string, Tensor> = {
    grey: colours.narrow(0, 0, 1),
    colours: colours.narrow(0, 0, 3),
    "colours with opacity": colours,
  };
  for (const [name, picture] of Object.entries(pictures)) {
    const file = encodePng(picture, { compressionLevel: 0 }); // the same bytes with every zlib
    answers.it(`of PNG's ${name}`, () => Object.values(ImageReadMode).map((mode) => torch.decodedImage(file, mode)));
  }
});

describe("a picture becomes torchvision's JPEG file", () => {
  manualSeed(1);
  for (const [height, width] of [
    [1, 1],
    [7, 9],
    [16, 16],
    [17, 33],
    [9, 16],
    [24, 8],
  ]) {
    const noise = torch.randint(0, 256, [3, height, width], { dtype: "int32" });
    const smooth = torch
      .arange(3 * height * width, undefined, 1, { dtype: "int32" })
      .view(3, height, width)
      .remainder(256);
    answers.it(`${height}x${width}`, () => [
      [1, 30, 75, 100].map((quality) => torch.jpegDigest(noise, quality)),
      [50, 75].map((quality) => torch.jpegDigest(smooth, quality)),
      [10, 75, 95].map((quality) => torch.jpegDigest(noise.narrow(0, 1, 1), quality)),
    ]);
  }
});

describe("files of pictures", () => {
  it("are read by what is in them, whatever their names are", ({ root }) => {
    const path = join(root, "picture.png");
    writeJpeg(path, ones([3, 4, 5]), { quality: 90 });
    expectExact(readImage(path), ones([3, 4, 5], { dtype: "int32" }).mul(255));
    expectExact(readImage(path, "gray"), ones([1, 4, 5], { dtype: "int32" }).mul(255));
    expect(filesIn(root)).toEqual(["picture.png"]);
  });

  it("hold int32 as bytes, and fractions as parts of 255", ({ root }) => {
    const path = join(root, "picture.png");
    const bytes = tensor([[[-3, 0, 1, 128, 255, 256]]], { dtype: "int32" });
    writePng(path, bytes, { compressionLevel: 0 });
    expectExact(readImage(path), bytes.clamp(0, 255));
    writePng(path, tensor([[0, 0.2, 1, 1.5]]));
    expectExact(readImage(path), tensor([[[0, 51, 255, 255]]], { dtype: "int32" }));
  });

  it("have the same channels again: grey, colours, and with opacity", () => {
    for (const channels of [1, 3, 4]) {
      const picture = randint(0, 256, [channels, 3, 2], { dtype: "int32" });
      expectExact(decodeImage(encodePng(picture)), picture);
    }
  });

  it("of a palette have its colours, with opacity if the palette has it", () => {
    const header = chunk("IHDR", Buffer.from([0, 0, 0, 2, 0, 0, 0, 1, 1, 3, 0, 0, 0]));
    const palette = chunk("PLTE", Buffer.from([1, 2, 3, 40, 50, 60]));
    const pixels = chunk("IDAT", Buffer.from("789c6368000000820081", "hex"));
    const colours = tensor([[[40, 1]], [[50, 2]], [[60, 3]]], { dtype: "int32" });
    expectExact(decodeImage(png(header, palette, pixels)), colours);
    const transparent = png(header, palette, chunk("tRNS", Buffer.from([7])), pixels);
    expect(decodeImage(transparent).narrow(0, 3, 1).toArray()).toEqual([[[255, 7]]]);
    expectExact(decodeImage(transparent, "rgb"), colours);
  });
});

describe("what cannot be read", () => {
  it.for<[string, () => Uint8Array, ImageReadMode, message: string]>([
    [
      "text",
      () => Buffer.from("a letter"),
      "rgb",
      "Unsupported image file. Only jpeg and png are currently supported.",
    ],
    ["no bytes", () => new Uint8Array(0), "rgb", "Unsupported image file. Only jpeg and png are currently supported."],
    ["opacity of a JPEG file", () => baseline, "rgbAlpha", "The provided mode is not supported for JPEG files"],
    ["four inks", () => inks, "unchanged", "its pixels have 4 components, and only 1 and 3 are read"],
    ["more pixels than memory", () => withSize(baseline, 65500, 65500), "rgb", "(4290250000 pixels) exceeds limit"],
    ["more pixels than bits", () => withSize(baseline, 8000, 8000), "rgb", "which cannot hold 8000x8000 pixels"],
    ["no width", () => withSize(baseline, 0, 9), "rgb", "Empty JPEG image (DNL not supported)"],
    ["no picture", () => Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), "rgb", "JPEG datastream contains no image"],
    ["scan after scan", () => manyScans(baseline), "rgb", "there are more than 1000 scans"],
  ])("%s: the error says so, with the path", ([_, make, mode, message], { root }) => {
    const path = write(join(root, "picture.jpg"), make());
    expect(() => readImage(path, mode)).toThrow(`${path}: cannot be read as a picture (`);
    expect(() => readImage(path, mode)).toThrow(message);
  });

  it("a file that is not there", () => {
    expect(() => readImage("none.jpg")).toThrow(new Error("none.jpg: there is no such file"));
  });

  it.for([
    ["4:2:0", baseline],
    ["progressive", progressive],
  ] as const)("a JPEG file, %s, that is cut off anywhere", ([_, file]) => {
    for (let length = 3; length < file.length; length += 7) {
      expect(() => decodeImage(file.subarray(0, length))).toThrow("Image is incomplete or truncated");
    }
    expect(decodeImage(file).shape).toEqual([3, 19, 27]);
  });

  it("a wrong byte is read as it is or refused, and the next file is read as ever", () => {
    const right = decodeImage(baseline);
    for (let i = 0; i < baseline.length; i += 3) {
      try {
        expect(decodeImage(baseline.with(i, baseline[i] ^ 0x55)).ndim).toBe(3);
      } catch (error) {
        expect((error as Error).message).toMatch(/^[A-Z(i]/);
      }
    }
    expectExact(decodeImage(baseline), right);
  });

  it("leaves nothing of the decoder's behind in the host", () => {
    expect("ImageData" in globalThis).toBe(false);
  });
});

/** The same JPEG file, which says that it is so large. */
function withSize(file: Uint8Array, width: number, height: number): Uint8Array {
  const at = Buffer.from(file).indexOf(Uint8Array.of(0xff, 0xc0)) + 5;
  const changed = Uint8Array.from(file);
  changed.set([height >> 8, height & 255, width >> 8, width & 255], at);
  return changed;
}

/** The same JPEG file, with headers of scans that it has not. */
function manyScans(file: Uint8Array): Uint8Array {
  const scan = Uint8Array.of(0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0);
  return Buffer.concat([file.subarray(0, -2), ...Array(1000).fill(scan), file.subarray(-2)]);
}

describe("what cannot be written", () => {
  const picture = zeros([3, 4, 5]);
  it.for<[message: string, write: (path: string) => void]>([
    ["Image quality should be a positive number between 1 and 100", (path) => writeJpeg(path, picture, { quality: 0 })],
    ["Compression level should be between 0 and 9", (path) => writePng(path, picture, { compressionLevel: 10 })],
    [
      "writeJpeg expects (H, W) or (C, H, W) with 1 or 3 channels, but got [4, 2, 2]",
      (path) => writeJpeg(path, zeros([4, 2, 2])),
    ],
    ["Maximum supported image dimension is 65500 pixels", () => encodeJpeg(zeros([1, 65501]))],
    ["unknown file extension: .gif", (path) => saveImage(`${path}.gif`, picture)],
  ])("%s", ([message, run], { root }) => {
    expect(() => run(join(root, "picture"))).toThrow(message);
    expect(filesIn(root)).toEqual([]);
  });
});

it("saveImage writes what the name says, or what it is told: a grid", ({ root }) => {
  manualSeed(0);
  const pictures = [zeros([3, 2, 2]), ones([3, 2, 2])];
  saveImage(join(root, "a.PNG"), pictures, { padding: 1, padValue: 0.5 });
  saveImage(join(root, "b.jpg"), pictures);
  saveImage(join(root, "c"), pictures, { format: "jpeg" });
  const grid = readImage(join(root, "a.PNG"));
  expect([grid.shape, grid.select(0, 0).toArray()]).toEqual([
    [3, 4, 7],
    [
      [128, 128, 128, 128, 128, 128, 128],
      [128, 0, 0, 128, 255, 255, 128],
      [128, 0, 0, 128, 255, 255, 128],
      [128, 128, 128, 128, 128, 128, 128],
    ],
  ]);
  expect(readFileSync(join(root, "b.jpg")).equals(readFileSync(join(root, "c")))).toBe(true);
  expect(readImage(join(root, "c")).shape).toEqual([3, 6, 10]);
});

describe("makeGrid", () => {
  manualSeed(2);
  const colour = torch.randn([5, 3, 1, 2]);
  const grey = torch.rand([3, 1, 1, 2]);
  answers.each({
    "as many a row as there are, or eight": () => [torch.makeGrid(colour), torch.makeGrid(grey)],
    "fewer a row, other padding": () => torch.makeGrid(colour, { nrow: 2, padding: 1, padValue: 0.5 }),
    "no padding": () => torch.makeGrid(colour, { nrow: 3, padding: 0 }),
    "brought into [0, 1]": () => torch.makeGrid(colour, { normalize: true, padValue: 9 }),
    "from a range": () => torch.makeGrid(colour, { normalize: true, valueRange: [-1, 0.5] }),
    "each by itself": () => [
      torch.makeGrid(colour, { normalize: true, scaleEach: true }),
      torch.makeGrid(grey, { normalize: true, scaleEach: true, valueRange: [0.2, 0.3] }),
    ],
    "all alike": () => torch.makeGrid(torch.ones([2, 1, 1, 2]), { normalize: true }),
    "one alone has no padding": () => [
      torch.makeGrid(colour.narrow(0, 0, 1)),
      torch.makeGrid(colour.select(0, 1)),
      torch.makeGrid(grey.select(0, 0)),
      torch.makeGrid(grey.select(0, 0).select(0, 0)),
    ],
    "a list": () => torch.makeGrid([colour.select(0, 0), colour.select(0, 1)]),
    "float64, and bytes": () => [
      torch.makeGrid(colour.to("float64"), { normalize: true }),
      torch.makeGrid(torch.arange(8, undefined, 1, { dtype: "int32" }).view(2, 1, 2, 2), { padValue: 7 }),
    ],
    refusals: () =>
      torch.error(() => torch.makeGrid(torch.ones([2, 1, 1, 2], { dtype: "int32" }), { normalize: true }), null),
  });

  it.for<[Tensor, object, message: string]>([
    [zeros([2, 1, 2, 2]), { nrow: 0 }, "makeGrid expects at least one picture a row, but got 0"],
    [zeros([2, 1, 2, 2]), { padding: -1 }, "makeGrid expects a padding of 0 or more, but got -1"],
    [zeros([0, 1, 2, 2]), {}, "makeGrid expects (H, W), (C, H, W) or (N, C, H, W), but got [0, 1, 2, 2]"],
    [zeros([4]), {}, "makeGrid expects (H, W), (C, H, W) or (N, C, H, W), but got [4]"],
  ])("%# is refused", ([x, options, message]) => {
    expect(() => torch.makeGrid(x, options)).toThrow(message);
  });
});
