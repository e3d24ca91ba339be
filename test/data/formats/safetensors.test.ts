/** Safetensors files: what is written is read again, PyTorch's files are read, and damaged ones are refused. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { arange, nn, safetensors, type Tensor, tensor, zeros } from "../../../src/index.ts";
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

  it("metadata of any size that a header may have", () => {
    const metadata = { log: 'a "text": '.repeat(900_000) };
    expect(parse(serialize({ a: zeros(1) }, metadata)).metadata).toEqual(metadata);
  });

  it.each<[title: string, tensors: unknown, metadata: unknown, message: string]>([
    [
      "a header that is too long",
      {},
      { log: "é".repeat(51_000_000) },
      "take 102000027 bytes, but a safetensors file has",
    ],
    ["one that no text holds", {}, { log: "\0".repeat(99_000_000) }, "take too many bytes, but a safetensors file has"],
    ["a number as a tensor", { epoch: 3 }, {}, '"epoch" is a number, not a tensor'],
    ["a list as a tensor", { w: [1, 2] }, {}, '"w" is a list, not a tensor'],
    ["nothing as a tensor", { w: null }, {}, '"w" is null, not a tensor'],
    ["a Map, whose tensors would be lost", new Map([["w", zeros(1)]]), {}, "such as a state dict, but got a Map"],
    ["a module", new nn.Linear(1, 1), {}, "such as a state dict, but got a Linear"],
    ["metadata that are no text", {}, { epoch: 3 }, 'metadata "epoch" must be a text, but is 3'],
    ["metadata that would be lost", {}, new Map([["a", "b"]]), "such as a state dict, but got a Map"],
  ])("but not %s", { timeout: 60_000 }, (_, tensors, metadata, message) => {
    expect(() => serialize(tensors as Record<string, Tensor>, metadata as Record<string, string>)).toThrow(message);
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
  ["I32", Int32Array.of(-(2 ** 31), 7), [-(2 ** 31), 7]],
  ["I16", Int16Array.of(-300), [-300]],
  ["I8", Int8Array.of(-7), [-7]],
  ["U64", BigUint64Array.of(1n, 2n ** 31n - 1n), [1, 2 ** 31 - 1]],
  ["U32", Uint32Array.of(1, 2 ** 31 - 1), [1, 2 ** 31 - 1]],
  ["U16", Uint16Array.of(1, 65535), [1, 65535]],
  ["U8", Uint8Array.of(200), [200]],
  ["BOOL", Uint8Array.of(0, 3), [false, true]],
])("%s becomes float32, int32 or bool", (dtype, numbers, expected) => {
  const file = single(dtype, [numbers.length], numbers.byteLength);
  file.set(new Uint8Array(numbers.buffer), file.length - numbers.byteLength);
  const { a } = parse(file).tensors;
  expect(a.toArray()).toEqual(expected);
  expect(a.dtype).toBe(dtype.endsWith("F16") ? "float32" : dtype === "BOOL" ? "bool" : "int32");
});

it.each<[string, ArrayBufferView & { length: number }]>([
  ["I64", BigInt64Array.of(1n, 2n ** 31n)],
  ["I64", BigInt64Array.of(-(2n ** 31n) - 1n)],
  ["I64", BigInt64Array.of(2n ** 32n)],
  ["U64", BigUint64Array.of(2n ** 64n - 1n)],
  ["U32", Uint32Array.of(1, 2 ** 31)],
])("%s that does not fit int32 is not read, and the file not called damaged", (dtype, numbers) => {
  const file = single(dtype, [numbers.length], numbers.byteLength);
  file.set(new Uint8Array(numbers.buffer), file.length - numbers.byteLength);
  const message = `f: "a" has numbers beyond int32: ${dtype} that does not fit int32 is not supported`;
  expect(() => parse(file, "f")).toThrow(new Error(message));
});

it.each(["C64", "F8_E8M0", "F8_E5M2", "F8_E5M2FNUZ", "F8_E4M3", "F8_E4M3FNUZ", "F6_E3M2", "F6_E2M3", "F4"])(
  "%s is said not to be supported: the file is in order",
  (dtype) => {
    expect(() => parse(single(dtype, [8], 8), "f")).toThrow(new Error(`f: "a" is ${dtype}, which is not supported`));
  },
);

it.each([
  ["other fields in an entry", '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"note":[{"x":1},{"x":1}]}}'],
  ["metadata that are null", '{"__metadata__":null,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'],
  ["spaces", ' { "a" : {"dtype":"F32" ,"shape":[ 1],"data_offsets":[0,4]}}\n'],
  ["texts like JSON", '{"__metadata__":{"b":"\\":{\\\\"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'],
])("%s are read, as the reference implementation does", (_, header) => {
  expect(parse(fileOf(header, 4)).tensors.a.toArray()).toEqual([0]);
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
    ["a byte order mark", fileOf("\ufeff{}"), "its header is not JSON"],
    ["a list", fileOf("[]"), "its header is not a JSON object"],
    ["a number for an entry", fileOf({ a: 1 }), "something else than a dtype"],
    ["an entry with less", fileOf({ a: { dtype: "F32", shape: [] } }), "something else than a dtype"],
    ["an unknown dtype", single("F99", [1], 4), "something else than a dtype"],
    ["an inherited dtype", single("toString", [1], 4), "something else than a dtype"],
    ["a negative size", single("F32", [-1], 4), "something else than a dtype"],
    ["half an element", single("F32", [0.5], 2), "something else than a dtype"],
    ["too few bytes", single("F32", [2], 4), '"a" should have 8 bytes, but has 4'],
    ["a shape beyond all memory", single("F32", [2 ** 50, 2 ** 50], 4), '"a" should have'],
    ["10 GB on paper", single("F32", [2.5e9], 1e10, 4), "its tensors have 10000000000 bytes, but 4 follow"],
    ["bytes beyond the file", single("F32", [2], 8, 4), "its tensors have 8 bytes, but 4 follow"],
    ["bytes that no tensor has", single("F32", [1], 4, 8), "its tensors have 4 bytes, but 8 follow"],
    ["overlapping tensors", fileOf({ a: eight, b: entry("F32", [1], 4, 8) }, 8), 'the data of "b" should begin at 8'],
    ["a hole", fileOf({ a: eight, b: entry("F32", [1], 12, 16) }, 16), 'the data of "b" should begin at 8'],
    ["a name twice", fileOf(`{"a":${JSON.stringify(eight)},"a":${JSON.stringify(eight)}}`, 8), "has a name twice"],
    ["a text twice", fileOf('{"__metadata__":{"a":"b","a":"c"}}'), "a name twice"],
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
