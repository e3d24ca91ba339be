/**
 * What TensorBoard shows of a step, as the messages of its protocol: a summary has values, each with a tag. The numbers of the fields are those
 * of summary.proto, tensor.proto and the hparams plugin's files. https://github.com/tensorflow/tensorboard
 */
import type { Histogram } from "../histogram.ts";
import {
  bytes,
  chosenDouble,
  chosenFloat,
  chosenText,
  double,
  doubles,
  type Encoded,
  floats,
  inside,
  int,
  message,
  text,
} from "./protobuf.ts";

/** An event's summary with one value: its tag, and what kind of value it is. */
const summary = (tag: string, ...value: Encoded[]): Encoded => inside(5, inside(1, message(text(1, tag), ...value)));

/** Which part of TensorBoard shows a value, and what it is told besides. */
const plugin = (name: string, content: Encoded = message()): Encoded =>
  inside(9, inside(1, message(text(1, name), bytes(2, content))));

/** A number as float32. */
export const scalarSummary = (tag: string, value: number): Encoded => summary(tag, chosenFloat(2, value));

const [FLOAT, DOUBLE, STRING] = [1, 2, 7];

/** A number as a tensor, which TensorBoard loads faster. */
export function scalarTensorSummary(tag: string, value: number, doublePrecision: boolean): Encoded {
  const tensor = doublePrecision
    ? message(int(1, DOUBLE), doubles(6, [value]))
    : message(int(1, FLOAT), floats(5, [value]));
  return summary(tag, inside(8, tensor), plugin("scalars"));
}

/** How many values are how large. */
export function histogramSummary(tag: string, { min, max, num, sum, sumSquares, limits, counts }: Histogram): Encoded {
  const moments = [min, max, num, sum, sumSquares].map((value, i) => double(i + 1, value));
  return summary(tag, inside(5, message(...moments, doubles(6, limits), doubles(7, counts))));
}

/** A PNG file. @param channels 3 for colour, 4 with opacity */
export const imageSummary = (tag: string, height: number, width: number, channels: number, png: Uint8Array): Encoded =>
  summary(tag, inside(4, message(int(1, height), int(2, width), int(3, channels), bytes(4, png))));

/** A WAV file. */
export const audioSummary = (tag: string, sampleRate: number, length: number, wav: Uint8Array): Encoded =>
  summary(
    tag,
    inside(6, message(chosenFloat(1, sampleRate), int(2, 1), int(3, length), bytes(4, wav), text(5, "audio/wav"))),
  );

/** The shape of a tensor. */
const shapeOf = (sizes: readonly number[]): Encoded =>
  inside(2, message(...sizes.map((size) => inside(2, int(1, size)))));

/** Precision and recall by the threshold. @param rows of one length */
export function precisionRecallSummary(tag: string, rows: readonly (readonly number[])[], thresholds: number): Encoded {
  const tensor = message(int(1, FLOAT), shapeOf([rows.length, rows[0].length]), floats(5, rows.flat()));
  return summary(tag, inside(8, tensor), plugin("pr_curves", int(2, thresholds)));
}

/** A chart of curves, or of one between two others. */
export type Chart = readonly [kind: "Multiline" | "Margin", tags: readonly string[]];

/** Charts by category and title, of curves that are there under these tags. */
export type ChartLayout = Readonly<Record<string, Readonly<Record<string, Chart>>>>;

/** What charts there are. */
export function layoutSummary(layout: ChartLayout): Encoded {
  const categories = Object.entries(layout).map(([category, charts]) => {
    const all = Object.entries(charts).map(([title, [kind, tags]]) => {
      const series = inside(1, message(...tags.map((tag, i) => text(i + 1, tag))));
      const content =
        kind === "Margin" ? inside(3, series) : inside(2, message(...tags.map((tag) => chosenText(1, tag))));
      return inside(2, message(text(1, title), content));
    });
    return inside(2, message(text(1, category), ...all));
  });
  const tensor = message(int(1, STRING), shapeOf([]), inside(8, message(...categories)));
  return summary("custom_scalars__config__", inside(8, tensor), plugin("custom_scalars"));
}

/** A text, as Markdown. */
export function textSummary(tag: string, content: string): Encoded {
  const ofOne = inside(2, int(1, 1)); // the shape [1]
  const tensor = message(int(1, STRING), inside(2, ofOne), chosenText(8, content));
  return summary(`${tag}/text_summary`, inside(8, tensor), plugin("text"));
}

/** A setting of a training, and its kind. */
export interface Hparam {
  readonly name: string;
  readonly value: number | string;
  /** All that it may be; empty if that is not known. */
  readonly domain: readonly (number | string)[];
}

/** The kinds of settings. */
const [STRING_VALUE, FLOAT64_VALUE] = [1, 3];

/** What the settings and the results are called. */
export function experimentSummary(hparams: readonly Hparam[], metrics: readonly string[]): Encoded {
  const infos = hparams.map(({ name, value, domain }) => {
    const kind = typeof value === "string" ? STRING_VALUE : FLOAT64_VALUE;
    const all = bytes(5, message(...domain.map((other) => inside(1, jsonValue(other)))));
    return inside(4, message(text(1, name), int(4, kind), all));
  });
  const results = metrics.map((tag) => inside(5, inside(1, text(2, tag))));
  return hparamsSummary("_hparams_/experiment", inside(2, message(...infos, ...results)));
}

/** What the settings are in this training. */
export function sessionStartSummary(hparams: readonly Hparam[]): Encoded {
  const values = hparams.map(({ name, value }) => inside(1, message(chosenText(1, name), inside(2, jsonValue(value)))));
  return hparamsSummary("_hparams_/session_start_info", inside(3, message(...values)));
}

const SUCCESS = 1;

/** That the training has ended, and well. */
export const sessionEndSummary = (): Encoded =>
  hparamsSummary("_hparams_/session_end_info", inside(4, int(1, SUCCESS)));

const hparamsSummary = (tag: string, content: Encoded): Encoded => summary(tag, plugin("hparams", content));

/** google.protobuf.Value: what JSON can say. */
const jsonValue = (value: number | string): Encoded =>
  typeof value === "number" ? chosenDouble(2, value) : chosenText(3, value);
