/**
 * Batch norm's numbers of each channel: what a batch says of it, what follows of that, and the gradients of what it learns.
 * A channel is a column of a matrix, after a fully connected layer; or, in images, all of some rows. Read next: channels.ts,
 * which computes the values of these numbers.
 */
import { Dot, Element, Square, sumOfRow, Term } from "./rows";
import { STRIP, sumsOfStrip } from "./sums";
import { scratch } from "./thread";
import { bytes } from "./vectors";

@unmanaged class StatisticsJob {
  /** The sizes of x (N, C, L). */
  n: i32;
  channels: i32;
  l: i32;
  x: usize;
  mean: usize;
  /** Σ (x - mean)², float64 */
  squares: usize;
}

@unmanaged class ParametersJob {
  n: i32;
  channels: i32;
  l: i32;
  dy: usize;
  x: usize;
  mean: usize;
  invstd: usize;
  dbias: usize;
  dweight: usize;
}

/** The sum of terms of a and b (N, C, L) over one channel. */
// @ts-ignore: decorator
@inline function sumOfChannel<F extends Term>(n: i32, channels: i32, l: i32, channel: i32, a: usize, b: usize, shift: f32): f64 {
  let sum: f64 = 0;
  for (let image = 0; image < n; image++) {
    const start = bytes((image * channels + channel) * l);
    sum += sumOfRow<F>(l, a + start, b + start, f32x4.splat(shift));
  }
  return sum;
}

/** The statistics of channels `from` up to `to`. */
export function statisticsOfRows(job: StatisticsJob, from: i32, to: i32): void {
  for (let c = from; c < to; c++) {
    const sum = sumOfChannel<Element>(job.n, job.channels, job.l, c, job.x, job.x, 0);
    const mean = <f32>(sum / <f64>(job.n * job.l));
    f32.store(job.mean + bytes(c), mean);
    const squares = sumOfChannel<Square>(job.n, job.channels, job.l, c, job.x, job.x, mean);
    f64.store(job.squares + 2 * bytes(c), squares);
  }
}

/** The same for strips of columns. */
export function statisticsOfColumns(job: StatisticsJob, from: i32, to: i32): void {
  for (let strip = from; strip < to; strip++) {
    const start = bytes(strip * STRIP);
    const width = min(STRIP, job.channels - strip * STRIP);
    const x = job.x + start;
    const mean = job.mean + start;
    const sums = job.squares + 2 * start;
    sumsOfStrip<Element>(sums, job.n, width, x, x, mean, job.channels);
    for (let c = 0; c < width; c++) f32.store(mean + bytes(c), <f32>(f64.load(sums + 2 * bytes(c)) / <f64>job.n));
    sumsOfStrip<Square>(sums, job.n, width, x, x, mean, job.channels);
  }
}

/** dbias = Σ dy and dweight = Σ dy · x̂ of channels `from` up to `to`. */
export function parameterGradientsOfRows(job: ParametersJob, from: i32, to: i32): void {
  for (let c = from; c < to; c++) {
    const at = bytes(c);
    const sum = sumOfChannel<Element>(job.n, job.channels, job.l, c, job.dy, job.dy, 0);
    const dot = sumOfChannel<Dot>(job.n, job.channels, job.l, c, job.dy, job.x, f32.load(job.mean + at));
    f32.store(job.dbias + at, <f32>sum);
    f32.store(job.dweight + at, <f32>(dot * <f64>f32.load(job.invstd + at)));
  }
}

/** The same for strips of columns. */
export function parameterGradientsOfColumns(job: ParametersJob, from: i32, to: i32): void {
  for (let strip = from; strip < to; strip++) {
    const start = bytes(strip * STRIP);
    const width = min(STRIP, job.channels - strip * STRIP);
    const mean = job.mean + start;
    const dy = job.dy + start;
    sumsOfStrip<Element>(scratch, job.n, width, dy, dy, mean, job.channels);
    for (let c = 0; c < width; c++) f32.store(job.dbias + start + bytes(c), <f32>f64.load(scratch + 2 * bytes(c)));
    sumsOfStrip<Dot>(scratch, job.n, width, dy, job.x + start, mean, job.channels);
    for (let c = 0; c < width; c++) {
      const at = start + bytes(c);
      f32.store(job.dweight + at, <f32>(f64.load(scratch + 2 * bytes(c)) * <f64>f32.load(job.invstd + at)));
    }
  }
}

@unmanaged class FactorsJob {
  eps: f64;
  /** How many values a channel has. */
  count: i32;
  squares: usize;
  mean: usize;
  /** Or 0: then they are 1 and 0. */
  weight: usize;
  bias: usize;
  invstd: usize;
  scale: usize;
  shift: usize;
}

/** invstd = 1 / √(squares / count + eps), scale = weight · invstd, shift = bias - mean · scale, for channels `from` up to `to`. */
export function batchNormFactors(job: FactorsJob, from: i32, to: i32): void {
  for (let c = from; c < to; c++) {
    const at = bytes(c);
    const squares = f64.load(job.squares + 2 * at);
    const invstd: f32 = squares == 0 && job.eps == 0 ? 0 : <f32>(1 / sqrt(squares / <f64>job.count + job.eps));
    const scale = job.weight ? <f32>(<f64>invstd * <f64>f32.load(job.weight + at)) : invstd;
    const bias = job.bias ? <f64>f32.load(job.bias + at) : 0;
    f32.store(job.invstd + at, invstd);
    f32.store(job.scale + at, scale);
    f32.store(job.shift + at, <f32>(bias - <f64>f32.load(job.mean + at) * <f64>scale));
  }
}

@unmanaged class SlopesJob {
  count: i32;
  invstd: usize;
  scale: usize;
  dbias: usize;
  dweight: usize;
  offset: usize;
  slope: usize;
}

/** offset = scale · dbias / count and slope = scale · invstd · dweight / count, for channels `from` up to `to`. */
export function batchNormSlopes(job: SlopesJob, from: i32, to: i32): void {
  for (let c = from; c < to; c++) {
    const at = bytes(c);
    const scale = <f64>f32.load(job.scale + at);
    const count = <f64>job.count;
    f32.store(job.offset + at, <f32>(scale * <f64>f32.load(job.dbias + at) / count));
    f32.store(job.slope + at, <f32>(scale * <f64>f32.load(job.invstd + at) * <f64>f32.load(job.dweight + at) / count));
  }
}

@unmanaged class RunningJob {
  momentum: f64;
  running: usize;
  /** How many samples have sums of their own, each of so many channels. */
  samples: i32;
  channels: i32;
  sums: usize;
  /** Or of float32. */
  areDoubles: i32;
  divisor: i32;
}

/** running = (1 - momentum) · running + momentum · mean over samples of sums / divisor, for channels `from` up to `to`. */
export function moveTowards(job: RunningJob, from: i32, to: i32): void {
  for (let c = from; c < to; c++) {
    let total: f64 = 0;
    for (let k = c; k < job.samples * job.channels; k += job.channels) {
      const sum = job.areDoubles ? f64.load(job.sums + 2 * bytes(k)) : <f64>f32.load(job.sums + bytes(k));
      total += sum / <f64>job.divisor;
    }
    const running = job.running + bytes(c);
    f32.store(running, <f32>((1 - job.momentum) * <f64>f32.load(running) + job.momentum * total / <f64>job.samples));
  }
}
