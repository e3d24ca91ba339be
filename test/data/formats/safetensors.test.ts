/** Safetensors files: what is written is read again, PyTorch's files are read, and damaged ones are refused. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { arange, safetensors, tensor, zeros } from "../../../src/index.ts";
import { Answers, expectExact, torch } from "../../support/index.ts";

const { parse, serialize } = safetensors;

/** A file with any header, and so many bytes of data. */
function fileOf(header: unknown, dataLength = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + dataLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

/** A file of one tensor, a. */
const single = (dtype: string, shape: number[], end: number, dataLength = end): Uint8Array =>
  fileOf({ a: entry(dtype, shape, 0, end) }, dataLength);

describe("serialize and parse", () => {
  const all = {
    floats: tensor([1, Number.NaN, -0, Infinity]).view(2, 2),
    transposed: arange(6).view(2, 3).t(),
    doubles: tensor([Math.PI], { dtype: "float64" }),
    "whole numbers": tensor([-(2 ** 31), 7], { dtype: "int32" }),
    "bn.num_batches_tracked": tensor(5, { dtype: "int32" }),
    bools: tensor([true, false, true]),
    empty: zeros([0, 3]),
  };

  it("give everything back", () => {
    const { tensors: read, metadata } = parse(serialize(all, { format: "pt", "": "grüße" }));
    expect(metadata).toEqual({ format: "pt", "": "grüße" });
    expect(Object.keys(read).sort()).toEqual(Object.keys(all).sort());
    for (const [name, value] of Object.entries(all)) expectExact(read[name], value);
  });

  it("wherever the file lies in memory", () => {
    const file = serialize(all);
    const shifted = Buffer.concat([new Uint8Array(3), file]);
    expectExact(parse(shifted.subarray(3)).tensors.doubles, all.doubles);
  });

  it("as PyTorch wants them: counters of batches as int64, headers and tensors aligned, in one order", () => {
    const file = serialize(all);
    const headerLength = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(headerLength % 8).toBe(0);
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerLength)));
    expect(header["bn.num_batches_tracked"]).toEqual(entry("I64", [], 0, 8));
    expect(header["whole numbers"].dtype).toBe("I32");
    const reversed = Object.fromEntries(Object.entries(all).reverse());
    expect(serialize(reversed)).toEqual(file);
  });

  it("nothing but a header", () => {
    expect(parse(serialize({}))).toEqual({ tensors: {}, metadata: {} });
  });

  it("have no tensor named as the metadata", () => {
    expect(() => serialize({ __metadata__: zeros(1) })).toThrow("a tensor cannot be named __metadata__");
  });
});

it.each<[string, ArrayBufferView & { length: number }, (number | boolean)[]]>([
  [
    "F16",
    Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x7e00),
    [1, -2, 2 ** -24, 65504, Infinity, Number.NaN],
  ],
  ["BF16", Uint16Array.of(0x3f80, 0xc049), [1, -3.140625]],
  ["I64", BigInt64Array.of(-5n), [-5]],
  ["I16", Int16Array.of(-300), [-300]],
  ["I8", Int8Array.of(-7), [-7]],
  ["U8", Uint8Array.of(200), [200]],
  ["BOOL", Uint8Array.of(0, 3), [false, true]],
])("%s becomes float32, int32 or bool", (dtype, numbers, expected) => {
  const file = single(dtype, [numbers.length], numbers.byteLength);
  file.set(new Uint8Array(numbers.buffer), file.length - numbers.byteLength);
  const { a } = parse(file).tensors;
  expect(a.toArray()).toEqual(expected);
  expect(a.dtype).toBe(dtype.endsWith("F16") ? "float32" : dtype === "BOOL" ? "bool" : "int32");
});

describe("refuses, and says what is wrong:", () => {
  const eight = entry("F32", [2], 0, 8);
  const huge = single("F32", [1], 4);
  new DataView(huge.buffer).setBigUint64(0, 2n ** 63n, true);
  const beyond = single("I64", [1], 8);
  beyond.set([0, 0, 0, 128, 0, 0, 0, 0], beyond.length - 8); // 2³¹
  const cases: [title: string, file: Uint8Array, message: string][] = [
    ["an empty file", new Uint8Array(0), "expected at least 8 bytes, but it has 0"],
    ["a header longer than the file", huge, "its header should have 9223372036854775808 bytes"],
    ["no JSON", fileOf("{"), "its header is not JSON"],
    ["no UTF-8", Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe), "its header is not JSON"],
    ["a list", fileOf("[]"), "its header is not a JSON object"],
    ["a number for an entry", fileOf({ a: 1 }), "something else than a dtype"],
    ["an entry with less", fileOf({ a: { dtype: "F32", shape: [] } }), "something else than a dtype"],
    ["an unknown dtype", single("F99", [1], 4), "something else than a dtype"],
    ["an inherited dtype", single("toString", [1], 4), "something else than a dtype"],
    ["a negative size", single("F32", [-1], 4), "something else than a dtype"],
    ["half an element", single("F32", [0.5], 2), "something else than a dtype"],
    ["too few bytes", single("F32", [2], 4), '"a" should have 8 bytes, but has 4'],
    ["a shape beyond all memory", single("F32", [2 ** 50, 2 ** 50], 4), '"a" should have'],
    ["bytes beyond the file", single("F32", [2], 8, 4), "its tensors have 8 bytes, but 4 follow"],
    ["bytes that no tensor has", single("F32", [1], 4, 8), "its tensors have 4 bytes, but 8 follow"],
    ["overlapping tensors", fileOf({ a: eight, b: entry("F32", [1], 4, 8) }, 8), 'the data of "b" should begin at 8'],
    ["a hole", fileOf({ a: eight, b: entry("F32", [1], 12, 16) }, 16), 'the data of "b" should begin at 8'],
    ["a name twice", fileOf(`{"a":${JSON.stringify(eight)},"a":${JSON.stringify(eight)}}`, 8), "has a name twice"],
    ["a key twice", fileOf('{"a":{"dtype":"F32","dtype":"F64","shape":[0],"data_offsets":[0,0]}}'), "a name twice"],
    ["metadata that is no text", fileOf({ __metadata__: entry("F32", [0], 0, 0) }), "must be texts by name"],
    ["texts where a tensor should be", fileOf({ a: { dtype: "F32" } }), 'the entry of "a" is not one of a tensor'],
    ["a large whole number", beyond, '"a" has numbers beyond int32'],
    ["a bottomless header", fileOf(`{"a":${"[".repeat(1e5)}${"]".repeat(1e5)}}`), "something else than a dtype"],
  ];

  it.each(cases)("%s", (_, file, message) => {
    expect(() => parse(file, "model.safetensors")).toThrow(message);
    expect(() => parse(file, "model.safetensors")).toThrow("model.safetensors: ");
  });

  it("not a name that means something to JavaScript", () => {
    const { tensors } = parse(fileOf('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4));
    expect(Object.keys(tensors)).toEqual(["__proto__"]);
  });
});

describe("a model goes between PyTorch and lucidgrad", () => {
  const answers = new Answers("safetensors");
  const newModel = () =>
    new torch.nn.Sequential(
      new torch.nn.Conv2d(1, 3, 3, { padding: 1 }),
      new torch.nn.BatchNorm2d(3),
      new torch.nn.ReLU(),
      new torch.nn.MaxPool2d(2),
      new torch.nn.Flatten(),
      new torch.nn.Linear(48, 6, { bias: false }),
      new torch.nn.BatchNorm1d(6),
      new torch.nn.ReLU(),
      new torch.nn.Linear(6, 4),
    );
  torch.manualSeed(1);
  const images = torch.rand([5, 1, 8, 8]);
  const own = newModel();
  for (const state of Object.values(own.stateDict())) if (state.dtype === "float32") state.detach().uniform_();

  // pytorch-model.py wrote this one.
  const trained = readFileSync(new URL("../../fixtures/pytorch-model.safetensors", import.meta.url));
  const files = { "that PyTorch trained and wrote": trained, "that was written here": serialize(own.stateDict()) };
  for (const [name, file] of Object.entries(files)) {
    answers.it(`one ${name} has the same logits in both`, () => {
      const model = newModel();
      model.loadStateDict(torch.safetensors.parse(file).tensors);
      model.eval();
      return [model.forward(images), model.stateDict()["1.num_batches_tracked"]];
    });
  }
});
