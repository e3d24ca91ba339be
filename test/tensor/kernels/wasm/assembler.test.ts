/** The assembler's bytes, run: loops, branches, calls, constants, and lanes in their places. */
import { describe, expect, it } from "vitest";
import {
  f32x4,
  f64,
  i32,
  ifElse,
  type Local,
  ModuleBuilder,
  repeatWhile,
  type Statements,
  v128,
  whileLoop,
} from "../../../../src/tensor/kernels/wasm/assembler.ts";

function run(module: ModuleBuilder, name: string, ...args: number[]): ArrayBuffer {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const compiled = new WebAssembly.Module(module.toBytes({ maximum: 1, shared: false }));
  const { exports } = new WebAssembly.Instance(compiled, { host: { memory } });
  exports[name](...args);
  return memory.buffer as ArrayBuffer;
}

describe("a module", () => {
  it.each([0, 1, 63, 64, -64, -65, 127, 128, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)])("holds the constant %i", (value) => {
    const module = new ModuleBuilder();
    module.define("store", [], () => i32.store(0, i32.const(value)));
    expect(new Int32Array(run(module, "store"))[0]).toBe(value);
  });

  it.each([0, 1, 2, 10])("runs a loop %i times, which asks first", (count) => {
    const module = new ModuleBuilder();
    module.define("sum", ["i32"], ([n], locals) => {
      const sum = locals.add("i32");
      return [whileLoop(n, [sum.step(n), n.step(-1)]), i32.store(0, sum)];
    });
    expect(new Int32Array(run(module, "sum", count))[0]).toBe((count * (count + 1)) / 2);
  });

  it("runs the other loop at least once, and calls earlier functions", () => {
    const module = new ModuleBuilder();
    const { increment } = module.define("increment", ["i32"], ([address]) =>
      f64.store(address, f64.add(f64.load(address), 1.5)),
    );
    module.define("repeat", ["i32"], ([n]) => repeatWhile(i32.gt_u(n, 0), [increment(8), n.step(-1)]));
    expect(new Float64Array(run(module, "repeat", 3))[1]).toBe(4.5);
  });

  it.each([
    [0, 20],
    [7, 10],
  ])("branches on %i", (condition, expected) => {
    const module = new ModuleBuilder();
    module.define("choose", ["i32"], ([c]) => ifElse(c, i32.store(0, 10), i32.store(0, 20)));
    expect(new Int32Array(run(module, "choose", condition))[0]).toBe(expected);
  });

  it("picks lanes of two vectors", () => {
    const module = new ModuleBuilder();
    const lanes = [0, 5, 2, 7];
    module.define("pick", [], () => v128.store(0, v128.shuffle32(f32x4.const(1), f32x4.mul(2, 4), lanes)));
    expect([...new Float32Array(run(module, "pick"), 0, 4)]).toEqual([1, 8, 1, 8]);
  });

  it("is refused by the engine when a value is missing", () => {
    const module = new ModuleBuilder();
    // @ts-expect-error: and by the compiler
    module.define("broken", [], () => i32.store(0, []));
    expect(WebAssembly.validate(module.toBytes({ maximum: 1, shared: false }))).toBe(false);
  });

  it.each<[string, (module: ModuleBuilder, x: Local<"i32">) => Statements]>([
    // @ts-expect-error
    ["of another type", (_, x) => v128.store(x, f32x4.neg(x))],
    // @ts-expect-error
    ["that nobody takes", (_, x) => [x.set(1), x]],
    // @ts-expect-error
    ["too few in a call", (module) => module.define("store", ["i32", "i32"], () => []).store(0)],
  ])("is refused by the engine and by the compiler: a value %s", (_, body) => {
    const module = new ModuleBuilder();
    module.define("broken", ["i32"], ([x]) => body(module, x));
    expect(WebAssembly.validate(module.toBytes({ maximum: 1, shared: false }))).toBe(false);
  });
});
