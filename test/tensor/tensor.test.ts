/** Tensor: reading its elements, and its layout in memory. */
import { describe, expect, it } from "vitest";
import { arange, full, ones, type Tensor, tensor, zeros } from "../../src/index.ts";
import { Answers, expectExact, torch } from "../support/index.ts";

const matrix = arange(6).view(2, 3);

describe("item", () => {
  it.each([
    ["a scalar", tensor(2.5), 2.5],
    ["one element of any shape", full([1, 1, 1], 3), 3],
    ["one of many", matrix.select(0, 1).select(0, 2), 5],
    ["a float32", tensor(0.1), Math.fround(0.1)],
    ["a bool", tensor(true), 1],
  ])("gives %s", (_, x, expected) => {
    expect(x.item()).toBe(expected);
  });

  it.each([
    ["many", ones(2), "[2]"],
    ["none", zeros([0, 2]), "[0, 2]"],
  ])("is an error for %s, which says the shape", (_, x, shape) => {
    expect(() => x.item()).toThrow("only one element tensors can be converted to");
    expect(() => x.item()).toThrow(shape);
  });
});

describe("toArray", () => {
  it.each<[string, Tensor, unknown]>([
    ["a scalar", tensor(2.5), 2.5],
    ["a matrix", matrix, [[0, 1, 2], [3, 4, 5]]], // biome-ignore format: a matrix
    ["a transposed matrix", matrix.t(), [[0, 3], [1, 4], [2, 5]]], // biome-ignore format: a matrix
    ["every other column", matrix.slice(1, 0, 3, 2), [[0, 2], [3, 5]]], // biome-ignore format: a matrix
    ["an expanded row", matrix.slice(0, 1).expand(2, 3), [[3, 4, 5], [3, 4, 5]]], // biome-ignore format: a matrix
    ["nothing", zeros([0, 3]), []],
    ["rows of nothing", zeros([2, 0]), [[], []]],
    ["bools", tensor([true, false]), [true, false]],
    ["what is no number", tensor([Number.NaN, -Infinity, -0]), [Number.NaN, -Infinity, -0]],
  ])("gives %s, nested", (_, x, expected) => {
    expect(x.toArray()).toEqual(expected);
  });
});

describe("layout", () => {
  it.each<[string, Tensor, boolean]>([
    ["a new tensor", matrix, true],
    ["rows", matrix.slice(0, 1), true],
    ["columns", matrix.slice(1, 1), false],
    ["a transposed matrix", matrix.t(), false],
    ["a transposed row", matrix.slice(0, 1).t(), true],
    ["an expanded row", matrix.slice(0, 1).expand(2, 3), false],
    ["a scalar", tensor(1), true],
    ["nothing", zeros([0, 3]).t(), true],
  ])("%s: contiguous is %s", (_, x, expected) => {
    expect(x.isContiguous).toBe(expected);
    expect(x.contiguous() === x).toBe(expected);
    expect(Array.from(x.data)).toEqual([x.toArray()].flat(9));
  });

  it("views share storage, copies do not", () => {
    const views = [matrix.t(), matrix.view(6), matrix.select(0, 1), matrix.expand(2, 2, 3), matrix.detach()];
    for (const view of views) expect(view.storage).toBe(matrix.storage);
    const copies = [
      matrix.clone(),
      matrix.t().contiguous(),
      matrix.t().reshape(6),
      matrix.index(tensor([true, false])),
    ];
    for (const copy of copies) expect(copy.storage).not.toBe(matrix.storage);
  });

  it("ndim and numel", () => {
    expect([matrix.ndim, matrix.numel, tensor(1).ndim, tensor(1).numel, zeros([2, 0]).numel]).toEqual([2, 6, 0, 1, 0]);
  });
});

describe("tensor", () => {
  it("copies what it is given", () => {
    const values = new Float32Array([1, 2]);
    const x = tensor(values);
    values[0] = 9;
    expect(x.toArray()).toEqual([1, 2]);
  });

  it.each([
    [new Float32Array(2), "float32"],
    [new Float64Array(2), "float64"],
    [new Int32Array(2), "int32"],
    [new Uint8Array(2), "int32"],
    [[1, 2], "float32"],
    [[true], "bool"],
  ])("of %s is %s", (data, dtype) => {
    expect(tensor(data).dtype).toBe(dtype);
  });

  it("requires a gradient if asked to", () => {
    expect(tensor([1], { requiresGrad: true }).requiresGrad).toBe(true);
    expect(() => tensor([1], { requiresGrad: true, dtype: "int32" })).toThrow("floating point");
  });
});

describe("a gradient that is assigned has to be one, in PyTorch's words", () => {
  const refused = (gradient: (x: Tensor) => unknown) => () => {
    const x = torch.ones([2], { requiresGrad: true });
    return [torch.error(() => Object.assign(x, { grad: gradient(x) })), x.grad];
  };

  new Answers("gradients").each(
    {
      "of another size": refused(() => torch.ones([1])),
      "of another dtype": refused(() => torch.ones([2], { dtype: "float64" })),
      "a number": refused(() => 5),
      "the tensor itself": refused((x) => x),
    },
    {
      wording: {
        "assigned grad expected to be a Tensor or None but got grad of typeint":
          "assigned grad expected to be a Tensor or None but got grad of type number",
      },
    },
  );

  it("and null forgets it", () => {
    const x = ones([2], { requiresGrad: true });
    x.grad = full([2], 3);
    expectExact(x.grad, [3, 3]);
    x.grad = null;
    expect(x.grad).toBeNull();
  });
});
