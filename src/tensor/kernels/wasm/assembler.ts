/**
 * A small WebAssembly assembler: just enough to write kernels as expressions and get the bytes of a module.
 *
 * An instruction is a function that takes the code of its operands and gives code: `f32x4.add(x, f32x4.mul(a, 2))`.
 * WebAssembly is a stack machine, so the code of an expression is its operands' code, one after the other, and then the
 * instruction's own byte. https://webassembly.github.io/spec/core/binary
 * Read next: micro-kernel.ts.
 */

export type ValueType = "i32" | "f32" | "f64" | "v128";

/** Nested as they were put together. */
type Bytes = number | readonly Bytes[];

declare const result: unique symbol;

/** An instruction with its operands, and what it leaves on the stack: this is known to the type alone. */
export type Code<Result extends ValueType | "void"> = readonly Bytes[] & { readonly [result]: Result };

/** Code that leaves nothing on the stack, in the order in which it runs. */
export type Statements = Code<"void"> | readonly Statements[];

/** What an instruction takes: a number stands for a constant. */
export type Operand<Type extends ValueType> = Code<Type> | number;

/** An address, a size or a counter. */
export type Int = Operand<"i32">;
export type Vector = Code<"v128">;

const code = <Result extends ValueType | "void">(...bytes: Bytes[]): Code<Result> => bytes as Bytes[] & Code<Result>;

const typeByte: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** An unsigned number in LEB128: seven bits a byte, the lowest first, the top bit saying that more follow. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** The same for signed numbers: the last byte's second bit is the sign. */
function signed(value: number): number[] {
  const isLast = value >= -64 && value < 64;
  return isLast ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}

const bytesOf = (numbers: Int32Array | Float32Array | Float64Array): number[] => [...new Uint8Array(numbers.buffer)];

const scalar = (opcode: number): number[] => [opcode];
/** SIMD instructions have a prefix, and a number that may take two bytes. */
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

/** A table of opcodes as one of functions. */
function each<Name extends string, Instruction>(opcodes: Record<Name, number>, make: (opcode: number) => Instruction) {
  const made = Object.entries<number>(opcodes).map(([name, opcode]) => [name, make(opcode)]);
  return Object.fromEntries(made) as Record<Name, Instruction>;
}

/** Writes the instructions of one type. */
function family<Type extends ValueType>(encode: (opcode: number) => number[], constant: (value: number) => Code<Type>) {
  const operand = (x: Operand<Type>): Code<Type> => (typeof x === "number" ? constant(x) : x);
  const unary = (opcode: number) => (x: Operand<Type>) => code<Type>(operand(x), encode(opcode));
  const binary = (opcode: number) => (a: Operand<Type>, b: Operand<Type>) =>
    code<Type>(operand(a), operand(b), encode(opcode));
  /** Alignment (a hint, 1 byte here) and the constant that is added to the address. */
  const memoryArgument = (offset: number): number[] => [0, ...unsigned(offset)];
  return {
    constant,
    operand,
    load:
      (opcode: number) =>
      (address: Int, offset = 0) =>
        code<Type>(int.operand(address), encode(opcode), memoryArgument(offset)),
    store:
      (opcode: number) =>
      (address: Int, value: Operand<Type>, offset = 0) =>
        code<"void">(int.operand(address), operand(value), encode(opcode), memoryArgument(offset)),
    unary: <Name extends string>(opcodes: Record<Name, number>) => each(opcodes, unary),
    binary: <Name extends string>(opcodes: Record<Name, number>) => each(opcodes, binary),
  };
}

const lanes = (values: Parameters<typeof bytesOf>[0]): Vector => code(simd(0x0c), bytesOf(values));

const int = family<"i32">(scalar, (value) => code(0x41, signed(value)));
const float = family<"f32">(scalar, (value) => code(0x43, bytesOf(Float32Array.of(value))));
const double = family<"f64">(scalar, (value) => code(0x44, bytesOf(Float64Array.of(value))));
const ints = family<"v128">(simd, (value) => lanes(new Int32Array(4).fill(value)));
const floats = family<"v128">(simd, (value) => lanes(new Float32Array(4).fill(value)));
const doubles = family<"v128">(simd, (value) => lanes(new Float64Array(2).fill(value)));

/** Addresses, sizes and counters. */
export const i32 = {
  load: int.load(0x28),
  store: int.store(0x36),
  ...int.unary({ eqz: 0x45 }),
  ...int.binary({ eq: 0x46, ne: 0x47, lt_u: 0x49, gt_u: 0x4b, ge_u: 0x4f }),
  ...int.binary({ add: 0x6a, sub: 0x6b, mul: 0x6c, rem_u: 0x70, and: 0x71, shl: 0x74, shr_u: 0x76 }),
};

/** How many bytes so many float32 have. */
export const bytes = (count: Int): Code<"i32"> => i32.shl(count, 2);

export const f32 = { load: float.load(0x2a), store: float.store(0x38), ...float.binary({ add: 0x92, max: 0x97 }) };

export const f64 = { load: double.load(0x2b), store: double.store(0x39), ...double.binary({ add: 0xa0 }) };

export const v128 = {
  load: ints.load(0x00),
  load32_splat: ints.load(0x09),
  /** 32 or 64 bits and zeros after them. */
  load32_zero: ints.load(0x5c),
  load64_zero: ints.load(0x5d),
  store: ints.store(0x0b),
  ...ints.binary({ andnot: 0x4f, or: 0x50 }),
  /** The bits of a where those of mask are 1, of b where they are 0. */
  bitselect: (a: Vector, b: Vector, mask: Vector): Vector => code(a, b, mask, simd(0x52)),
  /** Four of the eight 32-bit lanes of a and b, those of b being numbers 4 to 7. */
  shuffle32: (a: Vector, b: Vector, lanes: readonly number[]): Vector =>
    code(a, b, simd(0x0d), ...lanes.map((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte))),
};

/** Four float32 at once. */
export const f32x4 = {
  const: floats.constant,
  splat: (x: Code<"f32">): Vector => code(x, simd(0x13)),
  extract_lane: (x: Vector, lane: number): Code<"f32"> => code(x, simd(0x1f), lane),
  /** All ones where a ≠ b, else zeros; the others likewise. */
  ...floats.binary({ ne: 0x42, gt: 0x44, le: 0x45 }),
  ...floats.unary({ nearest: 0x6a, abs: 0xe0, neg: 0xe1, sqrt: 0xe3 }),
  ...floats.binary({ add: 0xe4, sub: 0xe5, mul: 0xe6, div: 0xe7, min: 0xe8, max: 0xe9 }),
  ...ints.unary({ convert_i32x4: 0xfa }),
  /** a · b + c, rounded once. Not in every engine (relaxed SIMD). */
  relaxed_madd: (...operands: [a: Operand<"v128">, b: Operand<"v128">, c: Operand<"v128">]): Vector =>
    code(...operands.map(floats.operand), simd(0x105)),
};

/** Two float64 at once. */
export const f64x2 = {
  const: doubles.constant,
  extract_lane: (x: Vector, lane: number): Code<"f64"> => code(x, simd(0x21), lane),
  ...doubles.binary({ add: 0xf0, sub: 0xf1, mul: 0xf2 }),
  /** The two lower float32 of x. */
  ...floats.unary({ promote_f32x4: 0x5f }),
};

/** Four int32 at once. */
export const i32x4 = {
  const: (...values: number[]): Vector => lanes(Int32Array.from(values)),
  splat: (x: Int): Vector => code(int.operand(x), simd(0x11)),
  shl: (x: Vector, places: Int): Vector => code(x, int.operand(places), simd(0xab)),
  shr_s: (x: Vector, places: Int): Vector => code(x, int.operand(places), simd(0xac)),
  ...ints.binary({ add: 0xae, sub: 0xb1 }),
  ...floats.unary({ trunc_f32x4: 0xf8 }),
};

/** The four lowest bytes of x as int32. */
export const lowBytes = (x: Vector): Vector => code(x, simd(0x89), simd(0xa9));

/** A parameter or variable of a function: as code, its value. */
export type Local<Type extends ValueType> = Code<Type> & {
  set(value: Type extends "i32" ? Int : Code<Type>): Code<"void">;
  /** Sets it to itself plus `by`. */
  step(this: Local<"i32">, by: Int): Code<"void">;
};

function localAt<Type extends ValueType>(index: number): Local<Type> {
  const value = code<Type>(0x20, unsigned(index));
  const set = (to: Int): Code<"void"> => code(int.operand(to), 0x21, unsigned(index));
  const step = (by: Int) => set(i32.add(value as Code<"i32">, by));
  return Object.assign(value, { set, step }) as Local<Type>;
}

/** The value, computed after the statements have run. */
export const after = <Type extends ValueType>(statements: Statements, value: Code<Type>): Code<Type> =>
  code(statements, value);

/** Runs the body with `counter` = 0, size, 2 · size, … below `limit`. */
export const inSteps = (counter: Local<"i32">, limit: Int, size: number, body: Statements): Statements => [
  counter.set(0),
  whileLoop(i32.lt_u(counter, limit), [body, counter.step(size)]),
];

const branchIf = (depth: number, condition: Code<"i32">): Code<"void"> => code(condition, 0x0d, depth);
const noResult = 0x40;
const end = 0x0b;

/** Runs the body while the condition holds, which is asked before each run. */
export function whileLoop(condition: Code<"i32">, body: Statements): Code<"void"> {
  const leave = branchIf(1, i32.eqz(condition));
  const repeat = [0x0c, 0]; // branches to the loop's beginning
  return code(0x02, noResult, 0x03, noResult, leave, body, repeat, end, end);
}

/** Runs the body, and again while the condition holds: one branch a run, for the innermost loops. */
export function repeatWhile(condition: Code<"i32">, body: Statements): Code<"void"> {
  return code(0x03, noResult, body, branchIf(0, condition), end);
}

/** `a` if the condition holds, else `b`; both are computed. */
export const select = (a: Int, b: Int, condition: Code<"i32">): Code<"i32"> =>
  code(int.operand(a), int.operand(b), condition, 0x1b);

export const smaller = (a: Int, b: Int): Code<"i32"> => select(a, b, i32.lt_u(a, b));

export function ifElse(condition: Code<"i32">, then: Statements, otherwise: Statements = []): Code<"void"> {
  return code(condition, 0x04, noResult, then, 0x05, otherwise, end);
}

function* flattened(bytes: Bytes): Generator<number> {
  if (typeof bytes === "number") yield bytes;
  else for (const part of bytes) yield* flattened(part);
}

/** A section, a function body or a name: its length in bytes, then the bytes. */
function sized(content: Bytes): number[] {
  const bytes = [...flattened(content)];
  return [...unsigned(bytes.length), ...bytes];
}

const list = (items: readonly Bytes[]): Bytes => [unsigned(items.length), items];
const section = (id: number, content: Bytes): Bytes => [id, sized(content)];
const nameBytes = (name: string): number[] => sized([...name].map((letter) => letter.charCodeAt(0)));

/** Makes so many locals of a function. */
export type Locals = <Type extends ValueType>(type: Type, count: number) => Local<Type>[];

/** So many types that are i32: the parameters of most functions. */
export type I32s<Count extends number, Types extends "i32"[] = []> = Types["length"] extends Count
  ? Types
  : I32s<Count, [...Types, "i32"]>;

export const i32s = <Count extends number>(count: Count) => Array(count).fill("i32") as I32s<Count>;

/** Calls a function from a later one of its module. */
export type Call<Params extends readonly ValueType[]> = (
  ...args: { [P in keyof Params]: Params[P] extends "i32" ? Int : Code<Params[P]> }
) => Code<"void">;

/** Functions as JavaScript calls them, given what calls them in the module: each argument is a number. */
export type Functions<Calls> = {
  readonly [Name in keyof Calls]: Calls[Name] extends (...args: infer Args) => unknown
    ? (...args: { [A in keyof Args]: number }) => void
    : never;
};

/** A module that imports its memory, and whose functions return nothing. */
export class ModuleBuilder {
  readonly #functions: { call: (...args: never[]) => unknown; params: readonly ValueType[]; body: Bytes }[] = [];

  /**
   * Adds a function.
   *
   * @param body is given the parameters, and makes further locals with `locals`
   * @returns what calls it
   */
  define<const Params extends readonly ValueType[]>(
    params: Params,
    body: (params: { [P in keyof Params]: Local<Params[P]> }, locals: Locals) => Statements,
  ): Call<Params> {
    const parameters = params.map((_, i) => localAt(i)) as { [P in keyof Params]: Local<Params[P]> };
    const declared: Bytes[] = [];
    const locals: Locals = (type, count) =>
      Array.from({ length: count }, () => localAt(params.length + declared.push([1, typeByte[type]]) - 1));
    const instructions = body(parameters, locals);
    const index = unsigned(this.#functions.length);
    const call: Call<Params> = (...args) =>
      code(
        [...args].map((arg) => int.operand(arg as Int)),
        0x10,
        index,
      );
    this.#functions.push({ call, params, body: [list(declared), instructions, end] });
    return call;
  }

  /**
   * @param exported the functions that JavaScript may call, under their names
   * @param memory how many pages of 64 KiB the imported memory has at most, and whether threads share it
   */
  toBytes(
    exported: Record<string, (...args: never[]) => unknown>,
    memory: { maximum: number; shared: boolean },
  ): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const limits = [memory.shared ? 0x03 : 0x01, 1, unsigned(memory.maximum)];
    const types = functions.map(({ params }) => [0x60, list(params.map((type) => typeByte[type])), 0]);
    const imports = [[nameBytes("host"), nameBytes("memory"), 0x02, limits]];
    const indexOf = (wanted: unknown) => unsigned(functions.findIndex(({ call }) => call === wanted));
    const exports = Object.entries(exported).map(([name, call]) => [nameBytes(name), 0x00, indexOf(call)]);
    const module = [
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
      section(1, list(types)),
      section(2, list(imports)),
      section(3, list(functions.map((_, i) => unsigned(i)))),
      section(7, list(exports)),
      section(10, list(functions.map(({ body }) => sized(body)))),
    ];
    return Uint8Array.from(flattened(module));
  }
}
