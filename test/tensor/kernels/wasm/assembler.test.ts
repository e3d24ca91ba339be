/** The assembler's bytes, run: loops, branches, calls, constants, and lanes in their places; and the types of functions. */
import { expect, it } from "vitest";
import * as asm from "../../../../src/tensor/kernels/wasm/assembler.ts";
import { scratchForKernels } from "../../../../src/tensor/kernels/wasm/modules.ts";
import { scratchWith } from "../../../../src/tensor/kernels/wasm/scratch.ts";

const { f32x4, f64, i32, ifElse, repeatWhile, v128, whileLoop } = asm;

type Body = (n: asm.Local<"i32">, locals: asm.Locals, module: asm.ModuleBuilder) => asm.Statements;

/** Memory after the body has run, given n. */
function run(n: number, body: Body): ArrayBuffer | SharedArrayBuffer {
  const { functions, memory } = scratchWith((module) => ({
    run: module.define(["i32"], ([n], locals) => body(n, locals, module)),
  }));
  functions.run(n);
  return memory.buffer;
}

const firstInt = (n: number, body: Body): number => new Int32Array(run(n, body))[0];

it.each([0, 1, 63, 64, -64, -65, 127, 128, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)])("the constant %i", (value) => {
  expect(firstInt(0, () => i32.store(0, value))).toBe(value);
});

it.each([0, 1, 2, 10])("a loop that runs %i times, and asks first", (count) => {
  const sumUpTo: Body = (n, locals) => {
    const [sum] = locals("i32", 1);
    return [whileLoop(n, [sum.step(n), n.step(-1)]), i32.store(0, sum)];
  };
  expect(firstInt(count, sumUpTo)).toBe((count * (count + 1)) / 2);
});

it("the other loop, which runs at least once, and a call of an earlier function", () => {
  const memory = run(3, (n, _, module) => {
    const increment = module.define(["i32"], ([address]) => f64.store(address, f64.add(f64.load(address), 1.5)));
    return repeatWhile(i32.gt_u(n, 0), [increment(8), n.step(-1)]);
  });
  expect(new Float64Array(memory)[1]).toBe(4.5);
});

it.each([
  [0, 20],
  [7, 10],
])("a branch on %i", (condition, expected) => {
  expect(firstInt(condition, (c) => ifElse(c, i32.store(0, 10), i32.store(0, 20)))).toBe(expected);
});

it("lanes of two vectors", () => {
  const pick = () => v128.store(0, v128.shuffle32(f32x4.const(1), f32x4.mul(2, 4), [0, 5, 2, 7]));
  expect([...new Float32Array(run(0, pick), 0, 4)]).toEqual([1, 8, 1, 8]);
});

it.each<[string, Body]>([
  // @ts-expect-error
  ["that is missing", () => i32.store(0, [])],
  // @ts-expect-error
  ["of another type", (x) => v128.store(x, f32x4.neg(x))],
  // @ts-expect-error
  ["that nobody takes", (x) => [x.set(1), x]],
  // @ts-expect-error
  ["too few in a call", (_x, _locals, module) => module.define(["i32", "i32"], () => [])(0)],
])("is refused by the engine and by the compiler: a value %s", (_, body) => {
  expect(() => run(0, body)).toThrow("Compiling function");
});

it("functions are called by their names and with all arguments, or the program does not compile", () => {
  const { functions } = scratchForKernels(false);
  functions.relu(16, 0);
  // @ts-expect-error: one argument too few, which JavaScript takes for 0
  functions.relu(16);
  // @ts-expect-error: no such function
  expect(functions.rely).toBeUndefined();
  // @ts-expect-error: nor one of the many for two layouts
  expect(functions.squaresOfNothing).toBeUndefined();
  expect(functions.squaresOfRows).toBeTypeOf("function");
});
