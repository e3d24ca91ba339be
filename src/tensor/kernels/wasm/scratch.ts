/**
 * The memory that compiled kernels work in. Tensors stay on the JavaScript heap, where the garbage collector owns them: a
 * kernel's operands are copied in here and its result out again, which takes a few per cent of the time it saves.
 */

const PAGE = 65_536;
/** 64 MiB, which three 2048 x 2048 matrices fit into. */
export const MOST_PAGES = 1024;

/** How many bytes a kernel may ask for. */
export const CAPACITY = MOST_PAGES * PAGE;

declare const functions: unique symbol;

/** A module, and in its type the functions that it exports. */
export type Module<Functions> = WebAssembly.Module & { readonly [functions]: Functions };

/** A memory, and the functions of a module that work in it. One kernel at a time has all of it, from address 0 on. */
export class Scratch<Functions = unknown> {
  readonly memory: WebAssembly.Memory;
  readonly functions: Functions;
  /** The memory as float32, float64 and bytes; anew whenever it grows. */
  floats!: Float32Array<ArrayBufferLike>;
  doubles!: Float64Array<ArrayBufferLike>;
  bytes!: Uint8Array<ArrayBufferLike>;

  /** @param shared whether threads share the memory; the module must have been assembled for that */
  constructor(module: Module<Functions>, { shared }: { shared: boolean }) {
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared });
    const { exports } = new WebAssembly.Instance(module, { host: { memory: this.memory } });
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
