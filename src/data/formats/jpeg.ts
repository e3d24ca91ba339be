/**
 * JPEG files, by the decoder of MozJPEG as WebAssembly: the only file that imports this package. It gives libjpeg-turbo's bytes, which
 * are torchvision's. Read next: jpeg-markers.ts, what is looked at before, and jpeg-write.ts.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import makeDecoder from "@jsquash/jpeg/codec/dec/mozjpeg_dec.js";
import { check } from "../../tensor/check.ts";
import { type JpegFrame, readFrame, saidToBeRgb } from "./jpeg-markers.ts";
import { checkPixelCount } from "./pixel-count.ts";

/** A picture row by row, four bytes a pixel: red, green, blue, and 255. */
export interface JpegPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
  /** 1 if it is grey, else 3. */
  readonly channels: 1 | 3;
}

/** What Emscripten makes of a C++ program. */
interface Decoder {
  decode(file: Uint8Array, preserveOrientation: boolean): Omit<JpegPixels, "channels">;
  /** Its memory, which never becomes smaller. */
  readonly HEAPU8: Uint8Array;
}

/** Small pictures may be packed as they like. */
const SMALL_PICTURE = 2 ** 24;
/** Of a larger one, a byte stands for at most so many pixels: a bit for 8x8 of them. */
const LARGEST_RATIO = 512;

/** A decoder is kept for the next picture, unless it has taken more memory than this. */
const MOST_KEPT = 2 ** 26;

export const isJpeg = (file: Uint8Array): boolean => file[0] === 0xff && file[1] === 0xd8 && file[2] === 0xff;

/**
 * The pixels; of a picture in colour that is wanted grey, the brightness as it is stored is in red, green and blue.
 * @throws if the file is not a whole JPEG file, or is of colours for a printer
 */
export function decodeJpeg(file: Uint8Array, isWantedGrey: boolean): JpegPixels {
  const frame = readFrame(file);
  checkFrame(frame, file.length);
  const isBrightness = isWantedGrey && frame.isYCbCr;
  const { width, height, data } = decoded(isBrightness ? saidToBeRgb(file, frame) : file);
  if (isWantedGrey && frame.components === 3) spreadGrey(data, frame.isYCbCr);
  return { width, height, data, channels: frame.components === 1 || isWantedGrey ? 1 : 3 };
}

/** Before anything is allocated for its pixels. */
function checkFrame({ width, height, components }: JpegFrame, length: number): void {
  const pixels = width * height;
  const tooMany = () => `it has ${length} bytes, which cannot hold ${width}x${height} pixels`;
  checkPixelCount(width, height);
  check(pixels <= SMALL_PICTURE || pixels <= LARGEST_RATIO * length, tooMany);
  check(
    components === 1 || components === 3,
    () => `its pixels have ${components} components, and only 1 and 3 are read`,
  );
}

/** Each pixel as grey in three colours: the first component, or what libjpeg makes of red, green and blue. */
function spreadGrey(data: Uint8Array | Uint8ClampedArray, isFirst: boolean): void {
  for (let at = 0; at < data.length; at += 4) {
    const grey = isFirst ? data[at] : (19595 * data[at] + 38470 * data[at + 1] + 7471 * data[at + 2] + 32768) >> 16;
    data.fill(grey, at, at + 3);
  }
}

let kept: Decoder | undefined;
let problems: string[] = [];

function decoded(file: Uint8Array): Omit<JpegPixels, "channels"> {
  problems = [];
  const decoder = kept ?? newDecoder();
  kept = undefined; // one that fails stops in the middle of its work
  try {
    const pixels = withImageData(() => decoder.decode(file, false));
    if (decoder.HEAPU8.length <= MOST_KEPT) kept = decoder;
    return pixels;
  } catch (error) {
    throw new Error(problems.at(-1) ?? (error as Error).message, { cause: error });
  }
}

let compiled: WebAssembly.Module | undefined;

function newDecoder(): Decoder {
  const place = "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm";
  compiled ??= new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve(place)));
  const module = compiled;
  const decoder = {
    noInitialRun: true,
    printErr: (line: string) => void problems.push(line),
    // Without waiting: a dataset reads its pictures when it is asked for them.
    instantiateWasm(
      imports: ConstructorParameters<typeof WebAssembly.Instance>[1],
      done: (instance: WebAssembly.Instance) => void,
    ) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  };
  const made = decoder as unknown as Decoder; // it is completed in place
  withImageData(() => (makeDecoder as (given: object) => Promise<unknown>)(decoder).catch(() => {}));
  return made;
}

/** The decoder makes an ImageData, which browsers have, and leaves one behind where there is none. */
function withImageData<T>(work: () => T): T {
  const host = globalThis as { ImageData?: unknown };
  if (host.ImageData) return work();
  host.ImageData = class {
    readonly data: Uint8ClampedArray;
    readonly width: number;
    readonly height: number;

    constructor(data: Uint8ClampedArray, width: number, height: number) {
      this.data = data;
      this.width = width;
      this.height = height;
    }
  };
  try {
    return work();
  } finally {
    delete host.ImageData;
  }
}
