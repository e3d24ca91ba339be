/**
 * A small WebAssembly assembler: just enough to write kernels as expressions and get the bytes of a module.
 *
 * An instruction is a function that takes the code of its operands and gives code: `f32x4.add(x.get, f32x4.mul(a, b))`.
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

const unary =
  <Operand extends ValueType, Result extends ValueType = Operand>(...opcode: number[]) =>
  (x: Code<Operand>): Code<Result> =>
    code(x, opcode);
const binary =
  <Operand extends ValueType, Right extends ValueType = Operand>(...opcode: number[]) =>
  (a: Code<Operand>, b: Code<Right>): Code<Operand> =>
    code(a, b, opcode);

/** SIMD instructions have a prefix, and a number that may take two bytes. */
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

/** Alignment (a hint, 1 byte here) and the constant that is added to the address. */
const memoryArgument = (offset: number): number[] => [0, ...unsigned(offset)];
const load =
  <Value extends ValueType>(...opcode: number[]) =>
  (address: Code<"i32">, offset = 0): Code<Value> =>
    code(address, opcode, memoryArgument(offset));
const store =
  <Value extends ValueType>(...opcode: number[]) =>
  (address: Code<"i32">, value: Code<Value>, offset = 0): Code<"void"> =>
    code(address, value, opcode, memoryArgument(offset));

const floatBytes = (value: number): number[] => [...new Uint8Array(new Float32Array([value]).buffer)];
const doubleBytes = (value: number): number[] => [...new Uint8Array(new Float64Array([value]).buffer)];
const intBytes = (values: number[]): number[] => [...new Uint8Array(Int32Array.from(values).buffer)];

/** Addresses, sizes and counters. */
export const i32 = {
  const: (value: number): Code<"i32"> => code(0x41, signed(value)),
  load: load<"i32">(0x28),
  store: store<"i32">(0x36),
  eqz: unary<"i32">(0x45),
  eq: binary<"i32">(0x46),
  ne: binary<"i32">(0x47),
  lt_u: binary<"i32">(0x49),
  gt_u: binary<"i32">(0x4b),
  ge_u: binary<"i32">(0x4f),
  add: binary<"i32">(0x6a),
  sub: binary<"i32">(0x6b),
  mul: binary<"i32">(0x6c),
  rem_u: binary<"i32">(0x70),
  and: binary<"i32">(0x71),
  shl: binary<"i32">(0x74),
  shr_u: binary<"i32">(0x76),
};

export const f32 = {
  load: load<"f32">(0x2a),
  store: store<"f32">(0x38),
  add: binary<"f32">(0x92),
  max: binary<"f32">(0x97),
};

export const f64 = {
  const: (value: number): Code<"f64"> => code(0x44, doubleBytes(value)),
  load: load<"f64">(0x2b),
  store: store<"f64">(0x39),
  add: binary<"f64">(0xa0),
};

type Vector = Code<"v128">;

export const v128 = {
  load: load<"v128">(...simd(0x00)),
  load32_splat: load<"v128">(...simd(0x09)),
  /** 32 or 64 bits and zeros after them. */
  load32_zero: load<"v128">(...simd(0x5c)),
  load64_zero: load<"v128">(...simd(0x5d)),
  store: store<"v128">(...simd(0x0b)),
  andnot: binary<"v128">(...simd(0x4f)),
  or: binary<"v128">(...simd(0x50)),
  /** The bits of a where those of mask are 1, of b where they are 0. */
  bitselect: (a: Vector, b: Vector, mask: Vector): Vector => code(a, b, mask, simd(0x52)),
  /** Four of the eight 32-bit lanes of a and b, those of b being numbers 4 to 7. */
  shuffle32: (a: Vector, b: Vector, lanes: readonly number[]): Vector =>
    code(a, b, simd(0x0d), ...lanes.map((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte))),
};

/** Four float32 at once. */
export const f32x4 = {
  const: (value: number): Vector => code(simd(0x0c), Array(4).fill(floatBytes(value))),
  splat: unary<"f32", "v128">(...simd(0x13)),
  extract_lane: (x: Vector, lane: number): Code<"f32"> => code(x, simd(0x1f), lane),
  /** All ones where a ≠ b, else zeros; the others likewise. */
  ne: binary<"v128">(...simd(0x42)),
  gt: binary<"v128">(...simd(0x44)),
  le: binary<"v128">(...simd(0x45)),
  nearest: unary<"v128">(...simd(0x6a)),
  abs: unary<"v128">(...simd(0xe0)),
  neg: unary<"v128">(...simd(0xe1)),
  sqrt: unary<"v128">(...simd(0xe3)),
  add: binary<"v128">(...simd(0xe4)),
  sub: binary<"v128">(...simd(0xe5)),
  mul: binary<"v128">(...simd(0xe6)),
  div: binary<"v128">(...simd(0xe7)),
  min: binary<"v128">(...simd(0xe8)),
  max: binary<"v128">(...simd(0xe9)),
  convert_i32x4: unary<"v128">(...simd(0xfa)),
  /** The two float64 of x rounded, and two zeros. */
  demote_f64x2: unary<"v128">(...simd(0x5e)),
  /** a · b + c, rounded once. Not in every engine (relaxed SIMD). */
  relaxed_madd: (a: Vector, b: Vector, c: Vector): Vector => code(a, b, c, simd(0x105)),
};

/** Two float64 at once. */
export const f64x2 = {
  const: (value: number): Vector => code(simd(0x0c), Array(2).fill(doubleBytes(value))),
  extract_lane: (x: Vector, lane: number): Code<"f64"> => code(x, simd(0x21), lane),
  add: binary<"v128">(...simd(0xf0)),
  sub: binary<"v128">(...simd(0xf1)),
  mul: binary<"v128">(...simd(0xf2)),
  /** The two lower float32 of x. */
  promote_f32x4: unary<"v128">(...simd(0x5f)),
};

/** Four int32 at once. */
export const i32x4 = {
  const: (...values: number[]): Vector => code(simd(0x0c), Array(4 / values.length).fill(intBytes(values))),
  splat: unary<"i32", "v128">(...simd(0x11)),
  shl: binary<"v128", "i32">(...simd(0xab)),
  shr_s: binary<"v128", "i32">(...simd(0xac)),
  add: binary<"v128">(...simd(0xae)),
  sub: binary<"v128">(...simd(0xb1)),
  trunc_f32x4: unary<"v128">(...simd(0xf8)),
};

/** The four lowest bytes of x as int32. */
export const lowBytes = (x: Vector): Vector => code(x, simd(0x89), simd(0xa9));

/** A parameter or variable of a function. */
export class Local<Type extends ValueType> {
  readonly get: Code<Type>;
  readonly #index: number;

  constructor(index: number) {
    this.#index = index;
    this.get = code(0x20, unsigned(index));
  }

  set(value: Code<Type>): Code<"void"> {
    return code(value, 0x21, unsigned(this.#index));
  }

  /** Sets it to itself plus `by`. */
  step(this: Local<"i32">, by: Code<"i32">): Code<"void"> {
    return this.set(i32.add(this.get, by));
  }
}

/** The value, computed after the statements have run. */
export const after = <Type extends ValueType>(statements: Statements, value: Code<Type>): Code<Type> =>
  code(statements, value);

/** Runs the body with `counter` = 0, size, 2 · size, … below `limit`. */
export const inSteps = (counter: Local<"i32">, limit: Code<"i32">, size: number, ...body: Statements[]): Statements => [
  counter.set(i32.const(0)),
  whileLoop(i32.lt_u(counter.get, limit), body, counter.step(i32.const(size))),
];

const branchIf = (depth: number, condition: Code<"i32">): Code<"void"> => code(condition, 0x0d, depth);
const noResult = 0x40;
const end = 0x0b;

/** Runs the body while the condition holds, which is asked before each run. */
export function whileLoop(condition: Code<"i32">, ...body: Statements[]): Code<"void"> {
  const leave = branchIf(1, i32.eqz(condition));
  const repeat = [0x0c, 0]; // branches to the loop's beginning
  return code(0x02, noResult, 0x03, noResult, leave, body, repeat, end, end);
}

/** Runs the body, and again while the condition holds: one branch a run, for the innermost loops. */
export function repeatWhile(condition: Code<"i32">, ...body: Statements[]): Code<"void"> {
  return code(0x03, noResult, body, branchIf(0, condition), end);
}

/** `a` if the condition holds, else `b`; both are computed. */
export const select = <Type extends ValueType>(a: Code<Type>, b: Code<Type>, condition: Code<"i32">): Code<Type> =>
  code(a, b, condition, 0x1b);

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

/** Makes the locals of one function. */
export class Locals {
  readonly types: ValueType[] = [];

  add<Type extends ValueType>(type: Type): Local<Type> {
    this.types.push(type);
    return new Local(this.types.length - 1);
  }

  addMany<Type extends ValueType>(type: Type, count: number): Local<Type>[] {
    return Array.from({ length: count }, () => this.add(type));
  }
}

/** So many types that are i32: the parameters of most functions. */
export type I32s<Count extends number, Types extends "i32"[] = []> = Types["length"] extends Count
  ? Types
  : I32s<Count, [...Types, "i32"]>;

export const i32s = <Count extends number>(count: Count) => Array(count).fill("i32") as I32s<Count>;

/** Calls a function from a later one of its module. */
export type Call<Params extends readonly ValueType[]> = (
  ...args: { [P in keyof Params]: Code<Params[P]> }
) => Code<"void">;

/** Functions as JavaScript calls them, given what calls them in the module: each argument is a number. */
export type Functions<Calls> = {
  readonly [Name in keyof Calls]: Calls[Name] extends (...args: infer Args) => unknown
    ? (...args: { [A in keyof Args]: number }) => void
    : never;
};

/** A module that imports its memory and exports all its functions, which return nothing. */
export class ModuleBuilder {
  readonly #functions: { name: string; params: readonly ValueType[]; body: Bytes }[] = [];

  /**
   * Adds a function.
   *
   * @param body is given the parameters, and makes further locals with `locals`
   * @returns what calls it, under its name
   */
  define<Name extends string, const Params extends readonly ValueType[]>(
    name: Name,
    params: Params,
    body: (params: { [P in keyof Params]: Local<Params[P]> }, locals: Locals) => Statements,
  ): Record<Name, Call<Params>> {
    const locals = new Locals();
    const parameters = params.map((type) => locals.add(type)) as { [P in keyof Params]: Local<Params[P]> };
    const instructions = body(parameters, locals);
    const declared = locals.types.slice(params.length).map((type) => [1, typeByte[type]]);
    const index = this.#functions.length;
    this.#functions.push({ name, params, body: [list(declared), instructions, end] });
    const call: Call<Params> = (...args) => code(args, 0x10, unsigned(index));
    return { [name]: call } as Record<Name, Call<Params>>;
  }

  /** @param memory how many pages of 64 KiB the imported memory has at most, and whether threads share it */
  toBytes(memory: { maximum: number; shared: boolean }): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const limits = [memory.shared ? 0x03 : 0x01, 1, unsigned(memory.maximum)];
    const types = functions.map(({ params }) => [0x60, list(params.map((type) => typeByte[type])), 0]);
    const imports = [[nameBytes("host"), nameBytes("memory"), 0x02, limits]];
    const exports = functions.map(({ name }, i) => [nameBytes(name), 0x00, unsigned(i)]);
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
