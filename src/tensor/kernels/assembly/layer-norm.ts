/** Layer norm, row by row, which is in the first-level cache after the first of the loops over it; and its gradients. */
import { InputGradient } from "./channels";
import { Dot, Element, Square, sumOfRow, Sum, Value, valuesOfRow } from "./rows";
import { addTo, ROWS, STRIP } from "./sums";
import { bytes, multiplyAdd } from "./vectors";

@unmanaged class LayerNormJob {
  /** Elements of a row. */
  n: i32;
  x: usize;
  /** For each element of a row. */
  weight: usize;
  bias: usize;
  /** For each row. */
  mean: usize;
  invstd: usize;
  y: usize;
  eps: f32;
}

/** (x - mean) · invstd · weight */
@final @unmanaged class Standardized extends Value {
  @inline of(x: v128, weight: v128, mean: v128, invstd: v128, r: v128, s: v128): v128 {
    return f32x4.mul(f32x4.mul(f32x4.sub(x, mean), invstd), weight);
  }
}

export function layerNorm(job: LayerNormJob, from: i32, to: i32): void {
  const n = job.n;
  for (let row = from; row < to; row++) {
    const x = job.x + bytes(row * n);
    const y = job.y + bytes(row * n);
    const mean = <f32>(sumOfRow<Element>(n, x, x) / n);
    const variance = sumOfRow<Square>(n, x, x, f32x4.splat(mean)) / n;
    const invstd = <f32>(1 / sqrt(variance + <f64>job.eps));
    f32.store(job.mean + bytes(row), mean);
    f32.store(job.invstd + bytes(row), invstd);
    valuesOfRow<Standardized>(n, y, x, job.weight, f32x4.splat(mean), f32x4.splat(invstd));
    valuesOfRow<Sum>(n, y, y, job.bias, f32x4.splat(0));
  }
}

@unmanaged class LayerNormGradientJob {
  n: i32;
  dy: usize;
  x: usize;
  weight: usize;
  mean: usize;
  invstd: usize;
  dx: usize;
}

@final @unmanaged class Product extends Value {
  @inline of(a: v128, b: v128, p: v128, q: v128, r: v128, s: v128): v128 { return f32x4.mul(a, b); }
}

/** dx = invstd · (dx̂ - mean of dx̂ - x̂ · mean of dx̂ · x̂), where dx̂ = dy · weight */
export function layerNormInputGradient(job: LayerNormGradientJob, from: i32, to: i32): void {
  const n = job.n;
  for (let row = from; row < to; row++) {
    const x = job.x + bytes(row * n);
    const dx = job.dx + bytes(row * n);
    const mean = v128.load32_splat(job.mean + bytes(row));
    const invstd = f32.load(job.invstd + bytes(row));
    valuesOfRow<Product>(n, dx, job.dy + bytes(row * n), job.weight, mean);
    const offset = f32x4.splat(<f32>(<f64>invstd * sumOfRow<Element>(n, dx, dx) / n));
    const slope = f32x4.splat(<f32>(<f64>invstd * invstd * invstd * sumOfRow<Dot>(n, dx, x, mean) / n));
    valuesOfRow<InputGradient>(n, dx, dx, x, f32x4.splat(invstd), offset, mean, slope);
  }
}

@unmanaged class LayerNormSumsJob {
  rows: i32;
  n: i32;
  dy: usize;
  x: usize;
  mean: usize;
  invstd: usize;
  /** float64, of a multiple of eight columns */
  dbias: usize;
  dweight: usize;
}

/** dbias = Σ dy and dweight = Σ dy · x̂ over the rows, for strips `from` up to `to` of columns. */
export function layerNormParameterGradients(job: LayerNormSumsJob, from: i32, to: i32): void {
  const n = job.n;
  const step = bytes(n);
  for (let strip = from; strip < to; strip++) {
    const first = strip * STRIP;
    const last = min(first + STRIP, n);
    const count = <usize>((last - first + 7) & ~7);
    memory.fill(job.dbias + (<usize>first << 3), 0, count << 3);
    memory.fill(job.dweight + (<usize>first << 3), 0, count << 3);
    for (let row = 0; row < job.rows; row += ROWS) {
      const end = min(row + ROWS, job.rows);
      for (let column = first; column < last; column += 8) {
        let b0 = f32x4.splat(0);
        let b1 = f32x4.splat(0);
        let w0 = f32x4.splat(0);
        let w1 = f32x4.splat(0);
        let dy = job.dy + bytes(row * n + column);
        let x = job.x + bytes(row * n + column);
        for (let r = row; r < end; r++, dy += step, x += step) {
          const mean = v128.load32_splat(job.mean + bytes(r));
          const invstd = v128.load32_splat(job.invstd + bytes(r));
          const dy0 = v128.load(dy);
          const dy1 = v128.load(dy, 16);
          const x0 = f32x4.mul(f32x4.sub(v128.load(x), mean), invstd);
          const x1 = f32x4.mul(f32x4.sub(v128.load(x, 16), mean), invstd);
          b0 = f32x4.add(b0, dy0);
          b1 = f32x4.add(b1, dy1);
          w0 = multiplyAdd(dy0, x0, w0);
          w1 = multiplyAdd(dy1, x1, w1);
        }
        const at = <usize>column << 3;
        addTo(job.dbias + at, b0);
        addTo(job.dbias + at + 32, b1);
        addTo(job.dweight + at, w0);
        addTo(job.dweight + at + 32, w1);
      }
    }
  }
}
