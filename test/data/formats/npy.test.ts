/** NumPy's files: what NumPy writes is read as it reads it, what is written here, too, and damaged files are refused. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseNpy, parseNpz, serializeNpy } from "../../../src/data/formats/npy.ts";
import { arange, ones, type Tensor, tensor, zeros } from "../../../src/index.ts";
import { Answers, torch } from "../../support/index.ts";
import { npzFile, savedFile, zipFile } from "../support.ts";

/** What pytorch-files.py wrote. */
const files: Record<string, string> = JSON.parse(
  readFileSync(new URL("../../fixtures/pytorch-files.json", import.meta.url), "utf8"),
);
const fileOf = (name: string): Uint8Array => Buffer.from(files[name], "base64");
const { readArray, readArrays, asHere, layout } = torch;
const answers = new Answers("numpy_files", { rtol: 0, atol: 0 });

const kinds = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1"];
const readable = [
  ...["<", ">"].flatMap((order) => kinds.map((kind) => order + kind)),
  ...["bool", "version 1", "version 2", "version 3", "scalar", "empty"],
];

describe("what NumPy wrote is read as NumPy reads it:", () => {
  for (const name of readable) answers.it(name, () => asHere(readArray(fileOf(`array ${name}`))));
  for (const name of ["Fortran", "Fortran of one dimension"]) {
    answers.it(name, () => {
      const x = readArray(fileOf(`array ${name}`));
      return [x, layout(x)];
    });
  }
  for (const name of ["arrays", "arrays compressed", "arrays by number", "no arrays"]) {
    answers.it(name, () => readArrays(fileOf(name)));
  }
});

describe("what is written here is read by NumPy:", () => {
  const own: Record<string, Tensor> = {
    floats: tensor([1.5, Number.NaN, -0, -Infinity]),
    doubles: tensor([[Math.PI, 1e-320]], { dtype: "float64" }),
    wholes: tensor([-(2 ** 31), 2 ** 31 - 1], { dtype: "int32" }),
    truths: tensor([[true], [false]]),
    scalar: tensor(2.5),
    empty: zeros([0, 3]),
    transposed: arange(6).view(2, 3).t(),
    "a/grüße": ones([2, 1, 2]),
    ["__proto__"]: zeros(1),
    "x.npy": zeros(2),
  };
  for (const [name, x] of Object.entries(own)) {
    const file = serializeNpy(x);
    answers.it(`own ${name}`, () => readArray(file));
  }
  for (const isPacked of [false, true]) {
    const file = npzFile(own, isPacked);
    answers.it(`own arrays, ${isPacked ? "packed" : "as they are"}`, () => readArrays(file));
  }

  it("elements begin where they may be read in place", () => {
    for (const [name, x] of Object.entries(own)) {
      expect((serializeNpy(x).length - x.data.byteLength) % 64, name).toBe(0);
    }
  });

  it("packed is smaller", () => {
    const zero = { x: zeros([1000]) };
    expect(npzFile(zero, true).length).toBeLessThan(500);
    expect(parseNpz(npzFile(zero, true), "file").x.toArray()).toEqual(zero.x.toArray());
  });

  it("but not what is no tensor", () => {
    expect(() => npzFile({ x: [1] } as never, false)).toThrow('"x" is a list, not a tensor');
    expect(() => npzFile(new Map() as never, false)).toThrow("expected a plain object");
  });
});

/** A file of this version with such a header, and so many bytes of elements. */
function npy(header: string, elements = 0, version = 1): Uint8Array {
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(Buffer.byteLength(header), 0, length.length);
  return Buffer.concat([
    Buffer.from(`\x93NUMPY${String.fromCharCode(version)}\0`, "latin1"),
    length,
    Buffer.from(header),
    Buffer.alloc(elements),
  ]);
}

const header = (descr: string, order = "False", shape = "(2,)"): string =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;

describe("reads headers as other programs write them:", () => {
  it.each([
    ["no comma at the end", "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}"],
    ["another order", "{'shape': (2,), 'fortran_order': False, 'descr': '<f4'}"],
    ["other quotation marks and spaces", '{"descr":"<f4","fortran_order":False ,"shape":( 2 , ), } \n'],
    ["long numbers of Python 2", "{'descr': '<f4', 'fortran_order': False, 'shape': (2L,), }"],
  ])("%s", (_, text) => {
    expect(parseNpy(npy(text, 8), "x.npy").toArray()).toEqual([0, 0]);
  });
});

describe("refuses, and says what is wrong:", () => {
  it.each([
    ["array objects", "it holds Python objects, which are pickled, and never read here"],
    ["array texts", 'its elements are "<U2", which is not supported'],
    ["array structure", "its elements are \"[('a', '<i4'), ('b', '<f4')]\", which is not supported"],
    ["array complex", 'its elements are "<c16", which is not supported'],
    ["array beyond int32", "it has numbers beyond int32: <i8 that does not fit int32 is not supported"],
    ["arrays", "it is a zip file: read it with loadNpz"],
  ])("%s", (name, message) => {
    expect(() => parseNpy(fileOf(name), "x.npy")).toThrow(`x.npy: ${message}`);
  });

  it.each([
    ["an empty file", new Uint8Array(0), "it does not begin as one"],
    ["version 4", npy(header("'<f4'"), 8, 4), "it is of version 4"],
    ["a header beyond the file", npy(header("'<f4'"), 8).subarray(0, 20), "its header should have"],
    ["a list", npy("[1, 2]"), "its header is not a dict"],
    ["an entry twice", npy(`${header("'<f4'").slice(0, -2)}'descr': '<f8', }`, 8), "its header is not a dict"],
    ["no shape", npy("{'descr': '<f4', 'fortran_order': False, }"), "its header is not a dict"],
    ["something more", npy(`${header("'<f4'").slice(0, -2)}'more': True, }`, 8), "its header is not a dict"],
    ["a negative size", npy(header("'<f4'", "False", "(-1,)")), "its header is not a dict"],
    ["an order that is none", npy(header("'<f4'", "(1,)"), 8), "its header is not a dict"],
    ["a size that is no number", npy(header("'<f4'", "False", `(${"9".repeat(20)},)`)), "its shape is none"],
    ["too few elements", npy(header("'<f4'"), 7), "it should have 8 bytes of elements, but has 7"],
    ["too many", npy(header("'<f4'"), 9), "it should have 8 bytes of elements, but has 9"],
    ["10 GB on paper", npy(header("'<f4'", "False", "(2500000000,)"), 4), "it should have 10000000000 bytes"],
    ["an inherited dtype", npy(header("'<constructor'"), 8), 'its elements are "<constructor", which is not supported'],
  ])("%s", (_, file, message) => {
    expect(() => parseNpy(file, "x.npy")).toThrow(`x.npy: ${message}`);
  });

  it("in a file of several, with the name of the one", () => {
    const file = zipFile([["a/x.npy", new Uint8Array(3)]]);
    expect(() => parseNpz(file, "x.npz")).toThrow('x.npz: "a/x.npy": it does not begin as one');
  });

  it.each([
    ["a text among the arrays", zipFile([["notes.txt", new Uint8Array(3)]]), 'it holds "notes.txt", which is no array'],
    ["a file of PyTorch's", savedFile({ x: ones(1) }), "read PyTorch's files with load"],
    ["one array", serializeNpy(ones(1)), "it is not a zip file"],
  ])("%s", (_, file, message) => {
    expect(() => parseNpz(file, "x.npz")).toThrow(message);
  });
});
