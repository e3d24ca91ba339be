/**
 * Notes of a training for TensorBoard: curves, histograms, images and texts, each at its step, in files that `tensorboard --logdir runs` reads
 * while they grow. Read next: formats/event-file.ts, what such a file is, and formats/summaries.ts, what is in it.
 */
import { hostname } from "node:os";
import { noGrad } from "../autograd/grad-mode.ts";
import { permute } from "../autograd/ops/shape.ts";
import { check } from "../tensor/check.ts";
import { readOptions } from "../tensor/options.ts";
import { formatShape, type Int } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { EventFile, type EventFileSettings, fileVersion, now, sessionStart } from "./formats/event-file.ts";
import { encodePng } from "./formats/png.ts";
import {
  experimentSummary,
  type Hparam,
  histogramSummary,
  imageSummary,
  scalarSummary,
  scalarTensorSummary,
  sessionEndSummary,
  sessionStartSummary,
  textSummary,
} from "./formats/summaries.ts";
import { type Bins, histogramOf } from "./histogram.ts";
import { imageGrid } from "./image-grid.ts";

/** What a `SummaryWriter` may be told. */
export interface SummaryWriterOptions {
  /** What the default folder's name ends in. Default: nothing. */
  comment?: string;
  /** A training that goes on from here after a crash: TensorBoard forgets what the folder has of this step and later ones. Default: null. */
  purgeStep?: Int | null;
  /** So many entries wait until they are written. Default: 10. */
  maxQueue?: Int;
  /** An entry that comes after so many seconds has all written that wait. Default: 120. */
  flushSecs?: number;
  /** What the files' names end in. Default: nothing. */
  filenameSuffix?: string;
}

/** What every entry may be told. */
export interface EntryOptions {
  /** When it was, in seconds since 1970. Default: now. */
  walltime?: number | null;
}

/** What `addScalar` may be told. */
export interface ScalarOptions extends EntryOptions {
  /** As a tensor, which TensorBoard loads faster. Default: false. */
  newStyle?: boolean;
  /** Such a tensor in float64. Default: false. */
  doublePrecision?: boolean;
}

/** What `addHistogram` may be told. */
export interface HistogramOptions extends EntryOptions {
  /**
   * "tensorflow" for bins that suit weights and gradients of any size, a name of NumPy's rules for bins of one width, how many of one width, or
   * their ends. Default: "tensorflow".
   */
  bins?: Bins;
  /** Neighbouring bins are put together until there are about so many. Default: null, as they are. */
  maxBins?: Int | null;
}

/** What `addImage` and `addImages` may be told. */
export interface ImageOptions extends EntryOptions {
  /** The order of the dimensions: "CHW", "HWC", "HW"; of several images "NCHW", "NHWC". Default: "CHW", of several "NCHW". */
  dataformats?: string;
}

/** What `addHparams` may be told. */
export interface HparamsOptions {
  /** All values that a setting may have, by its name. Default: none. */
  hparamDomainDiscrete?: Readonly<Record<string, readonly (number | string | boolean)[]>>;
  /** The folder in the writer's folder. Default: the time in seconds. */
  runName?: string | null;
}

/** A number, or a tensor with one element. */
export type ScalarValue = number | Tensor;

const defaultEntry: Required<EntryOptions> = { walltime: null };

/**
 * Writes what `tensorboard --logdir runs` shows. Mirrors `torch.utils.tensorboard.SummaryWriter`.
 *
 * Entries wait until there are `maxQueue`, until `flush` or `close`, or until the program ends.
 * @example
 * const writer = new SummaryWriter(path);
 * for (let step = 0; step < 3; step++) writer.addScalar("loss/train", 1 / (step + 1), step);
 * writer.addHistogram("weights", new nn.Linear(4, 4).weight, 3);
 * writer.addImage("noise", rand([3, 8, 8]), 3);
 * writer.addText("note", "lr **0.1**");
 * writer.close();
 * console.log(writer.getLogdir() === path);
 */
export class SummaryWriter {
  /** The folder of the files. */
  readonly logDir: string;
  readonly #settings: EventFileSettings;
  #purgeStep: number | null;
  /** By folder, while the writer is open. */
  readonly #files = new Map<string, EventFile>();

  /** @param logDir the folder, made if it is not there. Default: one in "runs", named after the time and this machine */
  constructor(logDir?: string | null, options?: SummaryWriterOptions) {
    const { comment, purgeStep, ...settings } = readOptions(options, {
      comment: "",
      purgeStep: null,
      maxQueue: 10,
      flushSecs: 120,
      filenameSuffix: "",
    });
    this.logDir = logDir || `runs/${timeName(new Date())}_${hostname()}${comment}`;
    this.#settings = settings;
    this.#purgeStep = purgeStep;
    this.#mainFile(); // so that TensorBoard knows of the run
  }

  /** A number at a step: a point of the curve `tag`. A tag "loss/train" is shown under "loss". */
  addScalar(tag: string, scalarValue: ScalarValue, globalStep?: Int | null, options?: ScalarOptions): void {
    const { newStyle, doublePrecision, walltime } = readOptions(options, {
      newStyle: false,
      doublePrecision: false,
      ...defaultEntry,
    });
    const value = numberOf(scalarValue);
    const content = newStyle ? scalarTensorSummary(tag, value, doublePrecision) : scalarSummary(tag, value);
    this.#add(this.#mainFile(), content, globalStep, walltime);
  }

  /** Several curves in one picture, each in a folder of its own: `<logDir>/<mainTag>_<tag>`. */
  addScalars(
    mainTag: string,
    tagScalarDict: Readonly<Record<string, ScalarValue>>,
    globalStep?: Int | null,
    options?: EntryOptions,
  ): void {
    const { walltime } = readOptions(options, { walltime: now() });
    this.#mainFile();
    for (const [tag, value] of Object.entries(tagScalarDict)) {
      const folder = `${this.logDir}/${mainTag.replaceAll("/", "_")}_${tag}`;
      this.#add(this.#file(folder), scalarSummary(mainTag, numberOf(value)), globalStep, walltime);
    }
  }

  /** How many of the values are how large. @throws if there is none, or none in a bin */
  addHistogram(
    tag: string,
    values: Tensor | readonly number[],
    globalStep?: Int | null,
    options?: HistogramOptions,
  ): void {
    const { bins, maxBins, walltime } = readOptions(options, { bins: "tensorflow", maxBins: null, ...defaultEntry });
    const histogram = histogramOf(values instanceof Tensor ? values.data : values, bins, maxBins ?? undefined);
    this.#add(this.#mainFile(), histogramSummary(tag, histogram), globalStep, walltime);
  }

  /**
   * An image (C, H, W) with 1, 3 or 4 channels, or in another order. Floating-point numbers are in [0, 1], those of int32 in [0, 255]; others
   * are taken modulo 256 as PyTorch takes them.
   */
  addImage(tag: string, imgTensor: Tensor, globalStep?: Int | null, options?: ImageOptions): void {
    const { dataformats, walltime } = readOptions(options, { dataformats: "CHW", ...defaultEntry });
    this.#add(this.#mainFile(), imageOf(tag, imgTensor, dataformats), globalStep, walltime);
  }

  /** Images (N, C, H, W) with 1 or 3 channels, or in another order, side by side, eight in a row. */
  addImages(tag: string, imgTensor: Tensor, globalStep?: Int | null, options?: ImageOptions): void {
    this.addImage(tag, imgTensor, globalStep, { dataformats: "NCHW", ...options });
  }

  /** A text, as Markdown. */
  addText(tag: string, textString: string, globalStep?: Int | null, options?: EntryOptions): void {
    const { walltime } = readOptions(options, defaultEntry);
    this.#add(this.#mainFile(), textSummary(tag, textString), globalStep, walltime);
  }

  /**
   * The settings of a training and its results, which TensorBoard compares between trainings. A boolean is the number 1 or 0, as in PyTorch.
   * @throws if a domain is not of the kind of its setting
   */
  addHparams(
    hparamDict: Readonly<Record<string, ScalarValue | string | boolean | null>>,
    metricDict: Readonly<Record<string, ScalarValue>>,
    options?: HparamsOptions,
  ): void {
    const { hparamDomainDiscrete, runName } = readOptions(options, { hparamDomainDiscrete: {}, runName: null });
    const hparams = hparamsOf(hparamDict, hparamDomainDiscrete);
    this.#mainFile();
    const writer = new SummaryWriter(`${this.logDir}/${runName || now()}`);
    const file = writer.#mainFile();
    file.add(experimentSummary(hparams, Object.keys(metricDict)));
    file.add(sessionStartSummary(hparams));
    file.add(sessionEndSummary());
    for (const [tag, value] of Object.entries(metricDict)) writer.addScalar(tag, value);
    writer.close();
  }

  /** The folder. */
  getLogdir(): string {
    return this.logDir;
  }

  /** Writes what waits. */
  flush(): void {
    for (const file of this.#files.values()) file.flush();
  }

  /** Writes what waits, and closes the files. Who adds an entry after that begins new ones. */
  close(): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }

  #add(file: EventFile, content: Uint8Array, step: number | null | undefined, walltime: number | null): void {
    file.add(content, Math.trunc(step ?? 0), walltime ?? undefined);
  }

  #file(folder: string): EventFile {
    const open = this.#files.get(folder);
    if (open) return open;
    const file = new EventFile(folder, this.#settings);
    this.#files.set(folder, file);
    return file;
  }

  #mainFile(): EventFile {
    const isNew = !this.#files.has(this.logDir);
    const file = this.#file(this.logDir);
    if (isNew && this.#purgeStep !== null) {
      file.add(fileVersion, this.#purgeStep);
      file.add(sessionStart, this.#purgeStep);
      this.#purgeStep = null;
    }
    return file;
  }
}

/** As Python's `%b%d_%H-%M-%S`: Nov27_08-40-51. */
function timeName(time: Date): string {
  const [, month, day, , clock] = time.toString().split(" ");
  return `${month}${day}_${clock.replaceAll(":", "-")}`;
}

function numberOf(value: ScalarValue): number {
  if (typeof value === "number") return value;
  const tooMany = () =>
    `Tensor should contain one element (0 dimensions). Was given size: ${value.numel} and ${value.ndim} dimensions.`;
  check(value.numel === 1, tooMany);
  return Number(value.item());
}

/** The settings that have a value. */
function hparamsOf(
  hparams: Readonly<Record<string, ScalarValue | string | boolean | null>>,
  domains: Readonly<Record<string, readonly (number | string | boolean)[]>>,
): Hparam[] {
  for (const [name, domain] of Object.entries(domains)) {
    const fits = Object.hasOwn(hparams, name) && domain.every((value) => typeof value === typeof hparams[name]);
    const otherKind = () =>
      `parameter: hparamDomainDiscrete[${name}] should be a list of same type as hparamDict[${name}].`;
    check(fits, otherKind, TypeError);
  }
  const asNumber = <T>(value: T | boolean) => (typeof value === "boolean" ? Number(value) : value);
  return Object.entries(hparams).flatMap(([name, value]) => {
    if (value === null) return [];
    const kept = value instanceof Tensor ? value.data[0] : asNumber(value);
    return [{ name, value: kept, domain: Object.hasOwn(domains, name) ? domains[name].map(asNumber) : [] }];
  });
}

function imageOf(tag: string, tensor: Tensor, dataformats: string): Uint8Array {
  const { channels, height, width, data } = inOrder(tensor, dataformats);
  const white = tensor.dtype === "int32" ? 1 : 255;
  const size = height * width;
  const pixels = new Uint8Array(4 * size).fill(255); // opaque unless there is a fourth channel
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < Math.max(channels, 3); c++) {
      pixels[4 * i + c] = Math.fround(data[channels === 1 ? i : c * size + i] * white); // modulo 256
    }
  }
  return imageSummary(tag, height, width, Math.max(channels, 3), encodePng(pixels, 4, width, height, 9));
}

/** An image (C, H, W), whatever the order of its dimensions was; several as one. */
function inOrder(tensor: Tensor, dataformats: string) {
  const order = dataformats.toUpperCase();
  const twice = () => `You can not use the same dimension shordhand twice. input_format: ${dataformats}`;
  check(new Set(order).size === order.length, twice);
  const otherSize = () =>
    "size of input tensor and input format are different. " +
    `tensor shape: ${formatShape(tensor.shape)}, input_format: ${dataformats}`;
  check(tensor.ndim === order.length, otherSize);
  const wanted = { 2: "HW", 3: "CHW", 4: "NCHW" }[order.length];
  const otherLetters = () => `dataformats must be the letters of HW, CHW or NCHW in any order, but got ${dataformats}`;
  check(wanted !== undefined && [...wanted].every((letter) => order.includes(letter)), otherLetters);
  const places = [...wanted].map((letter) => order.indexOf(letter));
  const image = noGrad(() => permute(tensor, places));
  const several = image.ndim === 4;
  const one = several ? imageGrid(image, { padding: 0 }) : image;
  const [channels, height, width] = one.ndim === 2 ? [1, ...one.shape] : one.shape;
  const otherChannels = () => `expected an image with 1, 3${several ? "" : " or 4"} channels, but got ${channels}`;
  check(several ? channels === 1 || channels === 3 : [1, 3, 4].includes(channels), otherChannels);
  check(height * width > 0, () => `expected an image with pixels, but got ${formatShape(tensor.shape)}`);
  return { channels, height, width, data: one.data };
}
