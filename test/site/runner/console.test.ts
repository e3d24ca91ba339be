/** The console of a block prints what Node's does. */
import { Console } from "node:console";
import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { durationText, makeConsole, makeProcess } from "../../../docs/site/client/runner/console.ts";
import { nn, tensor } from "../../../src/index.ts";

type Print = (console: Pick<Console, "log" | "error" | "table" | "group" | "groupEnd" | "count" | "dir">) => void;

/** What is printed, standard error among it. */
function ours(print: Print): string {
  let text = "";
  const console = makeConsole((_, more) => {
    text += more;
  });
  print(console as Parameters<Print>[0]);
  return text;
}

function nodes(print: Print): string {
  let text = "";
  const stream = new Writable({
    write(more, _, done) {
      text += more;
      done();
    },
  });
  print(new Console(stream, stream));
  return text;
}

class Point {
  x = 1;
  #hidden = 2;
  get sum() {
    return this.x + this.#hidden;
  }
}
const circle: Record<string, unknown> = { name: "circle" };
circle.self = circle;

const values: Record<string, unknown> = {
  "no number": Number.NaN,
  "negative zero": -0,
  "a long text in a list": ["it's", 'a "quoted" text', "two\nlines"],
  "seven numbers in columns": [1, 22, 333, 4444, 55555, 666666, 7777777],
  "more than a hundred": Array.from({ length: 200 }, (_, i) => i),
  "a hole": Object.assign(new Array(3), { 0: 1 }),
  "a typed array": new Float32Array([0.5, 0.1, -3]),
  "an empty list, object and map": [[], {}, new Map()],
  "deep objects": { a: { b: { c: { d: 1 } } } },
  "many keys": Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`key${i}`, i])),
  "a map and a set": [new Map<unknown, unknown>([["a", { b: 1 }]]), new Set([1, "two"])],
  "an instance": new Point(),
  "functions and classes": [Math.max, () => 1, Point, class extends Point {}],
  "no prototype": Object.assign(Object.create(null), { a: 1 }),
  "what refers to itself": circle,
  "other kinds": [null, undefined, true, 10n, Symbol("s"), /x+/g, new Date(0)],
  "properties that are computed": { get computed() { return 1; }, set computed(_) {} }, // biome-ignore format: one line
  "a tensor": tensor([[1, 2], [3, 4]]), // biome-ignore format: one line
  "a tensor in an object": { x: tensor([1, 2]), list: [tensor(1)] },
  "a network": new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU()),
};

describe("values", () => {
  it.each(Object.keys(values))("%s", (name) => {
    const print: Print = ({ log }) => log(values[name]);
    expect(ours(print)).toBe(nodes(print));
  });
});

const prints: Record<string, Print> = {
  placeholders: ({ log }) => log("%s is %d, %i, %f of %o and %j %%", "x", "42", 4.7, "1.5", [1], { a: 1 }, "more", 1),
  "a text and values": ({ log }) => log("shape", [2, 3], "strides", [3, 1], -0, "text"),
  "an object with options": ({ dir }) => dir({ a: { b: { c: {} } } }, { depth: 0 }),
  groups: ({ log, group, groupEnd }) => {
    group("outer");
    log("one\ntwo");
    group();
    log("three");
    groupEnd();
    groupEnd();
    log("four");
  },
  counts: ({ count }) => [undefined, "x", undefined].forEach((label) => void count(label)),
  "a table of objects": ({ table }) => table([{ a: 1, b: "x" }, { a: 22, c: true }]), // biome-ignore format: one line
  "a table of columns": ({ table }) => table([{ a: 1, b: "x" }, { a: 22 }], ["b"]), // biome-ignore format: one line
  "a table of lists": ({ table }) => table([[1, 2], [3, 4]]), // biome-ignore format: one line
  "a table of an object of values": ({ table }) => table({ first: 1, second: { x: 2 } }),
  "a table of a map and a set": ({ table }) => {
    table(new Map([["a", 1]]));
    table(new Set(["b"]));
  },
  "a table of Chinese": ({ table }) => table([{ 名称: "批归一化" }]),
  "a table of nothing": ({ table }) => table(5),
};

describe("console", () => {
  it.each(Object.keys(prints))("%s", (name) => expect(ours(prints[name])).toBe(nodes(prints[name])));

  it("writes where it is told", () => {
    const written: string[] = [];
    const write = (stream: string, text: string) => void written.push(`${stream}: ${text}`);
    const { log, warn } = makeConsole(write);
    log("a");
    warn("b");
    makeProcess(write).stdout.write("c");
    expect(written).toEqual(["out: a\n", "err: b\n", "out: c"]);
  });

  it("prints how long something took", () => {
    expect(durationText(12.3456)).toBe("12.346ms");
    expect(durationText(1234.5)).toBe("1.234s");
    expect(durationText(62_345)).toBe("1:02.345 (m:ss.mmm)");
    const written: string[] = [];
    const { time, timeEnd } = makeConsole((_, text) => void written.push(text));
    time("x");
    timeEnd("x");
    timeEnd("x");
    expect(written[0]).toMatch(/^x: [\d.]+ms\n$/);
    expect(written[1]).toContain("No such label 'x'");
  });
});
