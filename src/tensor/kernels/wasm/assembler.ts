/**
 * A small WebAssembly assembler: just enough to write kernels as expressions and get the bytes of a module.
 *
 * An instruction is a function that takes the code of its operands and gives code: `f32x4.add(x.get, f32x4.mul(a, b))`.
 * WebAssembly is a stack machine, so the code of an expression is its operands' code, one after the other, and then the
 * instruction's own byte. https://webassembly.github.io/spec/core/binary
 * Read next: micro-kernel.ts.
 */

/** Bytes, nested as they were put together. */
export type Code = number | readonly Code[];

export type ValueType = "i32" | "f32" | "f64" | "v128";

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

type Unary = (x: Code) => Code;
type Binary = (a: Code, b: Code) => Code;

const unary =
  (...opcode: number[]): Unary =>
  (x) => [x, opcode];
const binary =
  (...opcode: number[]): Binary =>
  (a, b) => [a, b, opcode];

/** SIMD instructions have a prefix, and a number that may take two bytes. */
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

/** Alignment (a hint, 1 byte here) and the constant that is added to the address. */
const memoryArgument = (offset: number): number[] => [0, ...unsigned(offset)];
const load =
  (...opcode: number[]) =>
  (address: Code, offset = 0): Code => [address, opcode, memoryArgument(offset)];
const store =
  (...opcode: number[]) =>
  (address: Code, value: Code, offset = 0): Code => [address, value, opcode, memoryArgument(offset)];

const floatBytes = (value: number): number[] => [...new Uint8Array(new Float32Array([value]).buffer)];
const doubleBytes = (value: number): number[] => [...new Uint8Array(new Float64Array([value]).buffer)];

/** Addresses, sizes and counters. */
export const i32 = {
  const: (value: number): Code => [0x41, signed(value)],
  load: load(0x28),
  store: store(0x36),
  eqz: unary(0x45),
  eq: binary(0x46),
  ne: binary(0x47),
  lt_u: binary(0x49),
  gt_u: binary(0x4b),
  ge_u: binary(0x4f),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  rem_u: binary(0x70),
  and: binary(0x71),
  shl: binary(0x74),
  shr_u: binary(0x76),
};

export const f32 = {
  load: load(0x2a),
  store: store(0x38),
  add: binary(0x92),
  max: binary(0x97),
};

export const f64 = {
  const: (value: number): Code => [0x44, doubleBytes(value)],
  load: load(0x2b),
  store: store(0x39),
  add: binary(0xa0),
};

export const v128 = {
  load: load(...simd(0x00)),
  load32_splat: load(...simd(0x09)),
  /** 32 or 64 bits and zeros after them. */
  load32_zero: load(...simd(0x5c)),
  load64_zero: load(...simd(0x5d)),
  store: store(...simd(0x0b)),
  andnot: binary(...simd(0x4f)),
  or: binary(...simd(0x50)),
  /** The bits of a where those of mask are 1, of b where they are 0. */
  bitselect: (a: Code, b: Code, mask: Code): Code => [a, b, mask, simd(0x52)],
  /** Four of the eight 32-bit lanes of a and b, those of b being numbers 4 to 7. */
  shuffle32: (a: Code, b: Code, lanes: readonly number[]): Code => [
    [a, b, simd(0x0d)],
    lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
  ],
};

/** Four float32 at once. */
export const f32x4 = {
  const: (value: number): Code => [simd(0x0c), Array(4).fill(floatBytes(value))],
  splat: unary(...simd(0x13)),
  extract_lane: (x: Code, lane: number): Code => [x, simd(0x1f), lane],
  /** All ones where a ≠ b, else zeros; the others likewise. */
  ne: binary(...simd(0x42)),
  gt: binary(...simd(0x44)),
  le: binary(...simd(0x45)),
  nearest: unary(...simd(0x6a)),
  abs: unary(...simd(0xe0)),
  neg: unary(...simd(0xe1)),
  sqrt: unary(...simd(0xe3)),
  add: binary(...simd(0xe4)),
  sub: binary(...simd(0xe5)),
  mul: binary(...simd(0xe6)),
  div: binary(...simd(0xe7)),
  min: binary(...simd(0xe8)),
  max: binary(...simd(0xe9)),
  convert_i32x4: unary(...simd(0xfa)),
  /** The two float64 of x rounded, and two zeros. */
  demote_f64x2: unary(...simd(0x5e)),
  /** a · b + c, rounded once. Not in every engine (relaxed SIMD). */
  relaxed_madd: (a: Code, b: Code, c: Code): Code => [a, b, c, simd(0x105)],
};

/** Two float64 at once. */
export const f64x2 = {
  const: (value: number): Code => [simd(0x0c), Array(2).fill(doubleBytes(value))],
  extract_lane: (x: Code, lane: number): Code => [x, simd(0x21), lane],
  add: binary(...simd(0xf0)),
  sub: binary(...simd(0xf1)),
  mul: binary(...simd(0xf2)),
  /** The two lower float32 of x. */
  promote_f32x4: unary(...simd(0x5f)),
};

/** Four int32 at once. */
export const i32x4 = {
  const: (...values: number[]): Code => [
    simd(0x0c),
    [...new Uint8Array(Int32Array.from({ length: 4 }, (_, lane) => values[lane % values.length]).buffer)],
  ],
  splat: unary(...simd(0x11)),
  shl: binary(...simd(0xab)),
  shr_s: binary(...simd(0xac)),
  add: binary(...simd(0xae)),
  sub: binary(...simd(0xb1)),
  trunc_f32x4: unary(...simd(0xf8)),
};

/** The four lowest bytes of x as int32. */
export const lowBytes = (x: Code): Code => [x, simd(0x89), simd(0xa9)];

/** A parameter or variable of a function. */
export class Local {
  readonly get: Code;
  readonly #index: number;

  constructor(index: number) {
    this.#index = index;
    this.get = [0x20, unsigned(index)];
  }

  set(value: Code): Code {
    return [value, 0x21, unsigned(this.#index)];
  }

  /** Sets it to itself plus `by`. */
  step(by: Code): Code {
    return this.set(i32.add(this.get, by));
  }
}

/** Runs the body with `counter` = 0, size, 2 · size, … below `limit`. */
export const inSteps = (counter: Local, limit: Code, size: number, ...body: Code[]): Code => [
  counter.set(i32.const(0)),
  whileLoop(i32.lt_u(counter.get, limit), body, counter.step(i32.const(size))),
];

const branchIf = (depth: number, condition: Code): Code => [condition, 0x0d, depth];
const noResult = 0x40;
const end = 0x0b;

/** Runs the body while the condition holds, which is asked before each run. */
export function whileLoop(condition: Code, ...body: Code[]): Code {
  const leave = branchIf(1, i32.eqz(condition));
  const repeat = [0x0c, 0]; // branches to the loop's beginning
  return [0x02, noResult, 0x03, noResult, leave, body, repeat, end, end];
}

/** Runs the body, and again while the condition holds: one branch a run, for the innermost loops. */
export function repeatWhile(condition: Code, ...body: Code[]): Code {
  return [0x03, noResult, body, branchIf(0, condition), end];
}

/** `a` if the condition holds, else `b`; both are computed. */
export const select = (a: Code, b: Code, condition: Code): Code => [a, b, condition, 0x1b];

export function ifElse(condition: Code, then: Code, otherwise: Code = []): Code {
  return [condition, 0x04, noResult, then, 0x05, otherwise, end];
}

function* flattened(code: Code): Generator<number> {
  if (typeof code === "number") yield code;
  else for (const part of code) yield* flattened(part);
}

/** A section, a function body or a name: its length in bytes, then the bytes. */
function sized(code: Code): number[] {
  const bytes = [...flattened(code)];
  return [...unsigned(bytes.length), ...bytes];
}

const list = (items: readonly Code[]): Code => [unsigned(items.length), items];
const section = (id: number, content: Code): Code => [id, sized(content)];
const nameBytes = (name: string): number[] => sized([...name].map((letter) => letter.charCodeAt(0)));

/** Makes the locals of one function. */
export class Locals {
  readonly types: ValueType[] = [];

  add(type: ValueType): Local {
    this.types.push(type);
    return new Local(this.types.length - 1);
  }

  addMany(type: ValueType, count: number): Local[] {
    return Array.from({ length: count }, () => this.add(type));
  }
}

/** A module that imports its memory and exports all its functions, which return nothing. */
export class ModuleBuilder {
  readonly #functions: { name: string; params: readonly ValueType[]; body: Code }[] = [];

  /**
   * Adds a function.
   *
   * @param body is given the parameters, and makes further locals with `locals`
   * @returns what calls it from a later function
   */
  define(
    name: string,
    params: readonly ValueType[],
    body: (params: Local[], locals: Locals) => Code,
  ): (...args: Code[]) => Code {
    const locals = new Locals();
    const parameters = params.map((type) => locals.add(type));
    const instructions = body(parameters, locals);
    const declared = locals.types.slice(params.length).map((type) => [1, typeByte[type]]);
    const index = this.#functions.length;
    this.#functions.push({ name, params, body: [list(declared), instructions, end] });
    return (...args) => [args, 0x10, unsigned(index)];
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
