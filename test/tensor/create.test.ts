/** Functions that make tensors give PyTorch's. */
import { describe, expect, it } from "vitest";
import { full, linspace, type NestedArray, randint, tensor } from "../../src/index.ts";
import { callsOf, transposed } from "../autograd/ops/calls.ts";
import { torch } from "../support/torch.ts";

const { ones } = torch;
const check = callsOf("create");

const [nan, inf] = [Number.NaN, Infinity];
const f32 = { dtype: "float32" } as const;
const f64 = { dtype: "float64" } as const;
const i32 = { dtype: "int32" } as const;
const bool = { dtype: "bool" } as const;

/** Calls with each of these lists of arguments. */
function series(op: string, ...lists: unknown[][]): void {
  for (const [first, ...rest] of lists) check.series(op, first, rest);
}

for (const dtype of [f32, f64]) {
  series("arange", [0, 5, 1, dtype], [1, 2, 0.1, dtype], [0, 1, 1 / 3, dtype], [5, -5, -2.5, dtype]);
  series("arange", [0, 300, 7.7, dtype], [-1, 1, 0.01, dtype]);
  series("linspace", [0, 1, 5, dtype], [-1, 1, 10, dtype], [0, 1, 11, dtype], [3, -2, 6, dtype]);
  series("linspace", [0.1, 0.7, 7, dtype], [-10, 10, 100, dtype], [5, 5, 3, dtype]);
}
series("arange", [5], [2.5], [0], [3, 3], [2, 6], [3, 12, 4, i32], [0, 1, 0], [0, 1, -1], [1, 0, 1]);
series("arange", [-0.9, 2.1, 2, i32], [2.1, -2.9, -1, i32], [0.7, 3, 1, i32], [0, 5, 0.5, i32]);
series("linspace", [0.7, 2, 4, i32], [2.9, 0.1, 3, i32]);
series("linspace", [2, 7, 1], [2, 7, 2], [2, 7, 0]);

series("arange", [5, i32], [2, 6, f64], [2, undefined, 0.5]);
// The sum of PyTorch's elements, read as integers.
it.each([
  [3, -2, 100, 20530058944],
  [0.1, 0.9, 7, 7378060354],
  [0, 0.9, 31, 31576230450],
])("linspace(%d, %d, %d) is PyTorch's to the last bit", (start, end, steps, sum) => {
  const bits = new Int32Array(Float32Array.from(linspace(start, end, steps).data).buffer);
  expect(bits.reduce((a, b) => a + b, 0)).toBe(sum);
});

series("eye", [3, i32], [3], [2, 4], [4, 2], [0], [2, 2, i32]);
for (const op of ["zeros", "ones"]) series(op, [[]], [[3]], [[2, 0]], [[2, 3]], [[2], f64], [[2], i32], [[2], bool]);
series("zeros", [[-1]], [[2, -3]]);
series("full", [[2, 2], 0.1], [[2], nan], [[2], -inf, f64], [[], 7.5], [[2], 2.7, i32]);
series("full", [[2], 0, bool], [[2], 2, bool], [[2], 0.5, bool]);

for (const [name, x] of Object.entries({
  float64: ones([2, 1], f64),
  transposed: transposed(ones([2, 3])),
  int32: ones([3], i32),
})) {
  check(name, "zerosLike", [x], { grads: false });
  check(name, "onesLike", [x], { grads: false });
  check(name, "fullLike", [x, 2], { grads: false });
  check(`${name}, as float32`, "onesLike", [x, f32], { grads: false });
}

series(
  "tensor",
  [2.5],
  [true],
  [[]],
  [[[], []]],
  [[[[1.5, 2.5]], [[3.5, nan]]]],
  [
    [
      [true, false],
      [false, true],
    ],
  ],
);
series("tensor", [[1, 2.5], f64], [[1.7, -1.7], i32], [[0, 0.5, nan, -1], bool], [[true, 2.5]], [[0, false]]);
series(
  "tensor",
  [[[1, 2], [3]]],
  [
    [
      [[1], [2]],
      [[3], [4, 5]],
    ],
  ],
);

it("arrays are nested in 128 at the most, as in PyTorch: one that holds itself is refused", () => {
  const nested = (depth: number): NestedArray => (depth === 0 ? 1.5 : [nested(depth - 1)]);
  const circle: NestedArray[] = [];
  circle.push(circle);
  expect(tensor(nested(128)).shape).toEqual(Array(128).fill(1));
  for (const data of [nested(129), circle]) expect(() => tensor(data)).toThrow("too many dimensions 'list'");
});

describe("a number that int32 does not hold", () => {
  const beyond = [2 ** 31, -(2 ** 31) - 1, nan, inf, 2 ** 53];
  const whole = () => tensor([5], i32);
  it.each<[string, (value: number) => unknown]>([
    ["tensor", (value) => tensor([value], i32)],
    ["full", (value) => full([1], value, i32)],
    ["fill_", (value) => whole().fill_(value)],
  ])("is refused by %s", (_, make) => {
    for (const value of beyond) {
      expect(() => make(value), `${value}`).toThrow("value cannot be converted to type int32 without overflow");
    }
    for (const value of [2 ** 31 - 1, -(2 ** 31), 0.5]) expect(() => make(value), `${value}`).not.toThrow();
  });

  it("is no bound of clamp, and not drawn", () => {
    expect(() => whole().clamp(2 ** 31)).toThrow("without overflow");
    expect(() => whole().clamp(null, -(2 ** 40))).toThrow("without overflow");
    expect(() => randint(0, 2 ** 32, [3])).toThrow("to - 1 is out of bounds for int");
    expect(randint(-(2 ** 31), 2 ** 31, [3]).dtype).toBe("int32");
  });

  it("is compared as what it is", () => {
    const numbers = tensor([5, -(2 ** 31)], i32);
    expect(numbers.eq(2 ** 32 + 5).toArray()).toEqual([false, false]);
    expect(numbers.lt(2 ** 32).toArray()).toEqual([true, true]);
    expect(numbers.ge(-(2 ** 33)).toArray()).toEqual([true, true]);
  });
});
