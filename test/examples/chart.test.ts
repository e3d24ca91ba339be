/** What must hold for every chart, whatever its numbers; how it looks is for eyes to judge. */
import { DOMParser, type Element } from "@xmldom/xmldom";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { logSpaced, summarize } from "../../examples/experiments/support/statistics.ts";
import { COLORS, type Curve, chartSvg, type Figure, type Panel } from "../../examples/support/chart.ts";
import { renderPng } from "../../examples/support/render-png.ts";

const batchNorm = [0.303, 0.141, 0.099, 0.074, 0.057, 0.044, 0.034, 0.027, 0.021, 0.016];
const plain = [1.36, 0.467, 0.367, 0.327, 0.3, 0.278, 0.259, 0.242, 0.226, 0.212];
const thousands = Array.from({ length: 3000 }, (_, i) => 1 / (1 + i));
const hundredWhere = (kept: (i: number) => boolean) =>
  thousands.slice(0, 100).map((y, i) => (kept(i) ? y : Number.NaN));

const curve = (y: number[], label = "loss", x = y.map((_, i) => i + 1)): Curve => ({
  label,
  color: COLORS.plain,
  points: y.map((value, i) => ({ x: x[i], ...summarize([value]) })),
});
const chartOf = (curves: Curve[], axes: Partial<Panel> = {}): Figure => ({
  title: "Title",
  panels: [{ title: "Panel", x: { label: "Epoch" }, y: { label: "Loss" }, curves, ...axes }],
});
const log = { y: { label: "Loss", log: true } };
const render = async (figure: Figure) => PNG.sync.read(Buffer.from(await renderPng(chartSvg(figure))));

/** A chart of one panel, read back by the names that Plot gives its marks. */
function read(figure: Figure) {
  const svg = chartSvg(figure);
  const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement as Element;
  const panel = root.lastChild as Element;
  const marks = (parent: Element, name: string) =>
    ([...parent.childNodes] as Element[]).filter((mark) => mark.getAttribute("aria-label") === name);
  const shapes = (parent: Element, name: string) =>
    marks(parent, name).flatMap((mark) => [...mark.childNodes] as Element[]);
  const places = (numbers: string) =>
    [...numbers.matchAll(/(-?[\d.]+)[, ](-?[\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
  const placeOf = (shape: Element) =>
    places(shape.getAttribute("transform") ?? `${shape.getAttribute("cx")} ${shape.getAttribute("cy")}`)[0];
  const isCross = (dot: Element) => (dot.parentNode as Element).getAttribute("fill") === "none";
  const ticks = (axis: string) =>
    shapes(panel, `${axis}-axis tick label`).map((tick) => ({ ...placeOf(tick), text: tick.textContent ?? "" }));
  const [left, bottom] = marks(panel, "frame").map((line) => (name: string) => Number(line.getAttribute(name)));
  const dots = shapes(panel, "dot");
  const shiftOf = (dot: Element) =>
    Number(/\((-?[\d.]+)/.exec((dot.parentNode as Element).getAttribute("transform") ?? "(0")?.[1]);
  const lines = shapes(panel, "line").map((line) => line.getAttribute("d") ?? "");
  const top = Number(panel.getAttribute("y"));
  return {
    svg,
    texts: shapes(root, "text").map(({ textContent }) => textContent ?? ""),
    legendBottom: Math.max(...shapes(root, "dot").map((dot) => placeOf(dot).y)) - top,
    top,
    frame: { left: bottom("x1"), right: bottom("x2"), top: left("y1"), bottom: left("y2") },
    lines,
    corners: lines.map(places),
    markers: dots.filter((dot) => !isCross(dot)).map(placeOf),
    crosses: dots.filter(isCross).map((dot) => ({ ...placeOf(dot), x: placeOf(dot).x + shiftOf(dot) })),
    ticks: { x: ticks("x"), y: ticks("y") },
    minorTicks: shapes(panel, "x-axis tick").length - ticks("x").filter(({ text }) => text).length,
    order: ([...panel.childNodes] as Element[]).map((mark) => mark.getAttribute("aria-label")),
  };
}
const numberOf = (text: string) => Number(text.replaceAll(",", "").replace("−", "-"));

const times = (factor: number) => curve(plain.map((y) => factor * y));
const cases: Record<string, Curve[]> = {
  "small values": [times(1e-4)],
  "large values": [times(1e5)],
  "huge values": [times(1e200)],
  "tiny values": [times(1e-200)],
  "negative values": [times(-1)],
  "ten epochs": [curve(batchNorm), curve(plain)],
  "two epochs": [curve([0.3, 0.1]), curve([1.4, 0.5])],
  "one epoch": [curve([0.303]), curve([1.36])],
  "values of both signs": [curve([-1, 2, -3]), curve(plain)],
  "one negative value": [curve([-3])],
  zeros: [curve([0, 0, 0])],
  "a constant": [curve([0.7, 0.7])],
  "different lengths": [curve(batchNorm), curve(plain.slice(0, 3))],
  "twenty epochs": [curve(Array(20).fill(1))],
  "thousands of steps": [curve(thousands)],
  "a long run with holes": [curve(hundredWhere((i) => i !== 50 && i !== 52))],
  "x that is no integer": [curve([3, 2, 1], "loss", [0, 0.25, 0.5])],
  "a diverged run": [curve([2.3, 55, 8e3, Number.NaN, Number.POSITIVE_INFINITY]), curve(batchNorm)],
  "nothing but NaN": [curve([Number.NaN, Number.NaN])],
  "an empty series": [curve([]), curve(batchNorm)],
  "no series": [],
};

describe.each(Object.entries(cases))("a chart of %s", (_, curves) => {
  const { svg, legendBottom, frame, corners, markers, crosses, ticks } = read(chartOf(curves));
  const points = curves.map((curve) => curve.points);
  const finite = points.map((list) => list.filter(({ median }) => Number.isFinite(median)));

  it("draws every finite point inside the plot, and a cross for any other", () => {
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(corners.map((line) => line.length)).toEqual(finite.map((list) => list.length).filter(Boolean));
    expect(markers).toHaveLength(finite.filter((_, i) => points[i].length <= 30).flat().length);
    expect(crosses).toHaveLength(points.flat().length - finite.flat().length);
    for (const { x, y } of [...corners.flat(), ...markers, ...crosses]) {
      expect(x).toBeGreaterThan(frame.left);
      expect(x).toBeLessThan(frame.right);
      expect(y).toBeGreaterThanOrEqual(frame.top);
      expect(y).toBeLessThanOrEqual(frame.bottom);
    }
  });

  it.each(["x", "y"] as const)("has round and evenly spaced ticks on the %s axis, or one at each point", (axis) => {
    const xs = [...new Set(points.flat().map(({ x }) => x))];
    const texts = ticks[axis].map(({ text }) => text);
    if (axis === "x" && xs.length <= 13) return expect(texts).toEqual(xs.map(String));
    const values = texts.map(numberOf);
    const step = values[1] - values[0];
    expect([1, 2, 5]).toContain(Number(step.toExponential(6).split("e")[0]));
    for (let i = 1; i < values.length; i++) expect((values[i] - values[i - 1]) / step).toBeCloseTo(1, 6);
    expect(values.length).toBeLessThanOrEqual(14);
    if (axis === "x") expect(values.every(Number.isInteger)).toBe(true); // there are whole epochs only
  });

  it("covers the range with its ticks", () => {
    expect(ticks.y[0].y).toBe(frame.bottom);
    expect(ticks.y[ticks.y.length - 1].y).toBeCloseTo(frame.top, 9);
  });

  it("puts each point where the ticks say it is", () => {
    const [first, last] = [ticks.x[0], ticks.x[ticks.x.length - 1]];
    if (first === last) return;
    const scale = (last.x - first.x) / (numberOf(last.text) - numberOf(first.text));
    for (const [i, { x }] of corners.flat().entries())
      expect(x).toBeCloseTo(first.x + (finite.flat()[i].x - numberOf(first.text)) * scale, 1);
  });

  it("keeps the legend off the curves", () => expect(legendBottom + 10).toBeLessThan(frame.top));
});

it.each<[what: string, axis: "x" | "y", texts: string, Curve, axes?: Partial<Panel>]>([
  ["from zero where nothing is negative", "y", "0 2 4 6 8 10", curve([8, 9, 10])],
  ["at every epoch while they are few", "x", "1 2 3 4 5 6 7 8 9 10", curve(plain)],
  ["with a power of ten for the very small", "y", "0 5e-9 1e-8 1.5e-8 2e-8 2.5e-8 3e-8", curve([3e-8])],
  ["with a power of ten for the very large", "y", "0 5e+20 1e+21 1.5e+21 2e+21 2.5e+21 3e+21", curve([3e21])],
  ["with commas", "y", "0 20,000 40,000 60,000 80,000 100,000", curve([1e5])],
  ["at powers of ten on a logarithmic axis", "y", "0.001 0.01 0.1 1 10", curve([0.001, 1, 10]), log],
  ["between few powers", "y", "0.04 0.05 0.06 0.1 0.2 0.3", curve([0.04, 0.3]), log],
  ["at some of many powers", "y", "1e-10 0.00001 1 100,000 1e+10", curve([1e-12, 1e12]), log],
  ["even of nothing", "y", "1 1.2 1.4 1.6 1.8 2", curve([]), log],
  ["even of zero alone", "y", "1 1.2 1.4 1.6 1.8 2", curve([0]), log],
  ["at the points, also by powers", "x", "2 8 256", curve([1, 2, 3], "", [2, 8, 256]), { x: log.y }],
])("ticks are %s", (_, axis, texts, shown, axes) => {
  const ticks = read(chartOf([shown], axes)).ticks[axis].map(({ text }) => text);
  expect(ticks.filter(Boolean).join(" ")).toBe(texts);
});

describe("a chart", () => {
  it("breaks the line at a value that is not finite, marks it with a cross, and says what that means", () => {
    const broken = [3, 2, Number.NaN, 1, Number.POSITIVE_INFINITY, 1, 1];
    const { texts, frame, lines, crosses } = read(chartOf([curve(broken, "sgd")]));
    expect(lines[0].match(/M/g)).toHaveLength(3);
    expect(crosses.map(({ y }) => y)).toEqual([frame.top, frame.top]);
    expect(texts).toEqual(["Title", "sgd", "Crosses: diverged."]);
    expect(read(chartOf([curve(plain, "sgd")])).texts).toEqual(["Title", "sgd"]);
  });

  it("puts the crosses of curves that diverge at the same place side by side", () => {
    const { crosses } = read(chartOf([curve([1, Number.NaN, 1], "a"), curve([2, Number.NaN, 1], "b")]));
    expect(crosses).toHaveLength(2);
    expect(crosses[1].x - crosses[0].x).toBeGreaterThan(8); // as wide as a cross is
  });

  it("has all bands under all lines, and all lines under all crosses", () => {
    const wide = (label: string) => ({ ...curve([1, 2, Number.NaN], label) });
    const order = read(chartOf([wide("a"), wide("b")])).order.filter((mark) => /area|line|dot/.test(mark ?? ""));
    expect(order).toEqual(["area", "area", "line", "dot", "line", "dot", "dot", "dot"]);
  });

  it("has ticks between its points on a logarithmic axis, at 2, 3, … times each power of ten", () => {
    const axes = { x: { label: "", log: true } };
    expect(read(chartOf([curve([1, 2, 3], "", [1, 10, 50])], axes)).minorTicks).toBe(8 + 3);
    expect(read(chartOf([curve([1, 2, 3], "", [1, 10, 50])])).minorTicks).toBe(0);
  });

  it("shows a lonely point of a long line, which has no markers", async () => {
    const lonely = { ...curve(hundredWhere((i) => i === 50)), color: "#ff0000" };
    const { lines, corners, markers, top } = read(chartOf([lonely]));
    expect(markers).toEqual([]);
    expect(lines[0]).toMatch(/M[\d.]+,[\d.]+Z/); // round ends make a dot of it
    const { width, data } = await render(chartOf([lonely]));
    const at = 4 * (Math.round(corners[0][0].y + top) * width + Math.round(corners[0][0].x));
    expect([...data.subarray(at, at + 3)]).not.toEqual([255, 255, 255]);
  });

  it("gives each curve its own colour and symbol, which do not depend on what else is empty", () => {
    const svg = chartSvg(chartOf(Object.entries(COLORS).map(([label, color]) => ({ ...curve(plain, label), color }))));
    for (const color of Object.values(COLORS)) expect(svg.split(`fill="${color}" stroke="#fff"`)).toHaveLength(2);
    const second = curve(plain, "second");
    expect(chartSvg(chartOf([curve([], "first"), second]))).toBe(chartSvg(chartOf([second])));
  });

  it("has a bar for each value, with its text, under the name of its group", () => {
    const bar = { group: "add\n10×10", label: "js", color: COLORS.plain, value: 20, text: "20 s" };
    const wasm = { ...bar, label: "wasm", color: COLORS.batchNorm, value: 3, text: "3 s" };
    const bars = [bar, wasm, { ...bar, group: "sum\n10", value: 0.5, text: "0.5 s" }];
    const { svg, texts } = read({ title: "Times", panels: [{ title: "Bars", y: { label: "s" }, bars }] });
    expect(texts).toEqual(["Times", "js", "wasm"]);
    expect(svg.match(/<rect(?! aria-label)/g)).toHaveLength(3);
    for (const text of ["20 s", "3 s", "0.5 s", "add", "10×10", "sum", "1", "10"]) expect(svg).toContain(`>${text}<`);
  });

  it("escapes what XML would misread, and is drawn all the same", async () => {
    const hostile = `a < b & "c" > d\u0000\u001b\n`;
    const axes = { title: hostile, x: { label: hostile }, y: { label: hostile } };
    const figure = { ...chartOf([curve([1], hostile)], axes), title: hostile };
    expect(chartSvg(figure).match(/(?<!<title>)a &lt; b &amp; "c" &gt; d /g)).toHaveLength(5);
    expect(chartSvg(figure)).not.toMatch(/\p{Cc}/u);
    await expect(render(figure)).resolves.toBeDefined();
  });

  it("has its text without the machine's fonts, and nothing at the edge of the image", async () => {
    const axes = { title: "m".repeat(200), x: { label: "W".repeat(200) }, y: { label: "m".repeat(90) } };
    const figure = { ...chartOf([curve([1e-4], "W".repeat(80)), curve([2e-4])], axes), title: "W".repeat(200) };
    const { width, height, data } = await render(figure);
    const inkIn = (x0: number, y0: number, x1: number, y1: number) => {
      let dark = 0;
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) if (data[4 * (y * width + x)] < 200) dark++;
      return dark;
    };
    expect(inkIn(60, 10, width, 50)).toBeGreaterThan(100); // the title
    expect(inkIn(0, 0, width, 4) + inkIn(0, height - 4, width, height)).toBe(0);
    expect(inkIn(0, 0, 4, height) + inkIn(width - 4, 0, width, height)).toBe(0);
  });
});

it.each([
  [[3, 1, 2], { median: 2, low: 1, high: 3 }],
  [[4, 1, 2, 3], { median: 2.5, low: 1, high: 4 }],
  [[Number.NaN, 1, 2], { median: 2, low: 1, high: Number.NaN }],
  [[Number.NaN, 1, Number.NaN], { median: Number.NaN, low: 1, high: Number.NaN }],
])("of %j the middle is taken, and a diverged training counts as the greatest", (values, summary) => {
  expect(summarize(values)).toEqual(summary);
});

it("logSpaced", () => expect(logSpaced(0.001, 10, 5)).toEqual([0.001, 0.01, 0.1, 1, 10]));
