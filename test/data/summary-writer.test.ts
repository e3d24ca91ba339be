/** What TensorBoard reads: the bytes are those that PyTorch writes with TensorBoard's own encoder, which test/fixtures/tensorboard-events.py asked. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it as plainIt } from "vitest";
import { type Bins, SummaryWriter, type SummaryWriterOptions } from "../../src/data/files.ts";
import { crc32c, maskedCrc32c } from "../../src/data/formats/crc.ts";
import { decodePng } from "../../src/data/formats/png.ts";
import { arange, ones, tensor, zeros } from "../../src/index.ts";
import { root as projectRoot } from "../support/tree.ts";
import { filesIn, it } from "./support.ts";

/** The events of a file, whose checksums are right. */
function eventsOf(file: Buffer): Buffer[] {
  const events: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(maskedCrc32c(file.subarray(at, at + 8)));
    const event = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(event));
    events.push(event);
    at += 16 + length;
  }
  return events;
}

/** The fields of a message: number, and value as bytes; of a varint as the number. */
function fieldsOf(message: Buffer): Map<number, (Buffer | number)[]> {
  let at = 0;
  const varint = (): number => {
    let [value, shift] = [0n, 0n];
    for (let byte = 128; byte & 128; shift += 7n) {
      byte = message[at++];
      value |= BigInt(byte & 127) << shift;
    }
    return Number(BigInt.asIntN(64, value));
  };
  const fields = new Map<number, (Buffer | number)[]>();
  while (at < message.length) {
    const key = varint();
    const length = [0, 8, -1, 0, 0, 4][key & 7];
    const value = length === 0 ? varint() : bytes(length < 0 ? varint() : length);
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;

  function bytes(length: number): Buffer {
    at += length;
    return message.subarray(at - length, at);
  }
}

/** What lies at a path of fields, the first of each. */
const at = (message: Buffer, ...path: number[]): Buffer | number | undefined =>
  path.reduce<Buffer | number | undefined>(
    (part, field) => (Buffer.isBuffer(part) ? fieldsOf(part).get(field)?.[0] : undefined),
    message,
  );

/** An event to compare: without its time, if that is that of the test; and a PNG file, which may be packed in many ways, as its pixels. */
function comparable(event: Buffer) {
  const time = (at(event, 1) as Buffer).readDoubleLE();
  const rest = event.subarray(9);
  const png = at(event, 5, 1, 4, 4);
  if (!Buffer.isBuffer(png)) return { time: time === 1.5, bytes: rest.toString("hex") };
  const { height, width, data } = decodePng(png);
  const [summaryHeight, summaryWidth, channels] = [1, 2, 3].map((field) => at(event, 5, 1, 4, field));
  const tag = `${at(event, 5, 1, 1)}`;
  return { time, step: at(event, 2), tag, height, width, data: [...data], summaryHeight, summaryWidth, channels };
}

const lone = (folder: string): Buffer => {
  const names = filesIn(folder).filter((name) => !name.includes("/"));
  expect(names).toHaveLength(1);
  return readFileSync(join(folder, names[0]));
};

it("writes what PyTorch writes, byte for byte", ({ root }) => {
  const writer = new SummaryWriter(root, { purgeStep: 3 });
  const walltime = 1.5;
  writer.addScalar("loss/train", 0.1, 7, { walltime });
  writer.addScalar("zero", 0, 0, { walltime });
  writer.addScalar("grüße", tensor([[2.5]]), -1, { walltime });
  writer.addScalar("new", 0.1, 300, { walltime, newStyle: true });
  writer.addScalar("newer", 0.1, 2 ** 31 + 1, { walltime, newStyle: true, doublePrecision: true });
  const values = tensor([-2.5, -0.5, 0, 0, 0.5, 2 ** -40, 3, 4]);
  writer.addHistogram("tensorflow", values, 1, { walltime });
  const rules: Bins[] = [4, "auto", "fd", "sturges", "sqrt", "rice", "scott", [-3, 0, 0.5, 3]];
  for (const bins of rules) {
    writer.addHistogram(typeof bins === "string" ? `bins ${bins}` : "bins", values, 1, { walltime, bins });
  }
  writer.addHistogram("joined", values, 1, { walltime, bins: 7, maxBins: 3 });
  writer.addHistogram("joined evenly", values, 1, { walltime, bins: 8, maxBins: 3 });
  writer.addHistogram("one value", tensor([2]), 1, { walltime, bins: "auto" });
  writer.addHistogram("one bin", tensor([2, 2]), 1, { walltime, bins: 3 });
  const colours = tensor([
    [
      [0, 0.5],
      [1, 1.01],
    ],
    [
      [0.25, 0.3],
      [0.1, 0.9],
    ],
    [
      [0.7, -0.1],
      [0.2, 0.6],
    ],
  ]);
  writer.addImage("CHW", colours, 1, { walltime });
  writer.addImage("cwh", colours.permute([0, 2, 1]), 1, { walltime, dataformats: "cwh" });
  writer.addImage("HW", colours.select(0, 0), 1, { walltime, dataformats: "HW" });
  writer.addImage("WH", colours.select(0, 0), 1, { walltime, dataformats: "WH" });
  writer.addImage("bytes", tensor([[[0, 128, 255]]], { dtype: "int32" }), 1, { walltime });
  writer.addImage("opacity", ones([4, 1, 2]).div(2), 1, { walltime });
  writer.addImages("NCHW", arange(0, 18).view([9, 1, 1, 2]).div(18), 1, { walltime });
  writer.addImages("NHWC", colours.view([1, 2, 2, 3]), 1, { walltime, dataformats: "NHWC" });
  writer.addText("note", "lr **0.1**", 2, { walltime });
  writer.addText("", "", undefined, { walltime });
  writer.addHistogramRaw("raw", -1, 2, 3, 1.5, 5.25, [0, 1, 2], [1, 0, 2], 1, { walltime });
  writer.addAudio("sound", tensor([[0, 0.5, -0.25, 1.5, -1, 0.1]]), 2, { sampleRate: 8000, walltime });
  const [labels, predictions] = [tensor([1, 0, 1, 1, 0], { dtype: "int32" }), tensor([0.9, 0.8, 0.3, 1, 0])];
  writer.addPrCurve("curve", labels, predictions, 1, { walltime });
  const weights = tensor([1, 0.5, 2, 1, 1]);
  writer.addPrCurve("weighed", labels, predictions, 1, { numThresholds: 5, weights, walltime });
  const counts = [tensor([2, 1]), tensor([1, 0]), tensor([0, 1]), tensor([0, 1])] as const;
  writer.addPrCurveRaw("curve of counts", ...counts, tensor([0.5, 1]), tensor([1, 0.5]), 1, {
    numThresholds: 2,
    walltime,
  });
  writer.addCustomScalars({
    a: { both: ["Multiline", ["x", "y"]], range: ["Margin", ["x", "low", "high"]] },
    b: {},
  });
  writer.addCustomScalarsMultilinechart(["x", ""]);
  writer.addCustomScalarsMarginchart(["x", "low", "high"], "category", "title");
  const lrs = { hparamDomainDiscrete: { lr: [0.1, 0.5] }, runName: "a" };
  writer.addHparams({ lr: 0.1 }, { "hparam/loss": 0.25 }, lrs);
  writer.addHparams({ name: "x" }, {}, { hparamDomainDiscrete: { name: ["x", ""] }, runName: "b" });
  const biases = { hparamDomainDiscrete: { bias: [true, false] }, runName: "c" };
  writer.addHparams({ bias: true, none: null }, {}, biases);
  writer.addHparams({ zero: 0 }, {}, { runName: "d" });
  writer.addHparams({ tensor: tensor([2, 3]) }, {}, { runName: "e" });
  writer.close();

  const found = ["", "a", "b", "c", "d", "e"].flatMap((run) => eventsOf(lone(join(root, run))));
  const expected = eventsOf(readFileSync(join(projectRoot, "test/fixtures/tensorboard-events.tfevents")));
  const isFirst = (event: Buffer) => at(event, 10) !== undefined; // which says what program has written it
  expect(found.map(isFirst)).toEqual(expected.map(isFirst));
  const others = (events: Buffer[]) => events.filter((event) => !isFirst(event)).map(comparable);
  expect(others(found)).toEqual(others(expected));
});

plainIt("has the checksums of RFC 3720", () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
});

it("begins a file that says its version, and its name when and where", ({ root }) => {
  const writer = new SummaryWriter(root, { filenameSuffix: ".mine" });
  expect(filesIn(root)[0]).toMatch(
    new RegExp(`^events\\.out\\.tfevents\\.\\d{10}\\..+\\.${process.pid}\\.\\d+\\.mine$`),
  );
  const [first] = eventsOf(lone(root));
  expect([`${at(first, 3)}`, `${at(first, 10, 1)}`]).toEqual(["brain.Event:2", "lucidgrad"]);
  expect(Math.abs((at(first, 1) as Buffer).readDoubleLE() - Date.now() / 1000)).toBeLessThan(100);
  expect(writer.getLogdir()).toBe(root);
  writer.close();
});

it("puts curves of one picture into folders of their own", ({ root }) => {
  const writer = new SummaryWriter(root);
  for (const step of [1, 2]) writer.addScalars("loss/both", { train: step, test: tensor(-step) }, step);
  writer.close();
  for (const [tag, values] of [["train", [1, 2]] as const, ["test", [-1, -2]] as const]) {
    const [, ...events] = eventsOf(lone(join(root, `loss_both_${tag}`)));
    expect(events.map((event) => `${at(event, 5, 1, 1)}`)).toEqual(["loss/both", "loss/both"]);
    expect(events.map((event) => (at(event, 5, 1, 2) as Buffer).readFloatLE())).toEqual(values);
  }
  expect(eventsOf(lone(root))).toHaveLength(1);
});

it.for<[what: string, options: SummaryWriterOptions, entries: number, written: number]>([
  ["ten wait", {}, 9, 0],
  ["ten are written", {}, 10, 10],
  ["three are written", { maxQueue: 3 }, 8, 6],
  ["all are written that come later than they may", { flushSecs: 0 }, 2, 2],
])("%s", ([, options, entries, written], { root }) => {
  const writer = new SummaryWriter(root, options);
  for (let step = 0; step < entries; step++) writer.addScalar("x", step, step);
  expect(eventsOf(lone(root))).toHaveLength(1 + written);
  writer.flush();
  expect(eventsOf(lone(root))).toHaveLength(1 + entries);
  writer.close();
});

it("begins another file for what comes after it was closed", ({ root }) => {
  const writer = new SummaryWriter(root);
  writer.close();
  writer.close();
  writer.addScalar("x", 1);
  writer.close();
  const files = filesIn(root).map((name) => eventsOf(readFileSync(join(root, name))).length);
  expect(files).toEqual([1, 2]);
});

it("has a folder in runs of its own", ({ root }) => {
  const before = process.cwd();
  process.chdir(root);
  try {
    const writer = new SummaryWriter(null, { comment: "_small" });
    expect(writer.logDir).toMatch(/^runs\/[A-Z][a-z]{2}\d\d_\d\d-\d\d-\d\d_.+_small$/);
    expect(filesIn(root)[0]).toContain(`runs/${basename(writer.logDir)}/events.out.tfevents.`);
    writer.close();
  } finally {
    process.chdir(before);
  }
});

it("refuses what it cannot show, and says why", ({ root }) => {
  const writer = new SummaryWriter(root);
  const image = (shape: number[], dataformats: string) => () => writer.addImage("x", zeros(shape), 0, { dataformats });
  const domain = { hparamDomainDiscrete: { lr: ["a"] } };
  for (const [act, words] of [
    [
      () => writer.addScalar("x", tensor([1, 2])),
      "Tensor should contain one element (0 dimensions). Was given size: 2",
    ],
    [() => writer.addHistogram("x", []), "The input has no element."],
    [() => writer.addHistogram("x", [Number.NaN]), "The histogram is empty"],
    [() => writer.addHistogram("x", [1], 0, { bins: [2, 3] }), "The histogram is empty"],
    [() => writer.addHistogram("x", [1], 0, { bins: [3, 2] }), "`bins` must increase monotonically, when an array"],
    [() => writer.addHistogram("x", [1], 0, { bins: 0 }), "`bins` must be positive, when an integer"],
    [
      () => writer.addHistogram("x", [Infinity, 1], 0, { bins: 2 }),
      "autodetected range of [1, Infinity] is not finite",
    ],
    [image([3, 2, 2], "CHH"), "You can not use the same dimension shordhand twice. input_format: CHH"],
    [image([3, 2, 2], "HW"), "size of input tensor and input format are different. tensor shape: [3, 2, 2]"],
    [image([3, 2, 2], "CHX"), "dataformats must be the letters of HW, CHW or NCHW in any order, but got CHX"],
    [image([2, 2, 2], "CHW"), "expected an image with 1, 3 or 4 channels, but got 2"],
    [image([1, 4, 2, 2], "NCHW"), "expected an image with 1, 3 channels, but got 4"],
    [image([3, 0, 2], "CHW"), "expected an image with pixels, but got [3, 0, 2]"],
    [() => writer.addHistogramRaw("x", 0, 1, 1, 1, 1, [1], []), "len(bucket_limits) != len(bucket_counts)"],
    [() => writer.addAudio("x", zeros([2, 2])), "input tensor should be 1 dimensional."],
    [() => writer.addPrCurve("x", zeros(2), zeros(3)), "there are 2 labels, but 3 predictions"],
    [() => writer.addCustomScalarsMarginchart(["x"]), "a chart with a margin has three tags"],
    [() => writer.addHparams({ lr: 1 }, {}, domain), "should be a list of same type as hparamDict[lr]."],
    [() => new SummaryWriter(join(root, filesIn(root)[0])), "cannot be written"],
  ] as const) {
    expect(act).toThrow(words);
  }
  expect(filesIn(root)).toHaveLength(1); // nothing was begun for them
  writer.close();
});
