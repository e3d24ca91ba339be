/** What another realm made is what it is: jest, vitest's vmThreads and node:vm give the user's program one of its own. */
import { join } from "node:path";
import { runInNewContext, runInThisContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { loadCheckpoint, saveCheckpoint } from "../src/data/files.ts";
import { type DType, detectAnomaly, type NestedArray, noGrad, safetensors, tensor } from "../src/index.ts";
import { temporaryFolder } from "./support/folder.ts";

const elsewhere = (expression: string) => runInNewContext(`(${expression})`);
const everywhere = (expression: string) => [runInThisContext(`(${expression})`), elsewhere(expression)];

describe("tensor", () => {
  const arrays: [expression: string, dtype: DType, values: NestedArray][] = [
    ["new Float64Array([1.5, 2])", "float64", [1.5, 2]],
    ["new Float32Array([1.5, 2])", "float32", [1.5, 2]],
    ["new Int32Array([1, -2])", "int32", [1, -2]],
    ["new Uint8Array([1, 255])", "int32", [1, 255]],
    ["[[1.5], [2]]", "float32", [[1.5], [2]]],
    ["[true, false]", "bool", [true, false]],
  ];
  if ("Float16Array" in globalThis) arrays.push(["new Float16Array([1.5, 2])", "float32", [1.5, 2]]);

  it.each(arrays)("of %s", (expression, dtype, values) => {
    for (const data of everywhere(expression)) {
      const x = tensor(data);
      expect([x.dtype, x.toArray()]).toEqual([dtype, values]);
    }
  });

  it("refuses a DataView", () => {
    for (const data of everywhere("new DataView(new ArrayBuffer(8))"))
      expect(() => tensor(data)).toThrow(
        "tensor expected numbers or arrays nested evenly, but found [object DataView]",
      );
  });
});

it("a checkpoint holds plain objects of any realm, and no others", () => {
  const path = join(temporaryFolder(), "run.safetensors");
  saveCheckpoint(path, elsewhere("{ epoch: 3, losses: [1, { a: null }], none: Object.create(null) }"));
  expect(loadCheckpoint(path)).toEqual({ epoch: 3, losses: [1, { a: null }], none: {} });
  expect(() => saveCheckpoint(path, elsewhere("{ a: new (class Net {})() }"))).toThrow("but a is a Net");
});

it("tensors are read from bytes of any realm", () => {
  const bytes = safetensors.serialize({ x: tensor([1, 2]) });
  const copy = elsewhere("(bytes) => Uint8Array.from(bytes)")(bytes);
  expect(safetensors.parse(copy).tensors.x.toArray()).toEqual([1, 2]);
});

describe.each([
  ["noGrad", noGrad],
  ["detectAnomaly", detectAnomaly],
])("%s refuses a function that returns", (_, run) => {
  it.each(["Promise.resolve(1)", "{ then() {} }", "Object.assign(() => {}, { then() {} })"])("%s", (expression) => {
    for (const value of everywhere(expression))
      expect(() => run(() => value)).toThrow("a synchronous function, but this one returned a promise");
  });
});
