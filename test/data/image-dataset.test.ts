/** Images held as bytes: samples, batches and what the constructor refuses. */
import { describe, expect, it } from "vitest";
import { Dataset, ImageDataset, type Tensor, transforms, zeros } from "../../src/index.ts";
import { expectExact } from "../support/fixtures.ts";

const { Compose, Normalize, ToTensor } = transforms;
type ImageBatch = transforms.ImageBatch;

/** Three images of 2x2 whose pixels count from 0 to 11. */
const contents = {
  images: Uint8Array.from({ length: 12 }, (_, i) => i),
  targets: Int32Array.of(2, 0, 1),
  height: 2,
  width: 2,
  classes: ["a", "b", "c"],
};

describe("ImageDataset", () => {
  const dataset = new ImageDataset(contents);

  it.each([
    [0, 0, 2],
    [2, 2, 1],
    [-1, 2, 1],
    [-3, 0, 2],
  ])("sample %i is image %i with its label", (index, position, expected) => {
    const [image, label] = dataset.get(index);
    const data = [0, 1, 2, 3].map((pixel) => Math.fround((4 * position + pixel) / 255));
    expectExact(image, { shape: [1, 2, 2], data });
    expectExact(label, { shape: [], data: [expected], dtype: "int32" });
  });

  it("gathers a batch as it would sample by sample", () => {
    const order = [2, 2, -3, 1];
    const oneByOne = Dataset.prototype.getBatch.call(dataset, order);
    dataset.getBatch(order).forEach((x, field) => {
      expectExact(x, oneByOne[field]);
    });
  });

  it("gathers no samples into tensors without rows", () => {
    expect(dataset.getBatch([]).map((x) => x.shape)).toEqual([[0, 1, 2, 2], [0]]);
  });

  it("gives copies: a batch may be changed", () => {
    const [images, labels] = dataset.getBatch([1]);
    images.fill_(7);
    labels.fill_(7);
    expect(dataset.getBatch([1])[1].toArray()).toEqual([0]);
    expect([...contents.images]).toEqual([...Array(12).keys()]);
  });

  it("may be empty", () => {
    const empty = new ImageDataset({ ...contents, images: new Uint8Array(0), targets: new Int32Array(0) });
    expect(empty.length).toBe(0);
    expect(() => empty.get(0)).toThrow("index 0 is out of range for a dataset of 0 samples");
  });

  it.each([3, -4, 0.5, Number.NaN])("has no sample %d", (index) => {
    const error = new RangeError(`index ${index} is out of range for a dataset of 3 samples`);
    expect(() => dataset.get(index)).toThrow(error);
    expect(() => dataset.getBatch([0, index])).toThrow(error);
  });

  it.each([
    [2, "3 labels, but 2 images of 2x2"],
    [4, "3 labels, but 4 images of 2x2"],
    [2.5, "3 labels, but 2.5 images of 2x2"],
  ])("refuses three labels for %d images", (count, message) => {
    expect(() => new ImageDataset({ ...contents, images: new Uint8Array(4 * count) })).toThrow(message);
  });
});

describe("its transform", () => {
  it("is ToTensor, unless there is another", () => {
    expect(new ImageDataset(contents).transform).toBeInstanceOf(ToTensor);
    expect(new ImageDataset({ ...contents, transform: undefined }).transform).toBeInstanceOf(ToTensor);
  });

  it("makes the images of samples and of batches", () => {
    const transform = new Compose([new ToTensor(), new Normalize(0.5, 0.25)]);
    const dataset = new ImageDataset({ ...contents, transform });
    const expected = new Normalize(0.5, 0.25).apply(new ImageDataset(contents).getBatch([1])[0]);
    expectExact(dataset.getBatch([1])[0], expected);
    expectExact(dataset.get(1)[0], expected.squeeze(0));
  });

  it("gets bytes, and decides on shape and dtype", () => {
    const seen: ImageBatch[] = [];
    const transform = {
      apply(batch: ImageBatch): Tensor {
        seen.push(batch);
        return zeros([batch.shape[0], 5], { dtype: "int32" });
      },
    };
    const dataset = new ImageDataset({ ...contents, transform });
    const [rows, labels] = dataset.getBatch([2, 0]);
    expect(seen).toEqual([{ bytes: Uint8Array.of(8, 9, 10, 11, 0, 1, 2, 3), shape: [2, 2, 2] }]);
    expect([rows.shape, rows.dtype]).toEqual([[2, 5], "int32"]);
    expect(labels.toArray()).toEqual([1, 2]);
    expect(dataset.get(0)[0].shape).toEqual([5]);
  });

  it("may give a tensor that lies otherwise in memory", () => {
    const transform = {
      apply: (batch: ImageBatch) => new ToTensor().apply(batch).transpose(2, 3),
    };
    const [image] = new ImageDataset({ ...contents, transform }).get(0);
    expectExact(image, { shape: [1, 2, 2], data: [0, 2, 1, 3].map((byte) => Math.fround(byte / 255)) });
  });
});
