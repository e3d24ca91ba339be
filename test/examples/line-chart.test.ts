/** What must hold for every chart, whatever its numbers; how it looks is for eyes to judge. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LineChart, lineChartSvg, type Series } from "../../examples/support/line-chart.ts";
import { renderPng } from "../../examples/support/render-png.ts";
import { writeFileAtomically } from "../../src/data/formats/write-file.ts";

const batchNorm = [0.303, 0.141, 0.099, 0.074, 0.057, 0.044, 0.034, 0.027, 0.021, 0.016];
const plain = [1.36, 0.467, 0.367, 0.327, 0.3, 0.278, 0.259, 0.242, 0.226, 0.212];

const series = (y: number[], label = "loss", x = y.map((_, i) => i + 1)): Series => ({ label, x, y });
const chartOf = (...list: Series[]): LineChart => ({ title: "Loss", xLabel: "Epoch", yLabel: "Loss", series: list });

const all = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)];
const numbers = (text: string) => (text.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);

/** Reads a chart back: the frame, the corners of each line, the markers and the numbers at the axes. */
function parse(chart: LineChart) {
  const svg = lineChartSvg(chart);
  const [body, legend] = svg.split('<g class="legend">');
  const [left, top, bottom, right] = numbers(all(body, /class="frame" d="([^"]*)"/g)[0][1]);
  const pairs = (flat: number[]) => flat.flatMap((v, i) => (i % 2 === 0 ? [{ x: v, y: flat[i + 1] }] : []));
  const lines = all(body, /class="line" d="([^"]*)"/g).map((match) => match[1]);
  const ticks = (axis: string) =>
    all(svg, new RegExp(`<text x="([^"]*)" y="([^"]*)"[^>]*class="${axis}-tick"[^>]*>([^<]*)<`, "g")).map((match) => ({
      at: Number(match[axis === "x" ? 1 : 2]),
      value: Number(match[3].replaceAll(",", "").replace("−", "-")),
    }));
  return {
    svg,
    frame: { left, top, right, bottom },
    lines,
    corners: lines.map((d) => pairs(numbers(d))),
    markers: all(body, /class="marker"[^>]*translate\(([^)]*)\)/g).map((match) => pairs(numbers(match[1]))[0]),
    legend: { svg: legend ?? "", box: numbers(/<rect ([^>]*?) rx/.exec(legend ?? "")?.[1] ?? "") },
    ticks: { x: ticks("x"), y: ticks("y") },
  };
}

const cases: Record<string, Series[]> = {
  "ten epochs": [series(batchNorm), series(plain)],
  "two epochs": [series([0.3, 0.1]), series([1.4, 0.5])],
  "one epoch": [series([0.303]), series([1.36])],
  "small values": [series(plain.map((v) => 1e-4 * v))],
  "large values": [series(plain.map((v) => 1e5 * v))],
  "huge values": [series(plain.map((v) => 1e200 * v))],
  "tiny values": [series(plain.map((v) => 1e-200 * v))],
  "negative values": [series(plain.map((v) => -v))],
  "values of both signs": [series([-1, 2, -3]), series(plain)],
  "one negative value": [series([-3])],
  zeros: [series([0, 0, 0])],
  "a constant": [series([0.7, 0.7])],
  "different lengths": [series(batchNorm), series(plain.slice(0, 3))],
  "thousands of steps": [series(Array.from({ length: 3000 }, (_, i) => 1 / (1 + i)))],
  "x that is no integer": [series([3, 2, 1], "loss", [0, 0.25, 0.5])],
  "a diverged run": [series([2.3, 55, 8e3, Number.NaN, Number.POSITIVE_INFINITY]), series(batchNorm)],
  "nothing but NaN": [series([Number.NaN, Number.NaN])],
  "an empty series": [series([]), series(batchNorm)],
  "no series": [],
};

describe.each(Object.entries(cases))("lineChartSvg of %s", (_, list) => {
  const { svg, frame, corners, markers, legend, ticks } = parse(chartOf(...list));

  it("draws every finite point inside the plot, and nothing else", () => {
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    const finite = list.filter(({ y }) => y.length > 0).map(({ y }) => y.filter(Number.isFinite).length);
    expect(corners.map((points) => points.length)).toEqual(finite);
    for (const { x, y } of [...corners.flat(), ...markers]) {
      expect(x).toBeGreaterThan(frame.left);
      expect(x).toBeLessThan(frame.right);
      expect(y).toBeGreaterThan(frame.top);
      expect(y).toBeLessThanOrEqual(frame.bottom);
    }
  });

  it.each(["x", "y"] as const)("has round, evenly spaced and distinct ticks on the %s axis", (axis) => {
    const values = ticks[axis].map(({ value }) => value);
    const step = values.length > 1 ? values[1] - values[0] : 1;
    expect([1, 2, 5]).toContain(Number(step.toExponential(6).split("e")[0]));
    for (let i = 1; i < values.length; i++) expect((values[i] - values[i - 1]) / step).toBeCloseTo(1, 6);
    expect(values.length).toBeLessThanOrEqual(14);
  });

  it("covers the range with its ticks", () => {
    expect(ticks.y[0].at - 0.36 * 14).toBeCloseTo(frame.bottom, 1);
    expect(ticks.y[ticks.y.length - 1].at - 0.36 * 14).toBeCloseTo(frame.top, 1);
    const step = ticks.x.length > 1 ? ticks.x[1].at - ticks.x[0].at : frame.right - frame.left;
    expect(ticks.x[0].at - frame.left).toBeLessThan(step);
    expect(frame.right - ticks.x[ticks.x.length - 1].at).toBeLessThan(step);
  });

  it("puts each point where the ticks say it is", () => {
    const [first, last] = [ticks.x[0], ticks.x[ticks.x.length - 1]];
    if (first === last) return;
    const toPixel = (x: number) => first.at + ((x - first.value) / (last.value - first.value)) * (last.at - first.at);
    const finite = list
      .filter(({ y }) => y.length > 0)
      .flatMap(({ x, y }) => x.filter((_, i) => Number.isFinite(y[i])));
    for (const [i, point] of corners.flat().entries()) expect(Math.abs(point.x - toPixel(finite[i]))).toBeLessThan(0.1);
  });

  it("keeps the legend off the curves", () => {
    const [x, y, width, height] = legend.box;
    const inside = corners.flat().filter((p) => p.x > x && p.x < x + width && p.y > y && p.y < y + height);
    expect(inside).toEqual([]);
  });
});

describe("lineChartSvg", () => {
  it("starts at zero where nothing is negative", () => {
    expect(parse(chartOf(series([8, 9, 10]))).ticks.y[0].value).toBe(0);
    expect(parse(chartOf(series([-1, 1]))).ticks.y[0].value).toBeLessThan(-1);
  });

  it("ticks every epoch while they are few, and whole epochs always", () => {
    expect(parse(chartOf(series(plain))).ticks.x.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(parse(chartOf(series([1]))).ticks.x.map(({ value }) => value)).toEqual([1]);
    expect(parse(chartOf(series([2, 1]))).ticks.x.map(({ value }) => value)).toEqual([1, 2]);
  });

  it("writes very large and very small numbers with a power of ten", () => {
    expect(parse(chartOf(series([3e-4]))).svg).toContain(">×10⁻⁴<");
    expect(parse(chartOf(series([3e21]))).svg).toContain(">×10²¹<");
    expect(parse(chartOf(series([1e5]))).svg).toContain(">100,000<");
  });

  it("breaks the line at a value that is not finite, and counts them in the legend", () => {
    const { lines, markers, legend } = parse(
      chartOf(series([3, 2, Number.NaN, 1, Number.POSITIVE_INFINITY, 1, 1], "sgd")),
    );
    expect(all(lines[0], /M/g)).toHaveLength(3);
    expect(markers).toHaveLength(5);
    expect(legend.svg).toContain(">sgd (2 of 7 not finite)<");
  });

  it("marks the points of a short series, and lonely ones of a long series", () => {
    const long = Array.from({ length: 100 }, (_, i) => (i === 50 || i === 52 ? Number.NaN : 1 / (i + 1)));
    expect(parse(chartOf(series(plain))).markers).toHaveLength(10);
    expect(parse(chartOf(series(long))).markers).toHaveLength(1);
  });

  it("moves the legend to the corner that is free", () => {
    const falling = parse(chartOf(series(plain)));
    const rising = parse(chartOf(series([0, 0.2, 1], "up"), series([1, 0.9, 1.1], "flat")));
    expect(falling.legend.box[0]).toBeGreaterThan(480);
    expect(falling.legend.box[1]).toBeLessThan(300);
    expect(rising.legend.box[1]).toBeGreaterThan(300);
  });

  it("sees a line that crosses a corner between two points", () => {
    const { frame, legend, corners } = parse(chartOf(series([0.8, 0.98, 0.8], "a label that fills most of a corner")));
    const [, , width, height] = legend.box;
    const inTop = corners[0].filter(({ y }) => y < frame.top + height + 20);
    expect(inTop.map(({ x }) => Math.abs(x - 480) < 480 - width)).toEqual([true]); // no point in either top corner
    expect(legend.box[1]).toBeGreaterThan(300);
  });

  it("escapes what XML would misread", () => {
    const hostile = `a < b & "c" > d\u0000\n`;
    const { svg } = parse({ ...chartOf(series([1], hostile)), title: hostile, xLabel: hostile, yLabel: hostile });
    expect(all(svg, />a &lt; b &amp; &quot;c&quot; &gt; d {2}</g)).toHaveLength(4);
  });

  it("gives each curve its own colour, which does not depend on what else is empty", () => {
    const colorOf = (svg: string) => all(svg, /class="line"[^>]* stroke="([^"]*)"/g).map((match) => match[1]);
    expect(new Set(colorOf(lineChartSvg(chartOf(...Array.from({ length: 6 }, () => series(plain)))))).size).toBe(6);
    const [, second] = colorOf(lineChartSvg(chartOf(series(batchNorm), series(plain))));
    expect(colorOf(lineChartSvg(chartOf(series([]), series(plain))))[0]).toBe(second);
  });
});

describe("renderPng", () => {
  it("makes a PNG of the chart's size, more than once", async () => {
    for (const [width, height] of [
      [960, 600],
      [320, 240],
    ]) {
      const image = PNG.sync.read(
        Buffer.from(await renderPng(lineChartSvg({ ...chartOf(series(plain)), width, height }))),
      );
      expect([image.width, image.height]).toEqual([width, height]);
    }
  });

  it("draws text without the machine's fonts, and nothing at the edge of the image", async () => {
    const chart = {
      ...chartOf(series([1e-4], "W".repeat(80)), series([2e-4])),
      title: "W".repeat(200),
      yLabel: "m".repeat(90),
    };
    const { width, height, data } = PNG.sync.read(Buffer.from(await renderPng(lineChartSvg(chart))));
    const inkIn = (x0: number, y0: number, x1: number, y1: number) => {
      let dark = 0;
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) if (data[4 * (y * width + x)] < 200) dark++;
      return dark;
    };
    expect(inkIn(60, 10, width, 50)).toBeGreaterThan(100); // the title
    for (const edge of [
      [0, 0, width, 4],
      [0, height - 4, width, height],
      [0, 0, 4, height],
      [width - 4, 0, width, height],
    ]) {
      expect(inkIn(...(edge as [number, number, number, number]))).toBe(0);
    }
  });

  it("reads every label, however hostile", async () => {
    const hostile = `<&">'\u0000\u001b`;
    await expect(renderPng(lineChartSvg({ ...chartOf(series([1], hostile)), title: hostile }))).resolves.toBeDefined();
  });
});

describe("writeFileAtomically", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "chart-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("makes the folder, replaces an older file and leaves nothing else behind", () => {
    const path = join(folder, "a", "b", "chart.svg");
    writeFileAtomically(path, "old");
    writeFileAtomically(path, new Uint8Array([110, 101, 119]));
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(readdirSync(join(folder, "a", "b"))).toEqual(["chart.svg"]);
  });

  it("takes its temporary file away when it fails", () => {
    mkdirSync(join(folder, "taken"));
    expect(() => writeFileAtomically(join(folder, "taken"), "x")).toThrow();
    expect(readdirSync(folder)).toEqual(["taken"]);
  });
});
