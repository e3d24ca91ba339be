/** The graph in a browser, on a page of its own: stepped through, scrubbed, opened, with the keyboard, by all readers. */
import axe from "axe-core";
import type { Browser, Locator, Page } from "playwright-core";
import { build, type Rollup } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, launchChromium } from "../../../examples/playground/serve.ts";
import { read, root } from "../../support/tree.ts";

const reason = "there is no chromium on the PATH: set CHROMIUM to where it is";
type Program = "product" | "network" | "batchNorm" | "extremes";

const STYLES = ["text", "page", "code", "graph"].map((name) => read(`docs/site/style/${name}.css`)).join("\n");

/** Labels of arrows that meet another label or a box, or leave the drawing. */
const meetingLabels = `(() => {
  const meeting = [];
  let labels = 0;
  for (const svg of document.querySelectorAll(".graph svg")) {
    const rect = (element) => {
      const { x, y, width, height } = element.getBBox();
      return { name: element.textContent || element.parentNode.textContent, x, y, right: x + width, bottom: y + height };
    };
    const texts = [...svg.querySelectorAll(".arrow > text")].filter(({ textContent }) => textContent).map(rect);
    const boxes = [...svg.querySelectorAll(".node > rect")].map(rect);
    const { width, height } = svg.viewBox.baseVal;
    labels += texts.length;
    for (const [i, a] of texts.entries()) {
      if (a.x < 0 || a.right > width || a.bottom > height) meeting.push(a.name + " leaves the drawing");
      for (const b of [...texts.slice(i + 1), ...boxes])
        if (a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom) meeting.push(a.name + " meets " + b.name);
    }
  }
  return { labels, meeting };
})()`;

describe.skipIf(!findChromium())(`a graph on a page${findChromium() ? "" : ` (${reason})`}`, () => {
  let browser: Browser;
  let script: string;
  const problems: string[] = [];

  beforeAll(async () => {
    const lib = { entry: `${root}/test/site/graph/page.ts`, name: "graphs", formats: ["iife" as const] };
    const options = { write: false, target: "es2022", minify: false, lib } as const;
    const [{ output }] = (await build({
      configFile: false,
      logLevel: "warn",
      build: options,
    })) as Rollup.RollupOutput[];
    script = `${output[0].code}; window.graphs = graphs;`;
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser?.close());

  /** A page with the graph of a program. */
  async function open(program: Program, { language = "en", theme = "light", width = 900 } = {}) {
    const page = await (await browser.newContext({ viewport: { width, height: 900 } })).newPage();
    page.on("pageerror", ({ message }) => problems.push(message));
    await page.setContent(
      `<!doctype html><html lang="${language}" data-theme="${theme}"><title>A graph</title><style>${STYLES}</style><main><h1>A graph</h1><div></div></main></html>`,
    );
    await page.addScriptTag({ content: script });
    await page.evaluate(`graphs.show("${program}", "${language}")`);
    return page;
  }
  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).first().click();
  const said = (page: Page) => page.locator(".said").first().textContent();
  const step = (page: Page) => page.locator(".buttons output").first().textContent();
  const boxes = async (where: Page | Locator) =>
    (await where.locator(".node").allTextContents()).map((text) => text.replace(/ +/g, " ").trim());

  it("steps forward and back, by buttons and by a slider", async () => {
    const page = await open("product");
    expect([await said(page), await step(page)]).toEqual(["Backward starts at d: ∂d/∂d = 1.", "step 0 of 2"]);
    expect(await boxes(page)).toEqual(["a 2", "b 3", "mul c = a · b 6", "add d = c + a 8 ∇ 1"]);
    await press(page, "Step");
    expect(await said(page)).toBe("add passes 1 to c and 1 to a.");
    await press(page, "Step");
    expect(await said(page)).toBe("mul passes 3 to a and 2 to b; a has 1 + 3 = 4.");
    expect(await page.locator(".formulas p").allTextContents()).toEqual([
      "∂d/∂a ← ∂d/∂c · b = 1 · 3 = 3",
      "∂d/∂a = 1 + 3 = 4",
      "∂d/∂b ← ∂d/∂c · a = 1 · 2 = 2",
    ]);
    expect(await boxes(page)).toEqual(["a 2 ∇ 4", "b 3 ∇ 2", "mul c = a · b 6 ∇ 1", "add d = c + a 8 ∇ 1"]);
    expect(await page.getByRole("button", { name: "Step", exact: true }).isDisabled()).toBe(true);
    await press(page, "Back");
    expect(await boxes(page)).toEqual(["a 2 ∇ 1", "b 3", "mul c = a · b 6 ∇ 1", "add d = c + a 8 ∇ 1"]);
    await press(page, "All");
    expect(await step(page)).toBe("step 2 of 2");
    await page.getByRole("slider", { name: "Steps of backward" }).fill("1");
    expect(await step(page)).toBe("step 1 of 2");
    await press(page, "Play");
    await page.getByText("step 2 of 2").waitFor();
    await page.getByRole("button", { name: "Play", exact: true }).waitFor(); // it has ended
  });

  it("moves when a number is changed, and goes back", async () => {
    const page = await open("product");
    await press(page, "All");
    await page.getByRole("spinbutton", { name: "a, number" }).fill("-1.5");
    await page.getByRole("button", { name: "add d = c + a −6 ∇ 1" }).waitFor();
    expect(await boxes(page)).toEqual(["a −1.5 ∇ 4", "b 3 ∇ −1.5", "mul c = a · b −4.5 ∇ 1", "add d = c + a −6 ∇ 1"]);
    expect(await page.locator(".differs").textContent()).toContain("some were changed");
    await page.getByRole("slider", { name: "b, slider" }).fill("0");
    await page.getByRole("button", { name: "b 0 ∇ −1.5" }).waitFor();
    await press(page, "The program's numbers");
    await page.getByRole("button", { name: "add d = c + a 8 ∇ 1" }).waitFor();
    await page.getByRole("button", { name: "The program's numbers" }).waitFor({ state: "hidden" });
    expect(await page.locator(".differs").textContent()).toBe("");
  });

  it("is used with the keyboard alone: nodes up and down, steps left and right", async () => {
    const page = await open("network");
    const chosen = () => page.locator('.node[aria-pressed="true"]').first().textContent();
    while (!(await page.evaluate("document.activeElement.classList.contains('node')")))
      await page.keyboard.press("Tab");
    expect(await chosen()).toMatch(/^crossEntropy/);
    for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
    expect([await step(page), await chosen()]).toEqual(["step 4 of 5", expect.stringMatching(/^batchNorm .*∇/)]);
    await page.keyboard.press("ArrowUp");
    expect(await chosen()).not.toMatch(/^batchNorm/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const inside = page.locator(".within .graph");
    expect((await boxes(inside)).map((label) => label.replace(/ .*/, ""))).toEqual(
      ["x", "γ", "β", "mean", "centre", "variance", "1/√(σ²", "normalise", "scale", "shift"], // by name
    );
    expect(await page.locator(".terms tbody tr").count()).toBe(5);
    await page.keyboard.press("Enter");
    expect(await inside.count()).toBe(0);
    await page.keyboard.press("Home");
    expect(await step(page)).toBe("step 0 of 5");
  });

  it("an open node moves with the leaves", async () => {
    const page = await open("network");
    await page.locator(".node", { hasText: "batchNorm" }).click();
    await press(page, "Open batchNorm");
    const cell = page.locator(".terms tbody td").last();
    const before = await cell.textContent();
    await page.locator(".node", { hasText: "model.0.weight" }).click();
    await page.getByRole("spinbutton", { name: "model.0.weight, number" }).fill("2");
    await page.waitForFunction(
      `document.querySelector(".terms tbody tr:last-child td:last-child").textContent !== "${before}"`,
    );
    await press(page, "Close batchNorm");
    expect(await page.locator(".terms").count()).toBe(0);
  });

  it("the plus of a node opens it, and what opens comes into sight", async () => {
    const page = await open("network", { width: 390 });
    await page.locator(".node", { hasText: "batchNorm" }).locator(".opens").click();
    expect(await page.getByRole("button", { name: "Close batchNorm" }).isVisible()).toBe(true);
    const top = await page.evaluate<number>('document.querySelector(".within").getBoundingClientRect().top');
    expect(top).toBeLessThan(900);
  });

  it.each([320, 390, 1400])("labels stand upon no box and upon no other label, at %i px", async (width) => {
    for (const program of ["product", "network", "batchNorm", "extremes"] as const) {
      const page = await open(program, { width });
      await press(page, "All");
      if (program === "network") await page.locator(".node", { hasText: "batchNorm" }).locator(".opens").click();
      if (program === "network" || program === "batchNorm") {
        await page.locator(".within .buttons button", { hasText: "All" }).click();
      }
      const found = await page.evaluate<{ labels: number; meeting: string[] }>(meetingLabels);
      if (program === "batchNorm") {
        const hidden =
          'document.querySelector(".terms .table").scrollWidth - document.querySelector(".terms .table").clientWidth';
        expect(await page.evaluate(hidden)).toBe(0); // its columns are seen together
      }
      expect(found.labels).toBeGreaterThan(3);
      expect(found.meeting).toEqual([]);
    }
  });

  it("names batch norm's three terms where they arrive, and in columns that add up", async () => {
    const page = await open("batchNorm");
    const next = page.locator(".within .buttons button", { hasText: "Step" });
    for (let i = 0; i < 5; i++) await next.click();
    const inner = page.locator(".within .said");
    expect(await inner.textContent()).toMatch(/^variance passes ③ variance = .* to c; c has ① \+ ③ = /);
    expect(await page.locator(".terms th[data-now]").allTextContents()).toEqual(["③ variance"]);
    for (let i = 0; i < 2; i++) await next.click();
    expect(await inner.textContent()).toMatch(/^mean passes ② mean = .* to x; x has ① \+ ② \+ ③ = /);
    expect(await page.locator(".terms .taken").textContent()).toMatch(/dx adds up to 0, but for rounding/);
    expect(await page.locator(".terms tfoot td").last().textContent()).toBe("0.000");
  });

  it("speaks Chinese", async () => {
    const page = await open("product", { language: "zh" });
    await press(page, "全部");
    expect(await said(page)).toBe("mul 把 3 传给 a，把 2 传给 b；a 现在有 1 + 3 = 4。");
  });

  it.each(["light", "dark"])("is for all readers, on a narrow screen, too: %s", async (theme) => {
    for (const program of ["product", "network"] as const) {
      const page = await open(program, { theme, width: 320 });
      await press(page, "All");
      if (program === "network") {
        await page.locator(".node", { hasText: "batchNorm" }).click();
        await press(page, "Open batchNorm");
        await page.locator(".within .buttons button", { hasText: "Step" }).click();
      }
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
      await page.addScriptTag({ content: axe.source });
      const { violations } = (await page.evaluate("axe.run()")) as axe.AxeResults;
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
  });

  it("has no errors", () => expect(problems).toEqual([]));
});
