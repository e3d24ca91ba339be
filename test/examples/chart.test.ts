/** What must hold for every chart, whatever its numbers; how it looks is for eyes to judge. */
import { DOMParser, type Element } from "@xmldom/xmldom";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { logSpaced, summarize } from "../../examples/experiments/support/statistics.ts";
import { type Bar, COLORS, type Curve, chartSvg, type Figure, type Panel } from "../../examples/support/chart.ts";
import { renderPng } from "../../examples/support/render-png.ts";

const batchNorm = [0.303, 0.141, 0.099, 0.074, 0.057, 0.044, 0.034, 0.027, 0.021, 0.016];
const plain = [1.36, 0.467, 0.367, 0.327, 0.3, 0.278, 0.259, 0.242, 0.226, 0.212];

const point = (x: number, ...values: number[]) => ({ x, ...summarize(values) });
const curve = (y: number[], label = "loss", x = y.map((_, i) => i + 1)): Curve => ({
  label,
  color: COLORS.plain,
  points: y.map((value, i) => point(x[i], value)),
});
const chartOf = (curves: Curve[], axes: Partial<Panel> = {}): Figure => ({
  title: "Title",
  panels: [{ title: "Panel", x: { label: "Epoch" }, y: { label: "Loss" }, curves, ...axes }],
});

const numbers = (text: string | null) => (text?.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
const pairs = (flat: number[]) => flat.flatMap((v, i) => (i % 2 === 0 ? [{ x: v, y: flat[i + 1] }] : []));
const numberOf = (text: string | null) => Number(text?.replaceAll(",", "").replace("−", "-"));

/** Reads a chart back: the marks by the name that Plot gives them, of the figure itself and of its panels. */
function read(figure: Figure) {
  const svg = chartSvg(figure);
  const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement as Element;
  const childrenOf = (parent: Element) => [...parent.childNodes] as Element[];
  const marksOf = (parent: Element, name: string) =>
    childrenOf(parent).filter((child) => child.getAttribute("aria-label") === name);
  const drawnOf = (parent: Element, name: string) => marksOf(parent, name).flatMap(childrenOf);
  const placeOf = (shape: Element) =>
    pairs(numbers(shape.getAttribute("transform") ?? `${shape.getAttribute("cx")} ${shape.getAttribute("cy")}`))[0];
  const textsOf = (parent: Element) => drawnOf(parent, "text").map(({ textContent }) => textContent);
  const panels = childrenOf(root).filter(({ tagName }) => tagName === "svg");
  return {
    svg,
    texts: textsOf(root),
    samples: marksOf(root, "line").length,
    legendBottom: Math.max(...drawnOf(root, "dot").map((dot) => placeOf(dot).y)),
    panels: panels.map((panel) => {
      const [axis, ground] = marksOf(panel, "frame");
      const dots = marksOf(panel, "dot");
      const isCross = (group: Element) => group.getAttribute("fill") === "none";
      const lines = drawnOf(panel, "line").map((line) => line.getAttribute("d"));
      const all = (name: string, tag: string) =>
        marksOf(panel, name).flatMap((group) => [...group.getElementsByTagName(tag)]);
      const ticks = (axis: string) =>
        all(`${axis}-axis tick label`, "text").map((tick) => ({ at: placeOf(tick), text: tick.textContent }));
      return {
        top: Number(panel.getAttribute("y")),
        frame: {
          left: Number(ground.getAttribute("x1")),
          right: Number(ground.getAttribute("x2")),
          top: Number(axis.getAttribute("y1")),
          bottom: Number(axis.getAttribute("y2")),
        },
        texts: textsOf(panel),
        bands: drawnOf(panel, "area").length,
        lines,
        corners: lines.map((line) => pairs(numbers(line))),
        markers: dots.filter((group) => !isCross(group)).map((group) => childrenOf(group).map(placeOf)),
        crosses: dots.filter(isCross).flatMap(childrenOf).map(placeOf),
        bars: all("bar", "rect").length,
        ticks: { x: ticks("x"), y: ticks("y") },
      };
    }),
  };
}

const cases: Record<string, Curve[]> = {
  "ten epochs": [curve(batchNorm), curve(plain)],
  "two epochs": [curve([0.3, 0.1]), curve([1.4, 0.5])],
  "one epoch": [curve([0.303]), curve([1.36])],
  "small values": [curve(plain.map((v) => 1e-4 * v))],
  "large values": [curve(plain.map((v) => 1e5 * v))],
  "huge values": [curve(plain.map((v) => 1e200 * v))],
  "tiny values": [curve(plain.map((v) => 1e-200 * v))],
  "negative values": [curve(plain.map((v) => -v))],
  "values of both signs": [curve([-1, 2, -3]), curve(plain)],
  "one negative value": [curve([-3])],
  zeros: [curve([0, 0, 0])],
  "a constant": [curve([0.7, 0.7])],
  "different lengths": [curve(batchNorm), curve(plain.slice(0, 3))],
  "thousands of steps": [curve(Array.from({ length: 3000 }, (_, i) => 1 / (1 + i)))],
  "x that is no integer": [curve([3, 2, 1], "loss", [0, 0.25, 0.5])],
  "a diverged run": [curve([2.3, 55, 8e3, Number.NaN, Number.POSITIVE_INFINITY]), curve(batchNorm)],
  "nothing but NaN": [curve([Number.NaN, Number.NaN])],
  "an empty series": [curve([]), curve(batchNorm)],
  "no series": [],
};

describe.each(Object.entries(cases))("a chart of %s", (_, curves) => {
  const figure = read(chartOf(curves));
  const [{ top, frame, corners, markers, crosses, ticks }] = figure.panels;

  it("draws every finite point inside the plot, and nothing else", () => {
    expect(figure.svg).not.toMatch(/NaN|Infinity|undefined/);
    const finite = curves.map(({ points }) => points.filter(({ median }) => Number.isFinite(median)).length);
    expect(corners.map((line) => line.length)).toEqual(finite.filter((count) => count > 0));
    expect(crosses).toHaveLength(curves.flatMap(({ points }) => points).length - finite.reduce((a, b) => a + b, 0));
    for (const { x, y } of [...corners, ...markers, crosses].flat()) {
      expect(x).toBeGreaterThan(frame.left);
      expect(x).toBeLessThan(frame.right);
      expect(y).toBeGreaterThanOrEqual(frame.top);
      expect(y).toBeLessThanOrEqual(frame.bottom);
    }
  });

  it.each(["x", "y"] as const)(
    "has round, evenly spaced and distinct ticks on the %s axis, or one at each point",
    (axis) => {
      const xs = [...new Set(curves.flatMap(({ points }) => points.map(({ x }) => x)))];
      const texts = ticks[axis].map(({ text }) => text);
      if (axis === "x" && xs.length <= 13) return expect(texts).toEqual(xs.map(String));
      const values = texts.map(numberOf);
      const step = values[1] - values[0];
      expect([1, 2, 5]).toContain(Number(step.toExponential(6).split("e")[0]));
      for (let i = 1; i < values.length; i++) expect((values[i] - values[i - 1]) / step).toBeCloseTo(1, 6);
      expect(values.length).toBeLessThanOrEqual(14);
    },
  );

  it("covers the range with its ticks", () => {
    expect(ticks.y[0].at.y).toBe(frame.bottom);
    expect(ticks.y[ticks.y.length - 1].at.y).toBeCloseTo(frame.top, 9);
  });

  it("puts each point where the ticks say it is", () => {
    const [first, last] = [ticks.x[0], ticks.x[ticks.x.length - 1]];
    if (first === last) return;
    const scale = (last.at.x - first.at.x) / (numberOf(last.text) - numberOf(first.text));
    const finite = curves.flatMap(({ points }) => points.filter(({ median }) => Number.isFinite(median)));
    for (const [i, { x }] of corners.flat().entries())
      expect(x).toBeCloseTo(first.at.x + (finite[i].x - numberOf(first.text)) * scale, 1);
  });

  it("keeps the legend off the curves", () => {
    expect(figure.legendBottom + 10).toBeLessThan(top + frame.top);
  });
});

describe("a chart of curves", () => {
  const panelOf = (curves: Curve[], axes?: Partial<Panel>) => read(chartOf(curves, axes)).panels[0];
  const texts = (ticks: readonly { text: string | null }[]) => ticks.map(({ text }) => text);

  it("starts at zero where nothing is negative", () => {
    expect(texts(panelOf([curve([8, 9, 10])]).ticks.y)[0]).toBe("0");
    expect(numberOf(texts(panelOf([curve([-1, 1])]).ticks.y)[0])).toBeLessThanOrEqual(-1);
  });

  it("ticks every epoch while they are few, and whole epochs always", () => {
    expect(texts(panelOf([curve(plain)]).ticks.x)).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]);
    expect(texts(panelOf([curve([1])]).ticks.x)).toEqual(["1"]);
    expect(texts(panelOf([curve(Array(20).fill(1))]).ticks.x).every((text) => Number.isInteger(Number(text)))).toBe(
      true,
    );
  });

  it("writes very large and very small numbers with a power of ten", () => {
    expect(texts(panelOf([curve([3e-8])]).ticks.y)).toContain("3e-8");
    expect(texts(panelOf([curve([3e21])]).ticks.y)).toContain("3e+21");
    expect(texts(panelOf([curve([1e5])]).ticks.y)).toContain("100,000");
  });

  it("breaks the line at a value that is not finite, marks it with a cross, and says what that means", () => {
    const { panels, texts: around } = read(
      chartOf([curve([3, 2, Number.NaN, 1, Number.POSITIVE_INFINITY, 1, 1], "sgd")]),
    );
    const [{ frame, lines, markers, crosses }] = panels;
    expect(lines[0]?.match(/M/g)).toHaveLength(3);
    expect(markers.flat()).toHaveLength(5);
    expect(crosses.map(({ y }) => y)).toEqual([frame.top, frame.top]);
    expect(around).toEqual(["Title", "sgd", "Crosses: diverged."]);
    expect(read(chartOf([curve(plain, "sgd")])).texts).toEqual(["Title", "sgd"]);
  });

  it("marks the points of a short series, and shows lonely ones of a long series", () => {
    const long = Array.from({ length: 100 }, (_, i) => (i === 50 || i === 52 ? Number.NaN : 1 / (i + 1)));
    expect(panelOf([curve(plain)]).markers.flat()).toHaveLength(10);
    const { lines, markers, corners } = panelOf([curve(long)]);
    expect(markers.flat()).toEqual([]);
    expect(lines[0]).toMatch(/M[\d.]+,[\d.]+Z/); // round ends make a dot of it
    expect(corners[0]).toHaveLength(98);
  });

  it("gives each curve its own colour and symbol, which do not depend on what else is empty", () => {
    const { svg } = read(chartOf(Object.entries(COLORS).map(([label, color]) => ({ ...curve(plain, label), color }))));
    for (const color of Object.values(COLORS)) expect(svg.split(`fill="${color}" stroke="#fff"`)).toHaveLength(2);
    const filled = { ...curve(plain, "second"), color: COLORS.batchNorm };
    const alone = panelOf([curve([], "first"), filled]);
    expect(alone.lines).toEqual(panelOf([filled]).lines);
    expect(read(chartOf([curve([], "first"), filled])).texts).toEqual(["Title", "second"]);
  });

  it("escapes what XML would misread", () => {
    const hostile = `a < b & "c" > d\u0000\n`;
    const { svg } = read({
      ...chartOf([curve([1], hostile)], { title: hostile, x: { label: hostile }, y: { label: hostile } }),
      title: hostile,
    });
    expect(svg.match(/(?<!<title)>a &lt; b &amp; "c" &gt; d /g)).toHaveLength(5);
    expect(svg).not.toMatch(/\p{Cc}/u);
  });

  it("has on a logarithmic axis a tick at each power of ten, evenly apart", () => {
    const { frame, ticks } = panelOf([curve([0.001, 1, 10])], { y: { label: "Loss", log: true } });
    const powers = ticks.y.filter(({ text }) => text);
    expect(texts(powers)).toEqual(["0.001", "0.01", "0.1", "1", "10"]);
    const gaps = powers.slice(1).map(({ at }, i) => powers[i].at.y - at.y);
    for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0], 9);
    expect(powers[0].at.y).toBeLessThan(frame.bottom);
    expect(powers[4].at.y).toBeGreaterThan(frame.top);
  });

  it("names more ticks where there are few powers, and fewer where there are many", () => {
    const log = (...values: number[]) =>
      texts(panelOf([curve(values)], { y: { label: "Loss", log: true } }).ticks.y).filter(Boolean);
    expect(log(0.04, 0.3)).toEqual(expect.arrayContaining(["0.1", "0.2"]));
    expect(log(1e-12, 1e12).length).toBeLessThan(10);
    expect(log(1e-12, 1e12)[0]).toBe("1e-10");
    expect(log().length).toBeGreaterThan(0);
    expect(log(0).length).toBeGreaterThan(0);
    expect(texts(panelOf([curve([1, 2], "loss", [2, 256])], { x: { label: "Size", log: true } }).ticks.x)).toEqual([
      "2",
      "256",
    ]);
  });
});

describe("a figure of panels", () => {
  const left = {
    ...curve([2, 9], "plain", [0.1, 1]),
    points: [point(0.1, 2, 1), point(1, 9, 2), point(10, Number.NaN)],
  };
  const axes = { x: { label: "Rate", log: true }, y: { label: "Loss", max: 3 } };
  const figure = {
    title: "Loss <over> rate",
    panels: ["Left", "Right"].map((title) => ({ title, ...axes, curves: [left] })),
  };

  it("has a line and a band a curve, one legend, a cross for what diverged, and words for them", () => {
    const { panels, texts, samples, svg } = read(figure);
    expect(panels.map(({ bands, lines, crosses }) => [bands, lines.length, crosses.length])).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    expect(panels.map((panel) => panel.texts)).toEqual([
      ["Left", "Rate", "Loss"],
      ["Right", "Rate", "Loss"],
    ]);
    expect(samples).toBe(1);
    expect(texts).toEqual([
      "Loss <over> rate",
      "plain",
      "Lines: the median of the seeds. Bands: from the least to the greatest. Crosses: diverged.",
    ]);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("draws what is beyond the greatest height at the edge", () => {
    const [{ corners, frame }] = read(figure).panels;
    expect(corners[0][1].y).toBe(frame.top);
  });

  it("is as high as its rows of panels", () => {
    const tops = (count: number) =>
      read({ ...figure, panels: Array(count).fill(figure.panels[0]) }).panels.map(({ top }) => top);
    expect(tops(4)).toEqual([100, 100, 500, 500]);
    expect(tops(1)).toEqual([100]);
  });

  it("has a bar for each value, with its text, under the name of its group", () => {
    const bar = (group: string, label: string, value: number): Bar => ({
      group,
      label,
      color: label === "js" ? COLORS.plain : COLORS.batchNorm,
      value,
      text: `${value} s`,
    });
    const bars = [bar("add\n10×10", "js", 20), bar("add\n10×10", "wasm", 3), bar("sum\n10", "js", 0.5)];
    const { panels, texts, svg } = read({ title: "Times", panels: [{ title: "Bars", y: { label: "s" }, bars }] });
    expect(panels[0].bars).toBe(3);
    for (const text of ["20 s", "3 s", "0.5 s", "add", "10×10", "sum"]) expect(svg).toContain(`>${text}<`);
    expect(texts).toEqual(["Times", "js", "wasm"]);
    expect(panels[0].ticks.y.map(({ text }) => text)).toEqual(expect.arrayContaining(["1", "10"]));
  });
});

it("summarize takes the middle, and counts a diverged training as the greatest", () => {
  expect(summarize([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
  expect(summarize([4, 1, 2, 3]).median).toBe(2.5);
  expect(summarize([Number.NaN, 1, 2])).toEqual({ median: 2, low: 1, high: Number.NaN });
  expect(summarize([Number.NaN, 1, Number.NaN]).median).toBeNaN();
});

it("logSpaced", () => expect(logSpaced(0.001, 10, 5)).toEqual([0.001, 0.01, 0.1, 1, 10]));

describe("renderPng", () => {
  const render = async (figure: Figure) => PNG.sync.read(Buffer.from(await renderPng(chartSvg(figure))));

  it("makes the same bytes of the same chart, of the chart's size", async () => {
    const figure = chartOf([curve(plain)]);
    expect(await renderPng(chartSvg(figure))).toEqual(await renderPng(chartSvg(figure)));
    const { width, height } = await render(figure);
    expect([width, height]).toEqual([1000, 522]);
  });

  it("draws text without the machine's fonts, and nothing at the edge of the image", async () => {
    const { width, height, data } = await render({
      ...chartOf([curve([1e-4], "W".repeat(80)), curve([2e-4])], {
        title: "m".repeat(200),
        x: { label: "W".repeat(200) },
        y: { label: "m".repeat(90) },
      }),
      title: "W".repeat(200),
    });
    const inkIn = (x0: number, y0: number, x1: number, y1: number) => {
      let dark = 0;
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) if (data[4 * (y * width + x)] < 200) dark++;
      return dark;
    };
    expect(inkIn(60, 10, width, 50)).toBeGreaterThan(100); // the title
    expect(inkIn(0, 0, width, 4)).toBe(0);
    expect(inkIn(0, height - 4, width, height)).toBe(0);
    expect(inkIn(0, 0, 4, height)).toBe(0);
    expect(inkIn(width - 4, 0, width, height)).toBe(0);
  });

  it("shows a lonely point of a long line", async () => {
    const y = Array.from({ length: 100 }, (_, i) => (i === 50 ? 1 : Number.NaN));
    const { width, data } = await render(chartOf([{ ...curve(y), color: "#ff0000" }]));
    const [{ x: column, y: row }] = read(chartOf([curve(y)])).panels[0].corners[0];
    const at = 4 * (Math.round(row + 100) * width + Math.round(column));
    expect([...data.subarray(at, at + 3)]).not.toEqual([255, 255, 255]);
  });

  it("reads every label, however hostile", async () => {
    const hostile = `<&">'\u0000\u001b`;
    await expect(renderPng(chartSvg({ ...chartOf([curve([1], hostile)]), title: hostile }))).resolves.toBeDefined();
  });
});
