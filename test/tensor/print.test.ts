/** A tensor prints as PyTorch prints it. The expected texts are PyTorch's own: test/fixtures/print.py wrote them. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allocate, type DType } from "../../src/tensor/dtype.ts";
import { formatTensor } from "../../src/tensor/print.ts";

interface Ramp {
  start: number;
  step: number;
  count: number;
}

interface PrintCase {
  name: string;
  dtype: DType;
  shape: number[];
  data: (number | "nan" | "inf" | "-inf")[] | Ramp;
  suffixes: string[];
  expected: string;
}

const words = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY };

function elements({ data, dtype }: PrintCase): ArrayLike<number> {
  const values = Array.isArray(data)
    ? data.map((value) => (typeof value === "number" ? value : words[value]))
    : Array.from({ length: data.count }, (_, i) => data.start + data.step * i);
  const out = allocate(dtype, values.length);
  out.set(dtype === "bool" ? values.map((value) => (value === 0 ? 0 : 1)) : values);
  return out;
}

const cases: PrintCase[] = JSON.parse(readFileSync(new URL("../fixtures/print.json", import.meta.url), "utf8"));

describe("formatTensor prints what PyTorch prints", () => {
  it.each(cases)("$name: $dtype $shape", (printCase) => {
    const { shape, dtype, suffixes, expected } = printCase;
    expect(formatTensor(elements(printCase), shape, dtype, suffixes)).toBe(expected);
  });

  it("has no suffixes unless told", () => {
    expect(formatTensor([1, 2], [2], "float32")).toBe("tensor([1., 2.])");
  });
});
