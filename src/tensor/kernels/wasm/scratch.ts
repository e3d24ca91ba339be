/**
 * The memory that compiled kernels work in. Tensors stay on the JavaScript heap, where the garbage collector owns them: a
 * kernel's operands are copied in here and its result out again, which takes a few per cent of the time it saves.
 */

import { type Functions, ModuleBuilder } from "./assembler.ts";

const PAGE = 65_536;
/** 64 MiB, which three 2048 x 2048 matrices fit into. */
const MOST_PAGES = 1024;

/** How many bytes a kernel may ask for. */
export const CAPACITY = MOST_PAGES * PAGE;

/** A memory, and the functions of a module that work in it. One kernel at a time has all of it, from address 0 on. */
export class Scratch<Functions = unknown> {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly functions: Functions;
  /** The memory as float32, float64 and bytes; anew whenever it grows. */
  floats!: Float32Array<ArrayBufferLike>;
  doubles!: Float64Array<ArrayBufferLike>;
  bytes!: Uint8Array<ArrayBufferLike>;

  /** @param shared whether threads share the memory */
  constructor(builder: ModuleBuilder, shared: boolean) {
    this.module = new WebAssembly.Module(builder.toBytes({ maximum: MOST_PAGES, shared }));
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared });
    const { exports } = new WebAssembly.Instance(this.module, { host: { memory: this.memory } });
    this.functions = exports as Functions;
    this.#look();
  }

  /** Grows to at least so many bytes. */
  reserve(bytes: number): void {
    const missing = bytes - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    this.memory.grow(Math.ceil(missing / PAGE));
    this.#look();
  }

  #look(): void {
    this.floats = new Float32Array(this.memory.buffer);
    this.doubles = new Float64Array(this.memory.buffer);
    this.bytes = new Uint8Array(this.memory.buffer);
  }
}

/** A memory with the functions that `define` adds to a module; `shared` for threads. */
export function scratchWith<Calls>(
  define: (module: ModuleBuilder) => Calls,
  shared = false,
): Scratch<Functions<Calls>> {
  const builder = new ModuleBuilder();
  define(builder);
  return new Scratch(builder, shared);
}
