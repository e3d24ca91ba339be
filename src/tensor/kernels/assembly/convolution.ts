/**
 * Convolutions as matrix products of the weights with the windows of an image, which are packed straight from the image. It
 * is first given a border of zeros, so that no window reaches outside. Threads share images by spans of positions.
 */
import { COLUMNS, packPanel, tile } from "./matmul";
import { thread } from "./thread";
import { bytes, storeTransposed } from "./vectors";

/** Positions of a span, whose windows are packed before the first product: weights are then read once for all of them. */
const SPAN = 2 * COLUMNS;

@unmanaged class ConvolutionJob {
  images: i32;
  groups: i32;
  channels: i32;
  outChannels: i32;
  height: i32;
  width: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  outHeight: i32;
  outWidth: i32;
  strideY: i32;
  strideX: i32;
  paddingY: i32;
  paddingX: i32;
  dilationY: i32;
  dilationX: i32;
  borderedHeight: i32;
  borderedWidth: i32;
  /** The image's elements lie so far apart in its bordered form: 1, or the stride of which this is the gradient. */
  gapY: i32;
  gapX: i32;
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
  @inline get spans(): i32 { return (this.positions + SPAN - 1) / SPAN; }
  @inline get panels(): i32 { return (this.outChannels + this.rows - 1) / this.rows; }
  @inline get own(): usize { return this.workspace + <usize>thread * <usize>this.workspaceBytes; }
  @inline get borderedBytes(): usize {
    return (bytes(this.channels * this.borderedHeight * this.borderedWidth) + 63) & ~63;
  }
  @inline get hasBorder(): bool {
    return this.borderedHeight != this.height || this.borderedWidth != this.width;
  }
}

/** The image with its border: itself if it has none, else a copy at `to`, where the border is zeros already. */
function bordered(job: ConvolutionJob, image: usize, to: usize): usize {
  if (!job.hasBorder) return image;
  const width = bytes(job.width);
  for (let c = 0; c < job.channels; c++) {
    for (let y = 0; y < job.height; y++) {
      const row = (c * job.borderedHeight + job.paddingY + y * job.gapY) * job.borderedWidth + job.paddingX;
      if (job.gapX == 1) memory.copy(to + bytes(row), image, width);
      else for (let x = 0; x < job.width; x++) f32.store(to + bytes(row + x * job.gapX), f32.load(image + bytes(x)));
      image += width;
    }
  }
  return to;
}

/** Where the window of each of sixteen positions begins in a bordered image; of four in one row, that they are neighbours. */
@unmanaged class Places {
  static readonly bytes: usize = 80;
  // @ts-ignore: decorator
  @inline at(k: i32): usize { return <usize>load<u32>(changetype<usize>(this) + bytes(k)); }
  // @ts-ignore: decorator
  @inline areNeighbours(group: i32): bool { return load<u32>(changetype<usize>(this) + 64 + bytes(group)) != 0; }

  find(job: ConvolutionJob, first: i32): void {
    const width = job.outWidth;
    const last = job.positions - 1;
    const self = changetype<usize>(this);
    for (let k = 0; k < 16; k++) {
      const position = min(first + k, last);
      const oy = position / width;
      const ox = position - oy * width;
      store<u32>(self + bytes(k), <u32>bytes(oy * job.strideY * job.borderedWidth + ox * job.strideX));
    }
    for (let group = 0; group < 4; group++) {
      const start = first + 4 * group;
      const isOneRow = start + 3 <= last && start / width == (start + 3) / width;
      store<u32>(self + 64 + bytes(group), isOneRow && job.strideX == 1 ? 1 : 0);
    }
  }

  /** The elements of the four windows of a group at an address in the first window. */
  // @ts-ignore: decorator
  @inline four(group: i32, x: usize): v128 {
    const k = 4 * group;
    if (this.areNeighbours(group)) return v128.load(x + this.at(k));
    const two = v128.load32_lane(x + this.at(k + 1), v128.load32_zero(x + this.at(k)), 1);
    return v128.load32_lane(x + this.at(k + 3), v128.load32_lane(x + this.at(k + 2), two, 2), 3);
  }
}

/** The windows of sixteen positions as a panel: depth by depth an element of each window. */
function packWindows(job: ConvolutionJob, out: usize, image: usize, places: Places): void {
  const plane = bytes(job.borderedHeight * job.borderedWidth);
  for (let c = 0; c < job.channels; c++, image += plane) {
    for (let ky = 0; ky < job.kernelHeight; ky++) {
      let x = image + bytes(ky * job.dilationY * job.borderedWidth);
      for (let kx = 0; kx < job.kernelWidth; kx++, x += bytes(job.dilationX), out += 64) {
        const v0 = places.four(0, x);
        const v1 = places.four(1, x);
        const v2 = places.four(2, x);
        const v3 = places.four(3, x);
        v128.store(out, v0);
        v128.store(out, v1, 16);
        v128.store(out, v2, 32);
        v128.store(out, v3, 48);
      }
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
  const places = changetype<Places>(job.own);
  const border = job.own + 128;
  const packed = border + job.borderedBytes;
  if (job.hasBorder) memory.fill(border, 0, job.borderedBytes);
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
    for (let p = first; p < end; p += COLUMNS) {
      places.find(job, p);
      packWindows(job, packed + bytes((p - first) * window), image, places);
    }
    for (let o = 0; o < job.outChannels; o += rows) {
      const y = job.y + bytes((i * job.outChannels + o) * positions);
      const a = weights + bytes(o * window);
      for (let p = first; p < end; p += COLUMNS) {
        const panel = packed + bytes((p - first) * window);
        tile(rows, job.outChannels - o, positions - p, y + bytes(p), bytes(positions), a, panel, window, bias + (<usize>o << 6), 64);
      }
    }
  }
}

/**
 * The gradient of the weights, for parts `from` up to `to` of the images: dw (O, window) = Σ dy (O, P) @ windowsᵀ (P, window).
 * Each part has a dw of its own, at `weights`; y is the gradient of y.
 */
export function convolutionWeight(job: ConvolutionJob, from: i32, to: i32): void {
  const rows = job.rows;
  const window = job.window;
  const positions = job.positions;
  const elements = job.outChannels * window;
  const border = job.own;
  const offsets = border + job.borderedBytes;
  const panel = offsets + ((bytes(window + 16) + 63) & ~63);
  const packed = panel + <usize>(((positions + 3) & ~3) << 6);
  if (job.hasBorder) memory.fill(border, 0, job.borderedBytes);
  windowOffsets(job, offsets);
  for (let part = from; part < to; part++) {
    memory.fill(job.weights + bytes(part * job.groups * elements), 0, bytes(job.groups * elements));
    const last = min((part + 1) * job.perPart, job.images);
    for (let i = part * job.perPart; i < last; i++) {
      const image = bordered(job, job.x + bytes(i * job.channels * job.height * job.width), border);
      const dy = job.y + bytes(i * job.outChannels * positions);
      for (let o = 0; o < job.outChannels; o += rows)
        packPanel(packed + bytes(o * positions), rows, dy + bytes(o * positions), positions, 1, min(rows, job.outChannels - o), positions);
      const dw = job.weights + bytes((part * job.groups + (i % job.groups)) * elements);
      for (let e = 0; e < window; e += COLUMNS) {
        packElements(job, panel, image, offsets + bytes(e));
        for (let o = 0; o < job.outChannels; o += rows) {
          const c = dw + bytes(o * window + e);
          const a = packed + bytes(o * positions);
          tile(rows, job.outChannels - o, window - e, c, bytes(window), a, panel, positions, c, bytes(window));
        }
      }
    }
  }
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

/** Sixteen elements of all windows as a panel: position by position. */
function packElements(job: ConvolutionJob, out: usize, image: usize, offsets: usize): void {
  const strideX = bytes(job.strideX);
  for (let oy = 0; oy < job.outHeight; oy++) {
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
  w: usize;
  groups: i32;
  outChannels: i32;
  channels: i32;
  area: i32;
}

/** out (C, O, area) = w (O, C, area) with each kernel turned round, for groups `from` up to `to`. */
export function flipWeights(job: FlipJob, from: i32, to: i32): void {
  const area = job.area;
  for (let g = from; g < to; g++) {
    const start = bytes(g * job.outChannels * job.channels * area);
    for (let c = 0; c < job.channels; c++) {
      for (let o = 0; o < job.outChannels; o++) {
        const out = job.out + start + bytes((c * job.outChannels + o) * area);
        const w = job.w + start + bytes((o * job.channels + c) * area);
        for (let k = 0; k < area; k++) f32.store(out + bytes(k), f32.load(w + bytes(area - 1 - k)));
      }
    }
  }
}
