/** Files of torch.save: what PyTorch writes is read as PyTorch reads it, what is written here, too, and what is more than data is refused. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Expect, expectationsOf } from "../../src/data/formats/expect.ts";
import { Pickle } from "../../src/data/formats/pickle-write.ts";
import { readZip, unpack } from "../../src/data/formats/zip.ts";
import { arange, manualSeed, nn, ones, optim, safetensors, Tensor, tensor, zeros } from "../../src/index.ts";
import { parsePyTorch } from "../../src/python/read.ts";
import { savedFile, zipFile } from "../data/support.ts";
import { Answers, torch } from "../support/index.ts";

/** What pytorch-files.py wrote. */
const files: Record<string, string> = JSON.parse(
  readFileSync(new URL("../fixtures/pytorch-files.json", import.meta.url), "utf8"),
);
const fileOf = (name: string): Uint8Array => Buffer.from(files[name], "base64");
const { readSaved, asHere, listed, layout } = torch;
const answers = new Answers("pytorch_files", { rtol: 0, atol: 0 });

describe("what PyTorch wrote is read as PyTorch reads it:", () => {
  answers.each({
    "a state dict": () => asHere(readSaved(fileOf("state dict"))),
    "one in a file that was packed by another program": () => asHere(readSaved(fileOf("unpacked and packed again"))),
    "all dtypes, as those that there are": () => asHere(readSaved(fileOf("dtypes"))),
    containers: () => listed(readSaved(fileOf("containers"))),
    "a number": () => readSaved(fileOf("number")),
    layouts() {
      const { base, leaf, parameter, frozen, ...views } = readSaved(fileOf("layouts"));
      const layouts = Object.values(views).map((x) => layout(x as Tensor));
      const areTrained = [leaf, parameter, frozen].map((x) => x.requiresGrad);
      return [base, leaf, parameter, frozen, views, layouts, areTrained];
    },
    "tensors that share memory": () => {
      const { base, transposed, part, expanded } = readSaved(fileOf("layouts"));
      base.add_(100);
      return [transposed, part, expanded];
    },
    "tensors with attributes": () => readSaved(fileOf("with attributes")),
  });

  it("what is in several places is one, also where it is in itself", () => {
    const loop = parsePyTorch(fileOf("in several places"), "file") as { loop: unknown; twice: unknown[] };
    expect(loop.twice[0]).toBe(loop.twice[1]);
    expect(loop.loop).toBe(loop);
  });

  it("keys that mean something to JavaScript are keys", () => {
    const value = parsePyTorch(fileOf("containers"), "file") as object;
    expect(Object.hasOwn(value, "__proto__")).toBe(true);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as { prototype?: unknown }).prototype).toBe(undefined);
  });

  it("parameters are parameters", () => {
    const { parameter, frozen, leaf } = parsePyTorch(fileOf("layouts"), "file") as Record<string, Tensor>;
    expect([parameter, frozen, leaf].map((x) => x instanceof nn.Parameter)).toEqual([true, true, false]);
  });
});

const expectations: Expect = expectationsOf("file", "zip file");

/** What is in a file, by name. */
const contentsOf = (file: Uint8Array): [name: string, bytes: Uint8Array][] =>
  Array.from(readZip(file, expectations).values(), (entry) => [entry.name, unpack(entry, expectations)]);

/** A value whose tensors are their dtype, shape and elements, which toEqual compares. */
function seen(value: unknown): unknown {
  if (value instanceof Tensor) return [value.constructor.name, value.dtype, value.shape, value.toArray()];
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).map(([key, item]) => [key, seen(item)]);
}

/** The file with other contents. */
const changed = (file: Uint8Array, change: (name: string, bytes: Uint8Array) => [string, Uint8Array]): Uint8Array =>
  zipFile(contentsOf(file).map(([name, bytes]) => change(name, bytes)));

/** The same bytes with other words in the place of words, of any length. */
const reworded = (bytes: Uint8Array, from: string, to: string): Uint8Array =>
  Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll(from, to), "latin1");

describe("what PyTorch 2 writes is read:", () => {
  const text = (words: string): Uint8Array => Buffer.from(words);
  const expected = parsePyTorch(fileOf("state dict"), "file");

  it("records that 1.13 does not have, in a folder named as the file", () => {
    const records: [string, Uint8Array][] = [
      ["net/.format_version", text("1")],
      ["net/.storage_alignment", text("64")],
      ["net/byteorder", text("little")],
      ["net/.data/serialization_id", text("0636067173205914418400000000000000000000")],
    ];
    const contents = contentsOf(fileOf("state dict"));
    const renamed = contents.map(([name, bytes]): [string, Uint8Array] => [name.replace(/^[^/]*/, "net"), bytes]);
    expect(seen(parsePyTorch(zipFile([...renamed, ...records]), "file"))).toEqual(seen(expected));
  });

  it("the bytes of another machine", () => {
    const order: [string, Uint8Array] = ["archive/byteorder", text("big")];
    const swapped = contentsOf(fileOf("state dict")).map(([name, bytes]): [string, Uint8Array] => {
      if (!name.startsWith("archive/data/")) return [name, bytes];
      return [name, bytes.length % 4 ? bytes : bytes.length === 8 ? bytes.toReversed() : Buffer.from(bytes).swap32()];
    });
    expect(seen(parsePyTorch(zipFile([...swapped, order]), "file"))).toEqual(seen(expected));
    expect(() => parsePyTorch(zipFile([...swapped, ["archive/byteorder", text("up")]]), "file")).toThrow(
      "its byteorder is neither little nor big",
    );
  });

  it("no checksums, if it is told so", () => {
    const file = Buffer.from(savedFile({ x: ones([2]) }));
    for (let at = file.indexOf("PK"); at >= 0; at = file.indexOf("PK", at + 1)) file.writeUInt32LE(0, at + 16);
    expect(seen(parsePyTorch(file, "file"))).toEqual(seen({ x: ones([2]) }));
  });

  it("tensors of a dtype that has no class of storages", () => {
    const pickle = new Pickle();
    pickle.named("torch._utils", "_rebuild_tensor_v3").op("(").op("(").text("storage");
    pickle.named("torch.storage", "UntypedStorage").text("0").text("cpu").number(6).op("t").op("Q");
    pickle.number(1).op("(").number(2).op("t").op("(").number(1).op("t").op("\x89");
    pickle.named("collections", "OrderedDict").op(")").op("R").named("torch", "uint16").op("t").op("R");
    const file = zipFile([
      ["archive/data.pkl", pickle.finish()],
      ["archive/data/0", new Uint8Array(Uint16Array.of(1, 2, 65535).buffer)],
    ]);
    expect(seen(parsePyTorch(file, "file"))).toEqual(seen(tensor([2, 65535], { dtype: "int32" })));
  });

  it("parameters that have attributes", () => {
    const file = changed(savedFile(new nn.Parameter(ones([2]))), (name, bytes) => [
      name,
      reworded(reworded(bytes, "_rebuild_parameter\n", "_rebuild_parameter_with_state\n"), ")RtR.", ")R}tR."),
    ]);
    expect(seen(parsePyTorch(file, "file"))).toEqual(seen(new nn.Parameter(ones([2]))));
  });
});

describe("refuses, and says what to do:", () => {
  const weights = "torch.save(model.state_dict(), path)";
  it.each([
    ["module", "it holds torch.nn.modules.linear.Linear, which is not read here", weights],
    ["code", "it holds posix.system, which is not read here", weights],
    [
      "before 1.6",
      "it is of the format that torch.save wrote before PyTorch 1.6",
      "torch.save(torch.load(path), path)",
    ],
    ["protocol 4", "its pickle is of protocol 4, and only 2 is read", "torch.save's default"],
    ["pickle", "it is a pickle of Python's", "torch.save(value, path)"],
    ["NumPy's number", "it holds numpy.core.multiarray.scalar", "float(x)"],
    ["sparse", "it holds torch._utils._rebuild_sparse_tensor", "x.to_dense()"],
    ["complex", "it holds torch.ComplexFloatStorage", "torch.view_as_real(x)"],
    ["quantized", "it holds torch._utils._rebuild_qtensor", "x.dequantize()"],
    ["bytes", "it holds _codecs.encode", "torch.frombuffer"],
    ["beyond int32", "data/0 has numbers beyond int32", "I64 that does not fit int32 is not supported"],
    ["TorchScript", "it is a TorchScript program", weights],
    ["array <f4", "it is an array of NumPy's", "loadNpy"],
    ["arrays", "it holds arrays of NumPy's", "read it with loadNpz"],
    ["no arrays", "it has no data.pkl", "is no file of torch.save"],
  ])("%s", (name, problem, advice) => {
    expect(() => parsePyTorch(fileOf(name), "net.pt")).toThrow(`net.pt: ${problem}`);
    expect(() => parsePyTorch(fileOf(name), "net.pt")).toThrow(advice);
  });

  it("a file of safetensors", () => {
    expect(() => parsePyTorch(safetensors.serialize({ x: ones(1) }), "net.pt")).toThrow("read it with loadTensors");
  });

  it("a tar, which the oldest were", () => {
    const tar = new Uint8Array(512);
    tar.set(Buffer.from("ustar"), 257);
    expect(() => parsePyTorch(tar, "net.pt")).toThrow("before PyTorch 1.6");
  });

  it("never runs anything", () => {
    expect(() => parsePyTorch(fileOf("code"), "net.pt")).toThrow("posix.system");
    expect(existsSync("/tmp/this-was-run")).toBe(false);
  });

  /** A file with such a pickle, of a value that the instructions make. */
  const withPickle = (...instructions: string[]): Uint8Array =>
    zipFile([
      ["archive/data.pkl", Buffer.from(`\x80\x02${instructions.join("")}.`, "latin1")],
      ["archive/data/0", new Uint8Array(8)],
    ]);
  const storage = "(X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\0" + "0X\x03\0\0\0cpuK\x02tQ";
  const rebuilt = (offset: string, shape: string, strides: string) =>
    `ctorch._utils\n_rebuild_tensor_v2\n(${storage}${offset}${shape}${strides}\x89}tR`;

  /** Numbers from 0 on as keys, each with its number. */
  const numbered = (count: number): string =>
    Array.from({ length: count }, (_, i) => `M${String.fromCharCode(i & 255, i >> 8)}`.repeat(2)).join("");

  /** A list of what a function makes of the same argument, 1500 times; `tuple` makes its arguments of what is on the stack. */
  const copied = (name: string, args: string, tuple = "\x85"): string =>
    `](c${name}\nq\0${args}${tuple}q\x01R${"h\0h\x01R".repeat(1500)}e`;

  it("reads what these cases spoil", () => {
    expect(seen(parsePyTorch(withPickle(rebuilt("K\0", "K\x02\x85", "K\x01\x85")), "net.pt"))).toEqual(
      seen(zeros([2])),
    );
  });

  it("gives a tensor sizes of its own: none that the pickle appends to later", () => {
    const sizes = "K\x02\x85q\x07";
    const file = withPickle(`]${rebuilt("K\0", sizes, "K\x01\x85")}ah\x07K\x09a0`);
    expect(seen(parsePyTorch(file, "net.pt"))).toEqual(seen([zeros([2])]));
  });

  it.each([
    ["an instruction that is not known", "i", "its pickle has the instruction 105"],
    ["an end too soon", "K\x01K\x01", "its pickle ends in the middle of something"],
    ["half a number", "J\x01", "its pickle is cut off"],
    ["a text without end", "X\xff\xff\xff\xff", "its pickle is cut off"],
    ["a text that is none", "X\x01\0\0\0\xff", "a text in its pickle is not UTF-8"],
    ["nothing to take", "s", "its pickle takes what is not there"],
    ["no mark", "t", "its pickle goes back to a mark that is not there"],
    ["what was not noted", "h\0", "its pickle asks for what it has not noted"],
    ["a number as a list", "K\0K\0a", "its pickle appends to what is no list"],
    ["a number as a dict", "K\0K\0K\0s", "its pickle sets an item of what is no dict"],
    ["a call of a number", "K\0)R", "its pickle calls what is no function"],
    ["a call of a class", "ctorch\nTensor\n)R", "its pickle calls torch.Tensor"],
    ["a class", "ctorch\nTensor\n", "it holds torch.Tensor and no tensor of it"],
    ["a storage", storage, "it holds a storage and no tensor of it"],
    ["a constructor", "cObject\nconstructor\n", "it holds Object.constructor, which is not read here"],
    ["attributes of a number", "K\0}b", "gives attributes to what has none"],
    ["another storage", storage.replace("0X", "1X"), "it has no data/1"],
    ["a storage of another size", storage.replace("K\x02", "K\x03"), "data/0 should have 12 bytes, but has 8"],
    ["elements beyond the storage", rebuilt("K\x01", "K\x02\x85", "K\x01\x85"), "has element 2 of a storage of 2"],
    ["an offset before it", rebuilt("J\xff\xff\xff\xff", ")", ")"), "has something else than sizes"],
    ["fewer strides", rebuilt("K\0", "K\x02\x85", ")"), "has 1 sizes and 0 strides"],
    ["a storage of nothing", storage.replace("K\x02", "N"), "its pickle asks for no storage"],
    [
      "a storage of more than all",
      storage.replace("K\x02", `\x8a\x09${"\x01".repeat(9)}`),
      "its pickle asks for no storage",
    ],
    ["half a size", rebuilt("K\0", "G?\xe0\0\0\0\0\0\0\x85", "K\x01\x85"), "has something else than sizes"],
    ["no storage", "ctorch._utils\n_rebuild_tensor_v2\n(NK\0))\x89}tR", "a tensor in it has no storage"],
    ["what has no bottom", `${"]".repeat(2000)}${"a".repeat(1999)}`, "it is nested more than 1000 levels deep"],
    [
      "copies of sizes",
      copied("torch\nSize", `](${"K\x01".repeat(10_000)}e`),
      "would take more memory than four times",
    ],
    ["copies of a set", copied("__builtin__\nset", `](${"K\x01".repeat(10_000)}e`), "would take more memory than"],
    ["copies of a dict", copied("collections\nCounter", `}(${numbered(10_000)}u`), "would take more memory than"],
    [
      "copies of a shape",
      copied(
        "torch._tensor\n_rebuild_from_type_v2",
        `ctorch._utils\n_rebuild_tensor_v2\nctorch\nTensor\n(${storage}K\0](${"K\x01".repeat(10_000)}eq\x02h\x02\x89}t`,
        "\x87",
      ),
      "would take more memory than four times its size",
    ],
    ["a bomb", `(${"]".repeat(1_000_000)}l`, "would take more memory than four times its size"],
  ])("%s", (_, instructions, message) => {
    expect(() => parsePyTorch(withPickle(instructions), "net.pt")).toThrow(`net.pt: `);
    expect(() => parsePyTorch(withPickle(instructions), "net.pt")).toThrow(message);
  });
});

/** What is written here: each is read in PyTorch and here, with the same values. */
const shared = arange(12);
const own: Record<string, () => object> = {
  "the state dict of a model": () => {
    manualSeed(0);
    return new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3)).stateDict();
  },
  tensors: () => ({
    floats: tensor([1.5, Number.NaN, -0, -Infinity]),
    doubles: tensor([Math.PI, 1e-320], { dtype: "float64" }),
    wholes: tensor([-(2 ** 31), 2 ** 31 - 1], { dtype: "int32" }),
    truths: tensor([[true], [false]]),
    scalar: tensor(2.5),
    empty: zeros([0, 3]),
    parameter: new nn.Parameter(ones([2])),
    leaf: ones([2], { requiresGrad: true }),
  }),
  "plain values": () => ({
    numbers: [0, 1, -1, 255, 256, 65536, -(2 ** 31), 2 ** 31, -(2 ** 40), 2 ** 53 - 1, 0.5, -0, 1e-320, 1e300, 2 ** 60],
    special: [Infinity, -Infinity, Number.NaN],
    bigints: [2n ** 53n, -(2n ** 63n), 2n ** 64n - 1n, 2n ** 200n, -(2n ** 2047n), 2n ** 2048n],
    texts: ["", "a", "grüße \u{1f600}", "\0\n"],
    others: [true, false, null, [], {}, [[1, [2]]]],
    long: Array.from({ length: 2500 }, (_, i) => i),
    wide: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`k${i}`, i])),
    map: new Map<unknown, unknown>([
      [1, "one"],
      ["two", 2],
      [null, 3],
      [[1, [2, 3]], 4],
    ]),
    set: new Set<unknown>([1, "a", [1, 2]]),
    ["__proto__"]: 7,
    twice: [shared, shared],
  }),
};

describe("what is written here is read in PyTorch:", () => {
  for (const [name, value] of Object.entries(own)) {
    const file = savedFile(value());
    answers.it(name, () => listed(readSaved(file)));
  }

  const views = savedFile({
    shared,
    transposed: shared.view(3, 4).t(),
    part: shared.slice(0, 2, 10, 3),
    expanded: shared.select(0, 1).expand(2, 2),
  });
  answers.it("tensors that share memory, as they lie there", () => {
    const { shared, ...others } = readSaved(views);
    shared.add_(100);
    return [Object.values(others), Object.values(others).map((x) => layout(x as Tensor))];
  });
  answers.it("what takes a gradient", () => {
    const { leaf, parameter, floats } = readSaved(savedFile(own.tensors()));
    return [leaf, parameter, floats].map((x) => x.requiresGrad);
  });

  it("in itself, too", () => {
    const loop: Record<string, unknown> = { list: [] };
    loop.loop = loop;
    const read = parsePyTorch(savedFile(loop), "file") as typeof loop;
    expect(read.loop).toBe(read);
  });

  it("as the same bytes each time", () => {
    expect(savedFile(own.tensors())).toEqual(savedFile(own.tensors()));
  });

  const inItself: unknown[] = [];
  inItself.push(inItself);
  it.each<[title: string, value: unknown, message: string]>([
    ["a function", { a: [() => 1] }, "but a.0 is a function"],
    ["nothing", { a: undefined }, "but a is undefined"],
    ["a model", new nn.Linear(1, 1), "but it is a Linear: save its stateDict()"],
    ["an optimizer", { o: new optim.SGD([ones(1, { requiresGrad: true })]) }, "but o is a SGD: save its stateDict()"],
    ["a date", new Date(), "but it is a Date"],
    ["half a character", { a: "\ud800" }, "is not Unicode"],
    ["a dict as a key", new Map([[{}, 1]]), "a key, or what is in a Set"],
    ["what has no bottom", Array.from({ length: 2000 }).reduce((inner) => [inner], 1), "holds at most 1000 levels"],
    ["a key in itself", new Map([[inItself, 1]]), "holds at most 1000 levels"],
  ])("but not %s", (_, value, message) => {
    expect(() => savedFile(value)).toThrow(message);
  });
});

describe("an optimizer's state dict", () => {
  const read = (value: unknown) => parsePyTorch(savedFile(value), "file");
  /** As Python has it, with this state of each parameter. */
  const inPython = (...states: Map<string, unknown>[]) =>
    new Map<string, unknown>([
      ["state", new Map(states.entries())],
      ["param_groups", [new Map([["weight_decay", 1]])]],
    ]);

  it.each([
    { state: { a: { x: 1 }, b: { x: 2 } }, paramGroups: [] },
    { state: { a: { x: "hello" } }, param_groups: [{ lr: 1 }] },
  ])("is none whose parameters have no numbers: %o", (value) => expect(read(value)).toEqual(value));

  it("is made once of what is in several places", () => {
    const own = new Map([["step", 1]]);
    const group = new Map([["weight_decay", 1]]);
    const value = new Map<string, unknown>([
      ["state", new Map([own, own].entries())],
      ["param_groups", [group, group]],
    ]);
    const { state, paramGroups } = read(value) as { state: Record<string, object>; paramGroups: object[] };
    expect(state[0]).toBe(state[1]);
    expect(paramGroups[0]).toBe(paramGroups[1]);
    expect(paramGroups[0]).toEqual({ weightDecay: 1 });
  });

  it("has matrices of what LBFGS has in lists, and of no other lists", () => {
    const rows = [ones([2]), zeros([2])];
    const made = read(inPython(new Map([["ro", rows], ["others", rows]]))) as { state: object[] }; // biome-ignore format: one line
    expect(seen(made.state[0])).toEqual(seen({ ro: tensor([[1, 1], [0, 0]]) })); // biome-ignore format: one line
  });

  it("is refused if such a list has the same row again and again", () => {
    const row = zeros([100_000]);
    const file = savedFile(inPython(new Map([["old_dirs", Array.from({ length: 100 }, () => row)]])));
    expect(() => parsePyTorch(file, "file")).toThrow("old_dirs in it would take more memory than four times its size");
    const states = Array.from({ length: 100 }, () => new Map([["ro", [row]]]));
    expect(() => parsePyTorch(savedFile(inPython(...states)), "file")).toThrow("ro in it would take more memory");
  });
});

describe("an optimizer goes on where it was", () => {
  const tolerance = { rtol: 2e-6, atol: 2e-6 };
  const makers: Record<string, (x: Tensor) => optim.Optimizer<object>> = {
    SGD: (x) => new torch.optim.SGD([x], { lr: 0.5 }),
    "SGD with momentum": (x) => new torch.optim.SGD([x], { lr: 0.5, momentum: 0.5 }),
    Adam: (x) => new torch.optim.Adam([x]),
    AdamW: (x) => new torch.optim.AdamW([x]),
    Adamax: (x) => new torch.optim.Adamax([x]),
    NAdam: (x) => new torch.optim.NAdam([x]),
    RAdam: (x) => new torch.optim.RAdam([x]),
    RMSprop: (x) => new torch.optim.RMSprop([x]),
    Rprop: (x) => new torch.optim.Rprop([x]),
    Adagrad: (x) => new torch.optim.Adagrad([x]),
    Adadelta: (x) => new torch.optim.Adadelta([x]),
    ASGD: (x) => new torch.optim.ASGD([x]),
  };
  for (const [name, make] of Object.entries(makers)) {
    const goOn = (file: Uint8Array) => () => {
      const saved = readSaved(file);
      const { x } = saved;
      const optimizer = make(x);
      optimizer.loadStateDict(saved.optimizer);
      for (let step = 0; step < 2; step++) {
        optimizer.zeroGrad();
        x.mul(x).sum().backward();
        optimizer.step();
      }
      return x;
    };
    const file = fileOf(`optimizer ${name}`);
    answers.it(`${name}, from PyTorch to here`, goOn(file), tolerance);
    const again = savedFile(parsePyTorch(file, "file"));
    answers.it(`${name}, and back`, goOn(again), tolerance);
  }

  const goOn = (file: Uint8Array) => () => {
    const saved = readSaved(file);
    const { x, scales } = saved;
    const optimizer = new torch.optim.LBFGS([x], { lr: 0.1, maxIter: 3 });
    optimizer.loadStateDict(saved.optimizer);
    optimizer.step(() => {
      optimizer.zeroGrad();
      const loss = x.mul(x).mul(scales).sum();
      loss.backward();
      return loss;
    });
    return x;
  };
  const file = fileOf("optimizer LBFGS");
  answers.it("LBFGS, from PyTorch to here", goOn(file), tolerance);
  answers.it("LBFGS, and back", goOn(savedFile(parsePyTorch(file, "file"))), tolerance);
});
