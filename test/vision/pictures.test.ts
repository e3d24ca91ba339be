/** Transforms of pictures give torchvision's values, and draw what it draws. int32 stands for its uint8. */
import { describe, expect, it } from "vitest";
import {
  ImageDataset,
  manualSeed,
  rand,
  randperm,
  stack,
  type Tensor,
  tensor,
  transforms,
  zeros,
} from "../../src/index.ts";
import { Answers, torch } from "../support/index.ts";

const answers = new Answers("image_transforms", { atol: 1e-6, rtol: 1e-6 });
const { functional: F } = torch.transforms;

/** A picture of three colours, one with a batch dimension, a grey one without channels, and bytes. */
manualSeed(0);
const colour = torch.rand([3, 4, 6]);
const batch = torch.rand([2, 3, 3, 4]);
const grey = torch.rand([4, 3]);
const bytes = torch.randint(0, 256, [3, 4, 5], { dtype: "int32" });
const doubles = torch.rand([1, 4, 4], { dtype: "float64" });

describe("parts of pictures", () => {
  for (const paddingMode of ["constant", "edge", "reflect", "symmetric"] as const) {
    for (const padding of [1, [2, 1], [1, 0, 2, 2]]) {
      const options = { paddingMode, fill: paddingMode === "constant" ? 7 : 0 };
      answers.it(`${paddingMode} padding ${padding}`, () => [
        F.pad(colour, padding, options),
        F.pad(batch, padding, options),
        F.pad(bytes, padding, options),
      ]);
    }
  }
  answers.it("padding that takes away", () => [
    F.pad(colour, [-1, 2, -2, -1]),
    F.pad(colour, [-1, 2, -2, -1], { paddingMode: "symmetric" }),
    F.pad(grey, 1, { fill: 0.5 }),
  ]);
  answers.it("parts, also outside the picture", () =>
    [
      [1, 2, 3, 4],
      [-1, -2, 4, 6],
      [3, 4, 5, 6],
      [-3, 1, 2, 3],
    ].map(([top, left, height, width]) => F.crop(colour, top, left, height, width)),
  );
  for (const size of [3, [4], [2, 5], [9, 10], [3, 12]]) {
    answers.it(`the middle, ${size}`, () => [F.centerCrop(colour, size), F.centerCrop(grey, size)]);
  }
  answers.it("five and ten", () => [
    F.fiveCrop(colour, [3, 4]),
    F.tenCrop(batch, 2),
    F.tenCrop(bytes, [2], true),
    new torch.transforms.FiveCrop(2).apply(colour),
    new torch.transforms.TenCrop([2, 3], true).apply(colour),
  ]);
  answers.it("turned over", () => [F.hflip(colour), F.vflip(bytes), F.hflip(grey), F.vflip(batch)]);
  answers.it("what they are", () => [
    F.getDimensions(colour),
    F.getDimensions(grey),
    F.getImageSize(batch),
    F.getImageNumChannels(batch),
  ]);
});

describe("sizes", () => {
  for (const interpolation of ["nearest", "bilinear", "bicubic"] as const) {
    for (const antialias of interpolation === "nearest" ? [null] : [null, true]) {
      answers.it(`${interpolation}${antialias ? ", all pixels" : ""}`, () => [
        ...[3, [4], [2, 9], [8, 3]].map((size) => F.resize(colour, size, { interpolation, antialias })),
        // of weights that are exact, so that nothing is nearly halfway between two bytes
        ...[
          [8, 10],
          [2, 10],
        ].map((size) => F.resize(bytes, size, { interpolation, antialias })),
      ]);
    }
  }
  answers.it("a longest edge, doubles, a batch, and the size that it has", () => [
    F.resize(colour, 4, { maxSize: 5 }),
    F.resize(colour, 3, { maxSize: 8 }),
    F.resize(doubles, [3, 5]),
    F.resize(batch, 6),
    F.resize(colour, [4, 6]),
    F.resizedCrop(colour, 1, 2, 3, 4, [4, 4], { interpolation: "bicubic" }),
    new torch.transforms.Resize(4, { maxSize: 6, interpolation: "nearest" }).apply(colour),
  ]);
});

describe("turned and warped", () => {
  const modes = ["nearest", "bilinear"] as const;
  for (const interpolation of modes) {
    answers.it(`turned, ${interpolation}`, () =>
      [-100, 0, 17, 90].flatMap((angle) => [
        F.rotate(colour, angle, { interpolation }),
        F.rotate(batch, angle, { interpolation, fill: [0.1, 0.2, 0.3] }),
        F.rotate(colour, angle, { interpolation, expand: true, fill: 0.5 }),
        F.rotate(colour, angle, { interpolation, center: [1, 0] }),
      ]),
    );
    answers.it(`sheared and shifted, ${interpolation}`, () => [
      F.affine(colour, 10, [1, -1], 1.3, 5.5, { interpolation }),
      F.affine(colour, -35, [0, 0], 0.7, [3.5, -4], { interpolation, fill: 0.25 }),
      F.affine(batch, 0, [2, 1], 1, [0], { interpolation, center: [0, 0] }),
      F.affine(doubles, 25, [0, 0], 1, [10, 20], { interpolation, fill: [2] }),
    ]);
    answers.it(`through waves, ${interpolation}`, () => {
      const displacement = torch.arange(48).view(1, 4, 6, 2).remainder(7).sub(3).div(10);
      return [
        F.elasticTransform(colour, displacement, { interpolation }),
        F.elasticTransform(colour, displacement, { interpolation, fill: [1, 2, 3] }),
      ];
    });
  }
  // half a pixel further, where the last bit of the angle says which pixel is the nearest
  answers.it("more than once around", () => {
    const picture = torch.arange(25, undefined, 1, { dtype: "float64" }).view(1, 5, 5);
    return [F.rotate(picture, 390), F.rotate(picture, 570), F.affine(picture, -390, [0, 0], 1, 0)];
  });
  answers.it("bytes", () => [F.rotate(bytes, 33), F.rotate(bytes, 33, { interpolation: "bilinear", fill: 9 })]);
  const corners = [[0, 0], [5, 0], [5, 3], [0, 3]]; // biome-ignore format: places
  const moved = [[1, 0], [4, 1], [5, 3], [0, 2]]; // biome-ignore format: places
  const elsewhere = [
    [1.3, 0.2],
    [4.1, 1.4],
    [5.2, 2.9],
    [0.3, 2.6],
  ]; // no pixel is halfway between two
  // of eight equations that torchvision solves in float32
  const rough = { atol: 2e-5, rtol: 0 };
  answers.it(
    "in perspective",
    () => [
      F.perspective(colour, corners, moved),
      F.perspective(colour, corners, moved, { fill: [1, 0.5, 0] }),
      F.perspective(bytes, corners, elsewhere, { interpolation: "nearest", fill: 3 }),
    ],
    rough,
  );
});

describe("colours", () => {
  const pictures = [colour, batch, bytes, doubles];
  answers.each({
    grey: () => [
      F.rgbToGrayscale(colour),
      F.rgbToGrayscale(bytes, 3),
      F.rgbToGrayscale(batch, 3),
      F.rgbToGrayscale(doubles),
    ],
    brightness: () => pictures.flatMap((x) => [0.3, 1.7].map((factor) => F.adjustBrightness(x, factor))),
    contrast: () => pictures.flatMap((x) => [0.3, 1.7].map((factor) => F.adjustContrast(x, factor))),
    saturation: () => pictures.flatMap((x) => [0.3, 1.7].map((factor) => F.adjustSaturation(x, factor))),
    hue: () => pictures.flatMap((x) => [-0.5, 0, 0.1, 0.45].map((factor) => F.adjustHue(x, factor))),
    "hue of grey, black and pure colours": () =>
      F.adjustHue(torch.tensor([[[0, 0.5, 1, 1, 0, 0, 1]], [[0, 0.5, 1, 0, 1, 0, 1]], [[0, 0.5, 1, 0, 0, 1, 0]]]), 0.2),
    gamma: () => pictures.flatMap((x) => [F.adjustGamma(x, 0.5), F.adjustGamma(x, 2, 1.5)]),
    sharpness: () => pictures.flatMap((x) => [0, 0.5, 2].map((factor) => F.adjustSharpness(x, factor))),
    "sharpness of what has no inside": () =>
      F.adjustSharpness(
        torch.tensor([
          [
            [0.1, 0.5],
            [0.3, 0.9],
          ],
        ]),
        3,
      ),
    blur: () =>
      pictures.flatMap((x) => [F.gaussianBlur(x, 3), F.gaussianBlur(x, [5, 3], [0.5, 1.2]), F.gaussianBlur(x, 3, 2)]),
  });
});

describe("tones", () => {
  const pictures = [colour, batch, bytes, doubles];
  const few = torch.randint(0, 9, [2, 1, 20, 26], { dtype: "int32" });
  answers.each({
    inverted: () => pictures.map((x) => F.invert(x)),
    posterized: () => [0, 1, 3, 8].map((bits) => F.posterize(bytes, bits)),
    solarized: () => [F.solarize(colour, 0.5), F.solarize(bytes, 100), F.solarize(batch, 0)],
    "with contrast": () => pictures.map((x) => F.autocontrast(x)),
    "with contrast, where there is none": () => F.autocontrast(torch.full([3, 2, 2], 0.25)),
    equalized: () => [F.equalize(few), F.equalize(bytes)],
    "in another dtype": () => [
      F.convertImageDtype(bytes),
      F.convertImageDtype(bytes, "float64"),
      new torch.transforms.ConvertImageDtype("float32").apply(bytes),
      F.convertImageDtype(colour, "float64"),
    ],
    normalized: () => [F.normalize(colour, [0.1, 0.2, 0.3], [0.5, 0.6, 0.7]), F.normalize(doubles, [0.5], [0.25])],
  });
  it("bytes of fractions are as torchvision's uint8", () => {
    const y = transforms.functional.convertImageDtype(tensor([0, 0.5, 0.999, 1]), "int32");
    expect([...y.data]).toEqual([0, 127, 255, 255]);
  });
});

/** What a transform of a seed makes of three pictures, and what is drawn next. */
function draws(name: string, make: () => transforms.Transform<Tensor, Tensor>, x = colour, comparing = {}): void {
  answers.it(
    `${name}, drawn`,
    () => {
      torch.manualSeed(3);
      const transform = make();
      return [transform.apply(x), transform.apply(x), transform.apply(x), torch.rand(1)];
    },
    comparing,
  );
}
const T = torch.transforms;

answers.it("as vectors, times a matrix", () => {
  const matrix = torch.arange(16).view(4, 4);
  return new T.LinearTransformation(matrix, torch.tensor([1, 2, 3, 4])).apply(torch.arange(8).view(2, 1, 2, 2));
});

it("erasing changes the picture itself only if it is told to", () => {
  const picture = zeros([1, 4, 4]);
  new transforms.RandomErasing({ p: 1, value: 1 }).apply(picture);
  expect(picture.sum().item()).toBe(0);
  expect(new transforms.RandomErasing({ p: 1, value: 1, inplace: true }).apply(picture)).toBe(picture);
  expect(picture.sum().item()).toBeGreaterThan(0);
});

describe("what is drawn", () => {
  draws("part", () => new T.RandomCrop(3));
  draws("part of a part", () => new T.RandomCrop([3, 4], { padding: 2, fill: 0.5 }), bytes);
  draws("part of what is mirrored", () => new T.RandomCrop([7, 9], { padIfNeeded: true, paddingMode: "reflect" }));
  draws("part with sides", () => new T.RandomCrop(4, { padding: [1, 2, 0, 1], paddingMode: "edge" }), batch);
  draws("all of it", () => new T.RandomCrop([4, 6]));
  draws("left and right", () => new T.RandomHorizontalFlip());
  draws("upside down", () => new T.RandomVerticalFlip(0.7));
  draws("part of any size", () => new T.RandomResizedCrop(4));
  draws("part of another shape", () => new T.RandomResizedCrop([3, 5], { scale: [0.3, 0.6], ratio: [0.5, 3] }));
  draws("part that never fits", () => new T.RandomResizedCrop(3, { scale: [2, 3], interpolation: "nearest" }));
  draws(
    "part that is too wide",
    () => new T.RandomResizedCrop(3, { scale: [1, 1], ratio: [0.2, 0.3], antialias: true }),
  );
  draws("grey, or not", () => new T.RandomGrayscale(0.5));
  draws("colours", () => new T.ColorJitter({ brightness: 0.4, contrast: 0.3, saturation: [0.2, 2], hue: 0.2 }));
  draws("colours of bytes", () => new T.ColorJitter({ brightness: [0.5, 0.9], hue: [-0.1, 0.3] }), bytes);
  draws("brightness of two", () => new T.ColorJitter({ brightness: 2 }), batch);
  draws("blur", () => new T.GaussianBlur([5, 3]));
  draws("blur of a sigma", () => new T.GaussianBlur(3, 0.75), batch);
  draws("erased", () => new T.RandomErasing({ p: 0.8 }));
  draws("erased, with colours", () => new T.RandomErasing({ value: [0.1, 0.2, 0.3], scale: [0.2, 0.5] }), batch);
  draws("erased, with noise", () => new T.RandomErasing({ p: 1, value: "random", ratio: [0.5, 0.6] }));
  draws("erased in bytes", () => new T.RandomErasing({ p: 1, value: 200, scale: [0.1, 0.2] }), bytes);
  draws("erased never", () => new T.RandomErasing({ p: 1, scale: [1, 1], ratio: [5, 6], value: 1 }));
  draws("turned", () => new T.RandomRotation(30));
  draws(
    "turned in a range",
    () => new T.RandomRotation([10, 80], { interpolation: "bilinear", expand: false, center: [2, 1], fill: 0.5 }),
    batch,
  );
  draws("turned and whole", () => new T.RandomRotation([20, 21], { expand: true, fill: [0.1, 0.2, 0.3] }));
  draws("moved", () => new T.RandomAffine(15, { translate: [0.3, 0.5], scale: [0.5, 1.5], shear: 10 }));
  draws(
    "sheared along both",
    () => new T.RandomAffine([0, 0], { shear: [-5, 5, 10, 20], interpolation: "bilinear", fill: 1, center: [0, 0] }),
  );
  draws("in perspective", () => new T.RandomPerspective({ p: 0.7 }), colour, { atol: 2e-5, rtol: 0 });
  draws("in much perspective", () => new T.RandomPerspective({ p: 1, distortionScale: 0.9, fill: 7 }), colour, {
    atol: 2e-5,
    rtol: 0,
  });
  draws("through waves", () => new T.ElasticTransform({ alpha: 5.5, sigma: 0.25, fill: 2 }));
  draws(
    "through waves of two lengths",
    () => new T.ElasticTransform({ alpha: [5.5, 1.5], sigma: [0.1, 0.2], interpolation: "nearest" }),
  );
  for (const policy of ["imagenet", "cifar10", "svhn"] as const) {
    answers.it(`the policy of ${policy}`, () => {
      torch.manualSeed(2);
      const transform = new T.AutoAugment(policy, { fill: 5 });
      return [1, 2, 3, 4, 5, 6, 7, 8].map(() => transform.apply(bytes)).concat([torch.rand(1)]);
    });
  }
  for (const seed of [1, 2, 3, 4]) {
    answers.it(`one change of any magnitude, seed ${seed}`, () => {
      torch.manualSeed(seed);
      const transform = new T.TrivialAugmentWide({ fill: 5 });
      return [1, 2, 3, 4].map(() => transform.apply(bytes)).concat([torch.rand(1)]);
    });
    answers.it(`some changes of one magnitude, seed ${seed}`, () => {
      torch.manualSeed(seed);
      const transform = new T.RandAugment({ numOps: 3, magnitude: 2 + seed, fill: [1, 2, 3] });
      return [1, 2, 3].map(() => transform.apply(bytes)).concat([torch.rand(1)]);
    });
  }
  const mixtures: [string, ConstructorParameters<typeof T.AugMix>[0], Tensor][] = [
    ["as it is by default", { severity: 1 }, bytes],
    [
      "with what is far from it",
      { severity: 10, mixtureWidth: 2, chainDepth: 4, fill: 9, interpolation: "nearest" },
      bytes,
    ],
    ["without its colours", { allOps: false, alpha: 0.3, interpolation: "nearest", fill: [1, 2, 3] }, bytes],
    ["a batch", { severity: 5 }, torch.stack([bytes, bytes.flip(0)])],
  ];
  for (const [name, options, x] of mixtures) {
    answers.it(`a mixture, ${name}`, () => {
      torch.manualSeed(5);
      const transform = new T.AugMix(options);
      return [1, 2, 3].map(() => transform.apply(x)).concat([torch.rand(1)]);
    });
  }
  draws("inverted, or not", () => new T.RandomInvert());
  draws("posterized, or not", () => new T.RandomPosterize(3), bytes);
  draws("solarized, or not", () => new T.RandomSolarize(0.5, 0.6));
  draws("sharp, or not", () => new T.RandomAdjustSharpness(2));
  draws("with contrast, or not", () => new T.RandomAutocontrast(), bytes);
  draws("equalized, or not", () => new T.RandomEqualize(0.75), bytes.narrow(0, 0, 1).repeat(1, 5, 5));
});

describe("transforms of transforms", () => {
  const [double, add] = [
    new transforms.Lambda((x: Tensor) => x.mul(2)),
    new transforms.Lambda((x: Tensor) => x.add(1)),
  ];
  const values = (make: transforms.Transform<Tensor, Tensor>): Set<number> => {
    manualSeed(0);
    return new Set(Array.from({ length: 30 }, () => make.apply(tensor([[[1]]])).item()));
  };

  it("apply all of them or none, in any order, or one of them", () => {
    expect(values(new transforms.RandomApply([double, add]))).toEqual(new Set([1, 3]));
    expect(values(new transforms.RandomOrder([double, add]))).toEqual(new Set([3, 4]));
    expect(values(new transforms.RandomChoice([double, add, double], [0, 4, 0]))).toEqual(new Set([2]));
    const more = new transforms.Lambda((x: Tensor) => x.add(10));
    expect(values(new transforms.RandomChoice([more, add]))).toEqual(new Set([2, 11]));
    expect(values(new transforms.RandomChoice([more, add, double], [1, 0, 0]))).toEqual(new Set([11]));
  });

  it("apply all of them where what is drawn is the probability", () => {
    manualSeed(0);
    const p = rand(1).item();
    manualSeed(0);
    expect(new transforms.RandomApply([double], p).apply(tensor([[[1]]])).item()).toBe(2);
  });

  it("draw what torchvision's draw since 0.15: a permutation, and a class by its probability", () => {
    manualSeed(1);
    new transforms.RandomOrder([double, add, add]).apply(tensor([[[1]]]));
    const after = rand(1).item();
    manualSeed(1);
    randperm(3);
    expect(after).toBe(rand(1).item());
  });

  it("refuse what are no transforms, and as many probabilities as there are not", () => {
    expect(() => new transforms.RandomChoice([double], [1, 2])).toThrow("Length of p doesn't match");
    expect(() => new transforms.RandomApply([{} as typeof double])).toThrow("RandomApply takes transforms");
  });

  it("are printed as torchvision prints them", () => {
    const pad = new transforms.Pad(1);
    const line = "\n    Pad(padding=1, fill=0, padding_mode=constant)\n)";
    expect(String(new transforms.RandomApply([pad], 0.4))).toBe(`RandomApply(\n    p=0.4${line}`);
    expect(String(new transforms.RandomOrder([pad]))).toBe(`RandomOrder(${line}`);
    expect(String(new transforms.RandomChoice([pad]))).toBe(`RandomChoice(${line}(p=None)`);
    expect(String(new transforms.RandomChoice([pad], [0.5]))).toBe(`RandomChoice(${line}(p=[0.5])`);
    expect(String(double)).toBe("Lambda()");
  });
});

describe("printed", () => {
  const made: Record<string, () => object> = {
    Pad: () => new T.Pad([1, 2], { fill: 3, paddingMode: "constant" }),
    CenterCrop: () => new T.CenterCrop(4),
    RandomCrop: () => new T.RandomCrop([4, 5], { padding: 2 }),
    "RandomCrop, more": () => new T.RandomCrop(4, { padding: [1, 2] }),
    FiveCrop: () => new T.FiveCrop(2),
    TenCrop: () => new T.TenCrop([2, 3], true),
    RandomHorizontalFlip: () => new T.RandomHorizontalFlip(),
    RandomVerticalFlip: () => new T.RandomVerticalFlip(0.25),
    Resize: () => new T.Resize([3, 4], { interpolation: "nearest" }),
    "Resize of an edge": () => new T.Resize(3, { maxSize: 7, antialias: true }),
    RandomResizedCrop: () => new T.RandomResizedCrop(3),
    "RandomResizedCrop, more": () => new T.RandomResizedCrop([3, 4], { scale: [0.25, 0.55555], antialias: false }),
    ConvertImageDtype: () => new T.ConvertImageDtype("float64"),
    RandomRotation: () => new T.RandomRotation(30),
    "RandomRotation, more": () =>
      new T.RandomRotation([-10, 20.5], { interpolation: "bilinear", expand: true, center: [1, 2], fill: [1, 2, 3] }),
    RandomAffine: () => new T.RandomAffine(0),
    "RandomAffine, more": () =>
      new T.RandomAffine([1, 2], {
        translate: [0.25, 0.5],
        scale: [0.5, 1.5],
        shear: [1, 2, 3, 4],
        interpolation: "bilinear",
        fill: 5,
        center: [1, 2],
      }),
    RandomPerspective: () => new T.RandomPerspective({ p: 0.25 }),
    ElasticTransform: () => new T.ElasticTransform({ alpha: 2.5 }),
    AutoAugment: () => new T.AutoAugment("svhn"),
    TrivialAugmentWide: () => new T.TrivialAugmentWide({ interpolation: "bilinear" }),
    RandAugment: () => new T.RandAugment({ numOps: 3, magnitude: 4, numMagnitudeBins: 10, fill: 3 }),
    AugMix: () => new T.AugMix(),
    "AugMix with options": () => new T.AugMix({ severity: 2, alpha: 0.25, allOps: false, fill: 3 }),
    Grayscale: () => new T.Grayscale(3),
    RandomGrayscale: () => new T.RandomGrayscale(),
    ColorJitter: () => new T.ColorJitter({ brightness: 0.25, saturation: 1.5, hue: 0.125 }),
    GaussianBlur: () => new T.GaussianBlur(3, [0.5, 1.5]),
    RandomErasing: () => new T.RandomErasing({ value: "random", inplace: true }),
    RandomInvert: () => new T.RandomInvert(),
    RandomPosterize: () => new T.RandomPosterize(3),
    RandomSolarize: () => new T.RandomSolarize(0.5, 0.25),
    RandomAdjustSharpness: () => new T.RandomAdjustSharpness(2),
    RandomAutocontrast: () => new T.RandomAutocontrast(),
    RandomEqualize: () => new T.RandomEqualize(0.75),
    LinearTransformation: () =>
      new T.LinearTransformation(
        torch.tensor([
          [1, 0.5],
          [0, 2],
        ]),
        torch.tensor([0, 1.5]),
      ),
  };
  for (const [name, make] of Object.entries(made)) answers.it(name, () => make().toString());
});

describe("errors", () => {
  const { functional } = transforms;
  const tooFew = "Input image tensor should have at least 3 dimensions, but found 2";
  const failing: Record<string, () => unknown> = {
    "three numbers of padding": () => new T.Pad([1, 2, 3]),
    "three numbers of padding, as a function": () => F.pad(colour, [1, 2, 3]),
    "three sizes": () => new T.CenterCrop([1, 2, 3]),
    "three sizes of a part": () => new T.RandomCrop([1, 2, 3]),
    "three sizes of all": () => new T.Resize([1, 2, 3]),
    "a part that is too large": () => new T.RandomCrop(9).apply(colour),
    "corners that are too large": () => F.fiveCrop(colour, [9, 2]),
    "a longest edge that is the shortest": () => F.resize(colour, 4, { maxSize: 4 }),
    "a longest edge of two": () => F.resize(colour, [4, 5], { maxSize: 9 }),
    "all pixels of the nearest": () => F.resize(colour, 9, { interpolation: "nearest", antialias: true }),
    "two channels": () => F.adjustBrightness(torch.tensor([[[1]], [[1]]]), 1),
    "two channels with contrast": () => F.adjustContrast(torch.tensor([[[1]], [[1]]]), 1),
    "grey without channels": () => F.rgbToGrayscale(grey),
    "two channels of grey": () => F.rgbToGrayscale(colour, 2 as 1),
    "negative brightness": () => F.adjustBrightness(colour, -0.5),
    "negative contrast": () => F.adjustContrast(colour, -0.5),
    "negative saturation": () => F.adjustSaturation(colour, -0.5),
    "negative sharpness": () => F.adjustSharpness(colour, -0.5),
    "negative gamma": () => F.adjustGamma(colour, -1),
    "more than half a circle": () => F.adjustHue(colour, 0.75),
    "an even kernel": () => F.gaussianBlur(colour, [4, 3]),
    "three kernels": () => F.gaussianBlur(colour, [1, 1, 1]),
    "three sigmas": () => F.gaussianBlur(colour, 3, [1, 1, 1]),
    "no sigma": () => F.gaussianBlur(colour, 3, [0, 0.5]),
    "nine bits": () => F.posterize(bytes, 9),
    "bits of fractions": () => F.posterize(colour, 3),
    "as many of each, of fractions": () => F.equalize(colour),
    "as many of each, without channels": () => F.equalize(grey),
    "a threshold beyond": () => F.solarize(colour, 1.5),
    "inverted, without channels": () => F.invert(grey),
    "two colours outside": () => F.rotate(colour, 10, { fill: [1, 2] }),
    "cubic turns": () => F.rotate(colour, 10, { interpolation: "bicubic" }),
    "three shifts": () => F.affine(colour, 0, [1, 2, 3], 1, 0),
    "no scale": () => F.affine(colour, 0, [1, 2], 0, 0),
    "three shears": () => F.affine(colour, 0, [1, 2], 1, [0.5, 0.5, 0.5]),
    "waves of another size": () => F.elasticTransform(colour, torch.zeros([1, 2, 3, 2])),
    "negative degrees": () => new T.RandomRotation(-1),
    "three degrees": () => new T.RandomRotation([1, 2, 3]),
    "three numbers that stay": () => new T.RandomRotation(1, { center: [1, 2, 3] }),
    "shifts of more than all": () => new T.RandomAffine(0, { translate: [0.5, 1.5] }),
    "a scale of zero": () => new T.RandomAffine(0, { scale: [0, 1] }),
    "three scales": () => new T.RandomAffine(0, { scale: [1, 1, 1] }),
    "three degrees of shear": () => new T.RandomAffine(0, { shear: [1, 2, 3] }),
    "brightness below zero": () => new T.ColorJitter({ brightness: -1 }),
    "brightness from below zero": () => new T.ColorJitter({ brightness: [-0.5, 1] }),
    "hue beyond half a circle": () => new T.ColorJitter({ hue: [-0.6, 0.5] }),
    "an even kernel of a class": () => new T.GaussianBlur(2),
    "three kernels of a class": () => new T.GaussianBlur([3, 3, 3]),
    "negative sigma": () => new T.GaussianBlur(3, -1),
    "sigma the other way round": () => new T.GaussianBlur(3, [2, 1]),
    "erasing more than all": () => new T.RandomErasing({ scale: [0.5, 1.5] }),
    "more than certain": () => new T.RandomErasing({ p: 1.5 }),
    "two colours of three": () => new T.RandomErasing({ p: 1, value: [1, 2] }).apply(colour),
    "a matrix that is not square": () => new T.LinearTransformation(torch.zeros([2, 3]), torch.zeros(2)),
    "a mean that is too long": () => new T.LinearTransformation(torch.zeros([2, 2]), torch.zeros(3)),
    "a picture that is too large": () => new T.LinearTransformation(torch.zeros([2, 2]), torch.zeros(2)).apply(colour),
    "another padding mode": () => F.pad(colour, 1, { paddingMode: "mirror" as "edge" }),
    "another padding mode of a class": () => new T.Pad(1, { paddingMode: "mirror" as "edge" }),
    "symmetric padding without channels": () => F.pad(grey, 1, { paddingMode: "symmetric" }),
    "symmetric padding of five dimensions": () => F.pad(batch.unsqueeze(0), 1, { paddingMode: "symmetric" }),
    "turned, five dimensions": () => F.rotate(batch.unsqueeze(0), 10),
    "no picture": () => F.hflip(torch.tensor([1, 2])),
    "no picture to cut": () => F.crop(torch.tensor([1, 2]), 0, 0, 1, 1),
  };
  for (const [name, fail] of Object.entries(failing)) answers.it(name, () => torch.error(fail));

  // torchvision has no words of its own for most of these
  it.each<[title: string, fail: () => unknown, message: string]>([
    ["blur without channels", () => functional.gaussianBlur(zeros([4, 6]), 3), tooFew],
    ["sharpness without channels", () => functional.adjustSharpness(zeros([3, 6]), 2), tooFew],
    ["filled turns without channels", () => functional.rotate(zeros([1, 6]), 10, { fill: 1 }), tooFew],
    [
      "five dimensions at the size that they have",
      () => functional.resize(zeros([1, 1, 3, 4, 6]), [4, 6]),
      "Input and output must have the same number of spatial dimensions",
    ],
    [
      "another policy",
      () => new transforms.AutoAugment("mnist" as "svhn"),
      "The provided policy mnist is not recognized.",
    ],
    [
      "no severity",
      () => new transforms.AugMix({ severity: 11 }),
      "The severity must be between [1, 10]. Got 11 instead.",
    ],
    ["more than a byte", () => functional.equalize(tensor([[[256]]], { dtype: "int32" })), "but one is 256"],
    ["less than a byte", () => functional.equalize(tensor([[[-1]]], { dtype: "int32" })), "but one is -1"],
  ])("%s", (_, fail, message) => expect(fail).toThrow(message));
});

describe("in a dataset", () => {
  const images = Uint8Array.from({ length: 6 * 12 }, (_, i) => i);
  const contents = { images, targets: new Int32Array(6), height: 3, width: 4, classes: [] };
  const toTensor = new transforms.ToTensor();
  const random = new transforms.Compose([toTensor, new transforms.RandomHorizontalFlip()]);

  it("what draws is given one sample at a time, each with draws of its own", () => {
    const [plain] = new ImageDataset(contents).getBatch([0, 1, 2, 3, 4, 5]);
    manualSeed(0);
    const [flipped] = new ImageDataset({ ...contents, transform: random }).getBatch([0, 1, 2, 3, 4, 5]);
    manualSeed(0);
    const isFlipped = Array.from({ length: 6 }, () => rand(1).item() < 0.5);
    expect(new Set(isFlipped).size).toBe(2);
    const expected = stack(isFlipped.map((is, i) => (is ? plain.select(0, i).flip(-1) : plain.select(0, i))));
    expect(flipped.equal(expected)).toBe(true);
  });

  it("what does not draw is given all", () => {
    const seen: number[] = [];
    const look = new transforms.Lambda((x: Tensor) => {
      seen.push(x.shape[0]);
      return x;
    });
    new ImageDataset({ ...contents, transform: new transforms.Compose([toTensor, look]) }).getBatch([0, 1, 2]);
    expect([seen, random.isRandom, new transforms.Compose([toTensor, look]).isRandom]).toEqual([[3], true, false]);
  });
});
