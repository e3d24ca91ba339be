/** Transforms give torchvision's numbers, bit for bit: spelling.py has them as torchvision's documentation defines them. */
import { describe, expect, expectTypeOf, it } from "vitest";
import { ones, type Tensor, transforms, zeros } from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";

const { Compose, Normalize, ToTensor } = transforms;
type ImageBatch = transforms.ImageBatch;

type Values = number | number[];

const answers = new Answers("transforms", { atol: 0, rtol: 0 });

/** One image of 16x16 with every byte. */
const everyByte: ImageBatch = { bytes: Uint8Array.from({ length: 256 }, (_, i) => i), shape: [1, 16, 16] };

describe("ToTensor", () => {
  answers.it("divides bytes by 255, in float32", () => new torch.transforms.ToTensor().apply(everyByte));

  it("gives grey images a channel", () => {
    const { shape, dtype } = new ToTensor().apply({ bytes: new Uint8Array(24), shape: [2, 3, 4] });
    expect([shape, dtype]).toEqual([[2, 1, 3, 4], "float32"]);
    expect(new ToTensor().apply({ bytes: new Uint8Array(0), shape: [0, 3, 4] }).shape).toEqual([0, 1, 3, 4]);
  });

  it("keeps the channels of images in colour, and PILToTensor the bytes, too", () => {
    const batch: ImageBatch = { bytes: Uint8Array.from({ length: 12 }, (_, i) => 20 * i), shape: [1, 3, 2, 2] };
    expect(new ToTensor().apply(batch).shape).toEqual([1, 3, 2, 2]);
    const bytes = new transforms.PILToTensor().apply(batch);
    expect([bytes.shape, bytes.dtype, [...bytes.data]]).toEqual([[1, 3, 2, 2], "int32", [...batch.bytes]]);
    const fractions = new transforms.ConvertImageDtype("float32").apply(bytes);
    expect([...fractions.data]).toEqual([...new ToTensor().apply(batch).data]);
    expect(String(new transforms.PILToTensor())).toBe("PILToTensor()");
    expect(new transforms.PILToTensor().apply({ bytes: Uint8Array.of(7), shape: [1, 1, 1] }).shape).toEqual([
      1, 1, 1, 1,
    ]);
  });

  it.each([new ToTensor(), new transforms.PILToTensor()])("%s refuses another number of bytes", (transform) => {
    const message = "expected the bytes of images [1, 3, 2, 2], but got 11 bytes";
    expect(() => transform.apply({ bytes: new Uint8Array(11), shape: [1, 3, 2, 2] })).toThrow(message);
  });

  it("leaves the bytes alone", () => {
    const bytes = Uint8Array.of(1, 2);
    new ToTensor().apply({ bytes, shape: [1, 1, 2] }).fill_(9);
    expect([...bytes]).toEqual([1, 2]);
  });
});

describe("Normalize", () => {
  const { Normalize: normalize } = torch.transforms;
  const colour = [0.485, 0.456, 0.406];
  const given: [mean: Values, std: Values, shape: number[]][] = [
    [0.1307, 0.3081, [2, 1, 3, 2]],
    [0.5, 0.25, [2, 3, 2, 2]],
    [colour, [0.229, 0.224, 0.225], [2, 3, 2, 2]],
    [colour, 0.3, [2, 3, 2, 2]],
    [0.1, [0.229, 0.224, -0.225], [2, 3, 2, 2]],
    [0.1307, 0.3081, [0, 1, 2, 2]],
  ];
  torch.manualSeed(0);
  for (const [mean, std, shape] of given) {
    const x = torch.rand(shape);
    answers.it(`mean ${mean} and std ${std} of ${shape}`, () => new normalize(mean, std).apply(x));
  }
  const doubles = torch.rand([2, 2, 2, 2], { dtype: "float64" });
  answers.it("float64", () => new normalize([0.1307, 0.2], 0.3081).apply(doubles));

  const transposed = torch.rand([2, 2, 2, 3]).transpose(1, 3);
  answers.it("reads whatever order the elements have in memory, and changes none of them", () => [
    new normalize(colour, 0.3).apply(transposed),
    transposed,
  ]);

  it.each<[Values, Values]>([
    [[0.5], 0],
    [0, [1, 0, 1]],
    [0, 1e-50], // 0 in float32
  ])("refuses mean %s and std %s: that would divide by 0", (mean, std) => {
    expect(() => new Normalize(mean, std)).toThrow("std evaluated to zero");
  });

  const threeChannels = zeros([2, 3, 4, 4]);

  it.each<[message: string, mean: Values, std: Values, Tensor]>([
    ["has 2 values, but the images have 3 channels", [1, 2], 1, threeChannels],
    ["has 2 values, but the images have 3 channels", 1, [1, 2], threeChannels],
    ["has 4 values, but the images have 3 channels", [1, 2, 3, 4], [1, 2, 3], threeChannels],
    ["has 2 values, but the images have 3 channels", [1, 2], 1, zeros([3, 4, 4])],
  ])("%s: mean %s, std %s", (message, mean, std, x) => {
    expect(() => new Normalize(mean, std).apply(x)).toThrow(new Error(`Normalize ${message}`));
  });
});

it.each<[message: string, Tensor]>([
  ["Tensor is not a torch image.", zeros(4)],
  ["of size (..., C, H, W). Got tensor.size() = torch.Size([3, 4])", zeros([3, 4])],
  ["Input tensor should be a float tensor. Got torch.int32.", zeros([1, 1, 2, 2], { dtype: "int32" })],
])("Normalize says: %s", (message, x) => {
  expect(() => new Normalize(0, 1).apply(x)).toThrow(message);
});

it("Normalize changes what it is given only if it is told to", () => {
  const x = ones([1, 2, 2]);
  expect([new Normalize(0, 2).apply(x).sum().item(), x.sum().item()]).toEqual([2, 4]);
  expect(new Normalize(0, 2, { inplace: true }).apply(x)).toBe(x);
  expect(x.sum().item()).toBe(2);
});

describe("Compose", () => {
  const addOne = { apply: (x: Tensor) => x.add(1), toString: () => "AddOne()" };
  const firstPixel = { apply: (x: Tensor) => x.data[0] };

  answers.it("applies one after another", () => {
    const { Normalize, ToTensor } = torch.transforms;
    return new torch.transforms.Compose([new ToTensor(), new Normalize(0.1307, 0.3081)]).apply(everyByte);
  });

  it("applies them in their order", () => {
    const x = ones([1, 1, 1, 1]);
    expect(new Compose([addOne, new Normalize(0, 2)]).apply(x).item()).toBe(1);
    expect(new Compose([new Normalize(0, 2), addOne]).apply(x).item()).toBe(1.5);
    expect(new Compose([addOne, addOne, addOne]).apply(x).item()).toBe(4);
    expect(new Compose([addOne]).apply(x).item()).toBe(2);
  });

  it("takes what the first takes and gives what the last gives, also to the compiler", () => {
    const one = new Compose([new ToTensor()]);
    const two = new Compose([new ToTensor(), firstPixel]);
    const three = new Compose([new ToTensor(), addOne, firstPixel]);
    expectTypeOf(one).toEqualTypeOf<transforms.Compose<ImageBatch, Tensor>>();
    expectTypeOf(two).toEqualTypeOf<transforms.Compose<ImageBatch, number>>();
    expectTypeOf(three).toEqualTypeOf<transforms.Compose<ImageBatch, number>>();
    expect([two.apply(everyByte), three.apply(everyByte)]).toEqual([0, 1]);
    // @ts-expect-error: Normalize takes tensors, not bytes
    expect(() => new Compose([new Normalize(0, 1), addOne]).apply(everyByte)).toThrow("Tensor is not a torch image.");
  });

  it("may hold a Compose", () => {
    const inner = new Compose([addOne, addOne]);
    expect(new Compose([inner, inner]).apply(zeros(1)).item()).toBe(4);
  });
});

it.each([
  [new ToTensor(), "ToTensor()"],
  [new Normalize(0.1307, 0.3081), "Normalize(mean=0.1307, std=0.3081)"],
  [
    new Compose([new ToTensor(), new Normalize(0.1307, 0.3081)]),
    "Compose(\n    ToTensor()\n    Normalize(mean=0.1307, std=0.3081)\n)",
  ],
])("printed, %s looks as in torchvision", (transform, text) => {
  expect(String(transform)).toBe(text);
});
