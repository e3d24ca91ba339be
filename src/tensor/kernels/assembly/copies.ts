/** Copies that change the order or the dtype. */
import { UnaryJob } from "./elementwise";
import { bytes, gather, storeFirst, storeTransposed } from "./vectors";

/** Elements in another order. */
export function copy(job: UnaryJob, from: i32, to: i32): void {
  const columns = job.columns;
  for (let k = from; k < to; ) {
    const r = k / columns;
    const c = k - r * columns;
    let left = min(columns - c, to - k);
    let x = job.x + bytes(r * job.row + c * job.step);
    let out = job.out + bytes(k);
    k += left;
    if (job.step == 1) memory.copy(out, x, bytes(left));
    else for (; left > 0; left -= 4, out += 16, x += bytes(4 * job.step)) storeFirst(out, gather(x, job.step), left);
  }
}

@unmanaged class TransposeJob {
  rows: i32;
  columns: i32;
  out: usize;
  x: usize;
  /** From column to column of x; from row to row it is one element. */
  step: i32;
}

/** out[r, c] = x[c, r], for groups `from` up to `to` of sixteen rows: a line of the cache of x each. */
export function transpose(job: TransposeJob, from: i32, to: i32): void {
  const columns = job.columns;
  const outRow = bytes(columns);
  const step = bytes(job.step);
  for (let group = from; group < to; group++) {
    const first = 16 * group;
    const rows = min(16, job.rows - first);
    let c = 0;
    for (; c + 4 <= columns; c += 4) {
      let r = 0;
      for (; r + 4 <= rows; r += 4) {
        const x = job.x + bytes(first + r) + <usize>c * step;
        const out = job.out + bytes((first + r) * columns + c);
        const x0 = v128.load(x);
        const x1 = v128.load(x + step);
        const x2 = v128.load(x + 2 * step);
        const x3 = v128.load(x + 3 * step);
        storeTransposed(out, outRow, x0, x1, x2, x3);
      }
      for (; r < rows; r++) {
        const x = job.x + bytes(first + r) + <usize>c * step;
        v128.store(job.out + bytes((first + r) * columns + c), gather(x, job.step));
      }
    }
    for (; c < columns; c++) {
      for (let r = 0; r < rows; r++) {
        const x = f32.load(job.x + bytes(first + r) + <usize>c * step);
        f32.store(job.out + bytes((first + r) * columns + c), x);
      }
    }
  }
}

@unmanaged class ConvertJob {
  out: usize;
  x: usize;
  divisor: f32;
}

/** out = x / divisor, of bytes: pixels, and truths */
export function bytesToFloats(job: ConvertJob, from: i32, to: i32): void {
  const divisor = f32x4.splat(job.divisor);
  let x = job.x + <usize>from;
  let out = job.out + bytes(from);
  for (let left = to - from; left > 0; left -= 4, x += 4, out += 16) {
    const four = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(x)));
    storeFirst(out, f32x4.div(f32x4.convert_i32x4_s(four), divisor), left);
  }
}

export function intsToFloats(job: ConvertJob, from: i32, to: i32): void {
  let x = job.x + bytes(from);
  let out = job.out + bytes(from);
  for (let left = to - from; left > 0; left -= 4, x += 16, out += 16)
    storeFirst(out, f32x4.convert_i32x4_s(v128.load(x)), left);
}
