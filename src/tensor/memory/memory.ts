/**
 * Where tensors' elements are: large arrays in one WebAssembly memory, in which the fast kernels compute, and in ordinary
 * memory what is small, what does not fit, and all where there is no WebAssembly.
 * Read next: heap.ts.
 */
import { check } from "../check.ts";
import { allocate, arrayOf, bytesOf, type DType, type TypedArray } from "../dtype.ts";
import { permitted, settings } from "../host.ts";
import { formatShape, numelOf, type Shape } from "../shape.ts";
import { anchorOf, hang } from "./anchor.ts";
import { openCollector } from "./collector.ts";
import { Heap } from "./heap.ts";
import { settle } from "./pending.ts";
import { isCollectionDue, isPoisoned } from "./poison.ts";

const PAGE = 65_536;
const MEBI = 2 ** 20;
/** Smaller arrays are ordinary ones, which V8 makes faster. In elements. */
const SMALLEST = isPoisoned ? 1 : 64;

/** What is where: the kernels' own numbers; operands that are elsewhere, for as long as a kernel runs; tensors. In bytes. */
export const STAGE_START = PAGE;
export const STAGE_END = 64 * MEBI;

/** The memory, of the largest size that can be had; null before `openMemory`. */
let memory: WebAssembly.Memory | null = null;
let heap: Heap | null = null;

/** Reserves the memory, of which the system hands out only what is used. @throws if none can be had */
export function openMemory(): WebAssembly.Memory {
  if (memory) return memory;
  const collector = openCollector();
  const wanted = (settings.memory ?? (collector ? 4096 : 1024)) * MEBI + STAGE_END;
  memory = reserve(wanted) ?? reserve(wanted / 4) ?? reserve(wanted / 16) ?? null;
  check(memory !== null, "no memory can be reserved for it");
  heap = new Heap(memory.buffer, {
    start: STAGE_END,
    end: memory.buffer.byteLength - PAGE, // vectors may reach past the last
    budget: (settings.budget ?? 64) * MEBI,
    collector,
    poison: isPoisoned ? isCollectionDue : null,
  });
  return memory;
}

function reserve(bytes: number): WebAssembly.Memory | undefined {
  const pages = Math.min(PAGE, Math.ceil(bytes / PAGE));
  return permitted(() => new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }));
}

/** Whether kernels find the elements in their memory. */
export const isInMemory = (array: TypedArray): boolean => anchorOf(array) !== null;

/**
 * An array whose elements are whatever was there before: for results that are wholly written.
 * @throws if there is no room for it
 */
export function emptyArray(dtype: DType, shape: Shape): TypedArray {
  const length = numelOf(shape);
  const type = arrayOf[dtype];
  if (length < SMALLEST) return new type(length);
  return heap?.allocate(type, length, length * bytesOf(dtype)) ?? ordinaryArray(dtype, shape);
}

function ordinaryArray(dtype: DType, shape: Shape): TypedArray {
  const length = numelOf(shape);
  try {
    return allocate(dtype, length);
  } catch (cause) {
    const bytes = `${length * bytesOf(dtype)} bytes, for ${formatShape(shape)} of ${dtype}`;
    throw new RangeError(`can't allocate memory: you tried to allocate ${bytes}. Make it in parts.`, { cause });
  }
}

/** An array of zeros. */
export function zeroArray(dtype: DType, shape: Shape): TypedArray {
  const array = emptyArray(dtype, shape);
  if (!isInMemory(array)) return array;
  settle();
  return array.fill(0);
}

/** Gives back an array's memory, which nobody may use any more: also no part of it. */
export function release(array: TypedArray): void {
  heap?.release(array);
}

/** Some elements of an array, where they are. */
export function partOf(array: TypedArray, start: number, length: number): TypedArray {
  const part = array.subarray(start, start + length);
  const anchor = anchorOf(array);
  return anchor ? hang(anchor, part) : part;
}
