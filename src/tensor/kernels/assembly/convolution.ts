/**
 * Convolutions as matrix products of the weights with the windows of an image, which are packed straight from the image. It
 * is first given a border of zeros, so that no window reaches outside. Threads share images by spans of positions.
 */
import { COLUMNS, packPanel, tile } from "./matmul";
import { thread } from "./thread";
import { bytes, storeTransposed } from "./vectors";
import { WindowsJob } from "./windows";

/** Positions of a stretch, but for what whole rows need: of these a panel stays in the first-level cache. */
const STRETCH = 256;
/** Positions of a span, whose windows are packed before the first product: weights are then read once for all of them. */
const SPAN = 2 * COLUMNS;

@unmanaged class ConvolutionJob extends WindowsJob {
  images: i32;
  groups: i32;
  channels: i32;
  outChannels: i32;
  borderedHeight: i32;
  borderedWidth: i32;
  /** The images that outputs are written to, and how far apart: 1, or the stride of which this is the gradient. */
  yHeight: i32;
  yWidth: i32;
  stepY: i32;
  stepX: i32;
  /** The first output. */
  y: usize;
  x: usize;
  /** Packed in panels, group by group. */
  weights: usize;
  /** What each output channel starts from, sixteen times. */
  bias: usize;
  /** Rows of a tile. */
  rows: i32;
  /** Each thread has so many bytes of its own. */
  workspace: usize;
  workspaceBytes: i32;
  /** Images of a part, when a gradient of the weights is summed in parts. */
  perPart: i32;

  @inline get window(): i32 { return this.channels * this.kernelHeight * this.kernelWidth; }
  @inline get positions(): i32 { return this.outHeight * this.outWidth; }
  @inline get isDense(): bool { return this.stepY == 1 && this.stepX == 1; }
  @inline get spans(): i32 { return (this.positions + SPAN - 1) / SPAN; }
  @inline get stretchRows(): i32 { return min(this.outHeight, max(1, STRETCH / this.outWidth)); }
  @inline get panels(): i32 { return (this.outChannels + this.rows - 1) / this.rows; }
  @inline get own(): usize { return this.workspace + <usize>thread * <usize>this.workspaceBytes; }
  @inline get borderedBytes(): usize {
    return (bytes(this.channels * this.borderedHeight * this.borderedWidth) + 63) & ~63;
  }
  @inline get offsetsBytes(): usize { return (bytes(this.window + COLUMNS) + 63) & ~63; }
  @inline get hasBorder(): bool {
    return this.borderedHeight != this.height || this.borderedWidth != this.width;
  }
}

/** The image with its border: itself if it has none, else a copy at `to`, where the border is zeros already. */
function bordered(job: ConvolutionJob, image: usize, to: usize): usize {
  if (!job.hasBorder) return image;
  const width = bytes(job.width);
  for (let c = 0; c < job.channels; c++) {
    for (let y = 0; y < job.height; y++, image += width) {
      const row = c * job.borderedHeight + job.paddingY + y;
      memory.copy(to + bytes(row * job.borderedWidth + job.paddingX), image, width);
    }
  }
  return to;
}

/** Where the window of an output begins in a bordered image, in bytes. */
// @ts-ignore: decorator
@inline function startOfWindow(job: ConvolutionJob, position: i32): usize {
  const oy = position / job.outWidth;
  return bytes(oy * job.strideY * job.borderedWidth + (position - oy * job.outWidth) * job.strideX);
}

/** How far each element of a window is from its first, in bytes; of those past the last, 0. */
function windowOffsets(job: ConvolutionJob, out: usize): void {
  for (let c = 0; c < job.channels; c++) {
    for (let ky = 0; ky < job.kernelHeight; ky++) {
      for (let kx = 0; kx < job.kernelWidth; kx++, out += 4) {
        const row = c * job.borderedHeight + ky * job.dilationY;
        store<u32>(out, <u32>bytes(row * job.borderedWidth + kx * job.dilationX));
      }
    }
  }
  for (let k = 0; k < 16; k++, out += 4) store<u32>(out, 0);
}

/** The windows of sixteen positions as a panel: element by element of a window, that element of each. */
function packWindows(job: ConvolutionJob, out: usize, image: usize, offsets: usize, first: i32): void {
  const width = job.outWidth;
  const end = offsets + bytes(job.window);
  const areInRow = job.strideX == 1 && (first % width) + COLUMNS <= width;
  if (areInRow) {
    const x = image + startOfWindow(job, first);
    for (let at = offsets; at < end; at += 4, out += 64) {
      const element = x + <usize>load<u32>(at);
      const v0 = v128.load(element);
      const v1 = v128.load(element, 16);
      const v2 = v128.load(element, 32);
      const v3 = v128.load(element, 48);
      v128.store(out, v0);
      v128.store(out, v1, 16);
      v128.store(out, v2, 32);
      v128.store(out, v3, 48);
    }
  } else for (let k = 0; k < COLUMNS; k += 4) packFourWindows(job, out + bytes(k), image, offsets, end, first + k);
}

/** The same for four of the sixteen; past the last position, the last one's. */
function packFourWindows(job: ConvolutionJob, out: usize, image: usize, offsets: usize, end: usize, first: i32): void {
  const last = job.positions - 1;
  const x0 = image + startOfWindow(job, min(first, last));
  if (job.strideX == 1 && first <= last && (first % job.outWidth) + 4 <= job.outWidth) {
    for (let at = offsets; at < end; at += 4, out += 64) v128.store(out, v128.load(x0 + <usize>load<u32>(at)));
  } else {
    const x1 = image + startOfWindow(job, min(first + 1, last));
    const x2 = image + startOfWindow(job, min(first + 2, last));
    const x3 = image + startOfWindow(job, min(first + 3, last));
    for (let at = offsets; at < end; at += 4, out += 64) {
      const offset = <usize>load<u32>(at);
      f32.store(out, f32.load(x0 + offset));
      f32.store(out, f32.load(x1 + offset), 4);
      f32.store(out, f32.load(x2 + offset), 8);
      f32.store(out, f32.load(x3 + offset), 12);
    }
  }
}

/** y (images, O, P) = bias + weights (O, window) @ windows (window, P), for spans `from` up to `to` of all images. */
export function convolution(job: ConvolutionJob, from: i32, to: i32): void {
  const rows = job.rows;
  const window = job.window;
  const positions = job.positions;
  const panels = job.panels;
  const spans = job.spans;
  const border = job.own;
  const offsets = border + job.borderedBytes;
  const outputs = offsets + job.offsetsBytes;
  const packed = outputs + bytes(rows * COLUMNS);
  const plane = bytes(job.yHeight * job.yWidth);
  const isDense = job.isDense;
  if (job.hasBorder) memory.fill(border, 0, job.borderedBytes);
  windowOffsets(job, offsets);
  let i = -1;
  let image: usize = 0;
  for (let span = from; span < to; span++) {
    if (span / spans != i) {
      i = span / spans;
      image = bordered(job, job.x + bytes(i * job.channels * job.height * job.width), border);
    }
    const group = i % job.groups;
    const weights = job.weights + bytes(group * panels * rows * window);
    const bias = job.bias + (<usize>(group * job.outChannels) << 6);
    const first = (span - i * spans) * SPAN;
    const end = min(first + SPAN, positions);
    for (let p = first; p < end; p += COLUMNS)
      packWindows(job, packed + bytes((p - first) * window), image, offsets, p);
    for (let o = 0; o < job.outChannels; o += rows) {
      const y = job.y + (<usize>(i * job.outChannels + o)) * plane;
      const a = weights + bytes(o * window);
      const initial = bias + (<usize>o << 6);
      for (let p = first; p < end; p += COLUMNS) {
        const panel = packed + bytes((p - first) * window);
        if (isDense) tile(rows, job.outChannels - o, positions - p, y + bytes(p), plane, a, panel, window, initial, 64);
        else {
          tile(rows, rows, COLUMNS, outputs, 64, a, panel, window, initial, 64);
          spread(job, y, plane, outputs, min(rows, job.outChannels - o), p, min(COLUMNS, positions - p));
        }
      }
    }
  }
}

/** Writes a tile of sixteen columns to where its outputs are among those of `y`. */
function spread(job: ConvolutionJob, y: usize, plane: usize, tile: usize, channels: i32, first: i32, count: i32): void {
  let oy = first / job.outWidth;
  let ox = first - oy * job.outWidth;
  for (let k = 0; k < count; k++, tile += 4) {
    let out = y + bytes(oy * job.stepY * job.yWidth + ox * job.stepX);
    for (let r = 0; r < channels; r++, out += plane) f32.store(out, f32.load(tile + (<usize>r << 6)));
    if (++ox == job.outWidth) {
      ox = 0;
      oy++;
    }
  }
}

/**
 * The gradient of the weights, for parts `from` up to `to` of the images: dw (O, window) = Σ dy (O, P) @ windowsᵀ (P, window).
 * Each part has a dw of its own, at `weights`; y is the gradient of y. Positions are taken in stretches of a few rows.
 */
export function convolutionWeight(job: ConvolutionJob, from: i32, to: i32): void {
  const rows = job.rows;
  const window = job.window;
  const positions = job.positions;
  const elements = job.outChannels * window;
  const border = job.own;
  const offsets = border + job.borderedBytes;
  const panel = offsets + job.offsetsBytes;
  const stretchRows = job.stretchRows;
  const packed = panel + (<usize>(stretchRows * job.outWidth) << 6);
  if (job.hasBorder) memory.fill(border, 0, job.borderedBytes);
  windowOffsets(job, offsets);
  for (let part = from; part < to; part++) {
    memory.fill(job.weights + bytes(part * job.groups * elements), 0, bytes(job.groups * elements));
    const last = min((part + 1) * job.perPart, job.images);
    for (let i = part * job.perPart; i < last; i++) {
      const image = bordered(job, job.x + bytes(i * job.channels * job.height * job.width), border);
      const dw = job.weights + bytes((part * job.groups + (i % job.groups)) * elements);
      for (let firstRow = 0; firstRow < job.outHeight; firstRow += stretchRows) {
        const endRow = min(firstRow + stretchRows, job.outHeight);
        const depth = (endRow - firstRow) * job.outWidth;
        const dy = job.y + bytes(i * job.outChannels * positions + firstRow * job.outWidth);
        for (let o = 0; o < job.outChannels; o += rows)
          packPanel(packed + bytes(o * depth), rows, dy + bytes(o * positions), positions, 1, min(rows, job.outChannels - o), depth);
        for (let e = 0; e < window; e += COLUMNS) {
          packElements(job, panel, image, offsets + bytes(e), firstRow, endRow);
          for (let o = 0; o < job.outChannels; o += rows) {
            const c = dw + bytes(o * window + e);
            const a = packed + bytes(o * depth);
            tile(rows, job.outChannels - o, window - e, c, bytes(window), a, panel, depth, c, bytes(window));
          }
        }
      }
    }
  }
}

/** Sixteen elements of the windows of some rows of outputs as a panel: position by position. */
function packElements(job: ConvolutionJob, out: usize, image: usize, offsets: usize, firstRow: i32, endRow: i32): void {
  const strideX = bytes(job.strideX);
  for (let oy = firstRow; oy < endRow; oy++) {
    const row = image + bytes(oy * job.strideY * job.borderedWidth);
    for (let e = 0; e < 4; e++) {
      const at = offsets + (<usize>e << 4);
      let x0 = row + <usize>load<u32>(at);
      let x1 = row + <usize>load<u32>(at, 4);
      let x2 = row + <usize>load<u32>(at, 8);
      let x3 = row + <usize>load<u32>(at, 12);
      let to = out + (<usize>e << 4);
      let ox = 0;
      if (job.strideX == 1) {
        for (; ox + 4 <= job.outWidth; ox += 4) {
          storeTransposed(to, 64, v128.load(x0), v128.load(x1), v128.load(x2), v128.load(x3));
          x0 += 16;
          x1 += 16;
          x2 += 16;
          x3 += 16;
          to += 256;
        }
      }
      for (; ox < job.outWidth; ox++, to += 64) {
        f32.store(to, f32.load(x0));
        f32.store(to, f32.load(x1), 4);
        f32.store(to, f32.load(x2), 8);
        f32.store(to, f32.load(x3), 12);
        x0 += strideX;
        x1 += strideX;
        x2 += strideX;
        x3 += strideX;
      }
    }
    out += <usize>job.outWidth << 6;
  }
}

@unmanaged class FlipJob {
  out: usize;
  /** The first element to take. */
  w: usize;
  groups: i32;
  outChannels: i32;
  channels: i32;
  /** Of a kernel, of what is taken of it, and how far apart that is. */
  kernelHeight: i32;
  kernelWidth: i32;
  height: i32;
  width: i32;
  stepY: i32;
  stepX: i32;
}

/** out (C, O, h, w) = every few elements of w (O, C, KH, KW), each kernel turned round, for groups `from` up to `to`. */
export function flipWeights(job: FlipJob, from: i32, to: i32): void {
  const area = job.kernelHeight * job.kernelWidth;
  let out = job.out + bytes(from * job.channels * job.outChannels * job.height * job.width);
  for (let g = from; g < to; g++) {
    for (let c = 0; c < job.channels; c++) {
      for (let o = 0; o < job.outChannels; o++) {
        const kernel = job.w + bytes(((g * job.outChannels + o) * job.channels + c) * area);
        for (let y = job.height - 1; y >= 0; y--) {
          for (let x = job.width - 1; x >= 0; x--, out += 4)
            f32.store(out, f32.load(kernel + bytes(y * job.stepY * job.kernelWidth + x * job.stepX)));
        }
      }
    }
  }
}
