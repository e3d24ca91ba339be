/** The playground's two explanations, one unit and the layers over time, used in a browser. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPlayground, findChromium, launchChromium, type Site } from "../../examples/playground/serve.ts";

const reason = "there is no chromium on the PATH: set CHROMIUM to where it is";

describe.skipIf(!findChromium())(`the playground's explanations${findChromium() ? "" : ` (${reason})`}`, () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  const text = async (selector: string) => ((await page.textContent(selector)) ?? "").trim();
  const says = (selector: string, value: string) =>
    page.waitForFunction(
      `document.querySelector(${JSON.stringify(selector)}).textContent === ${JSON.stringify(value)}`,
    );
  const numberOf = (written: string) => {
    const [digits, exponent] = written.replaceAll("−", "-").split(" × 10");
    const power = [...(exponent ?? "⁰")].map((sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)).map((at) => "-0123456789"[at]);
    return Number(digits) * 10 ** Number(power.join(""));
  };
  /** The numbers of the table, by their names. */
  async function columns(): Promise<Record<string, number[]>> {
    await page.locator("#unit-table td").first().waitFor();
    const table = await page.evaluate<string[][]>(
      `[...document.querySelectorAll("#unit-table tr")].map((row) => [...row.cells].map((cell) => cell.textContent))`,
    );
    const [names, ...rows] = table;
    return Object.fromEntries(names.map((name, i) => [name, rows.map((row) => numberOf(row[i]))]));
  }
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

  beforeAll(async () => {
    site = await buildPlayground();
    browser = await launchChromium();
    page = await (await browser.newContext({ locale: "en-US", reducedMotion: "reduce" })).newPage();
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(`${await site.serve()}#batch=16&width=32&step=12`);
    await page.locator('body[data-status="paused"]').waitFor({ timeout: 60_000 });
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it("show what becomes of a unit's values, and of their gradients, in numbers", async () => {
    await page.locator("#unit-panel").scrollIntoViewIfNeeded();
    await says("#unit-title", "One unit, 16 digits");
    await page.click("#unit-table summary");
    const { x, x̂: xHat, y, ReLU, dy, dx } = await columns();
    expect(x).toHaveLength(16);
    expect(sum(xHat) / 16).toBeCloseTo(0, 2);
    expect(sum(xHat.map((each) => each ** 2)) / 16).toBeCloseTo(1, 1);
    y.forEach((each, i) => {
      expect(ReLU[i]).toBe(Math.max(0, each));
    });
    expect(Math.abs(sum(dx))).toBeLessThan(0.01 * sum(dx.map(Math.abs)));
    expect(dy.filter((each) => each !== 0).length).toBeGreaterThan(2);
    await page.selectOption("#unit-batch", "alone");
    await page.waitForFunction(`document.querySelector("#unit-says").textContent.startsWith("A value alone")`);
    expect((await columns()).x̂).toEqual(Array(16).fill(0));
    await page.selectOption("#unit-batch", "7");
    await says("#unit-digit", "7");
    await page.selectOption("#unit-batch", "batch");
  }, 30_000);

  it("are reached by keyboard: stages, pictures, moments", async () => {
    await page.focus("#unit-stage");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await page.getAttribute("#unit-stage", "aria-valuetext")).toBe("over the spread");
    expect(await page.getAttribute("#unit-stage-2", "aria-pressed")).toBe("true");
    await page.focus("#unit-line");
    await page.keyboard.press("Home");
    const { x̂: xHat } = await columns();
    const chosenValue = async () =>
      numberOf(((await page.getAttribute("#unit-line", "aria-valuetext")) ?? "").split(/: |, /)[1]);
    expect(await chosenValue()).toBe(Math.min(...xHat));
    await page.keyboard.press("End");
    expect(await chosenValue()).toBe(Math.max(...xHat));
    await page.focus("#collapse-time");
    await page.keyboard.press("Home");
    expect(await text("#collapse-step")).toBe("step 0");
    expect(await page.getAttribute("#collapse-time", "aria-valuetext")).toBe("step 0, losses –; –");
    expect(await text("#collapse-first")).not.toContain("gradient"); // there was none yet
    await page.click("#collapse-now");
    expect(await text("#collapse-step")).toBe("step 12");
    expect(await text("#collapse-first")).toMatch(/by [\d.]+ in layer 1.* gradients are [\d.]+ and/);
  });

  it("show the values that a pointer touches", async () => {
    const line = page.locator("#unit-line");
    await line.evaluate((canvas) => canvas.scrollIntoView({ block: "center" }));
    const { x = 0, y = 0, width = 0, height = 0 } = (await line.boundingBox()) ?? {};
    const seen = new Set<string>();
    for (let part = 0.2; part < 0.8; part += 0.01) {
      await page.mouse.move(x + part * width, y + height / 2 - 16 - 10); // the lowest dots of the first of two lines
      seen.add((await line.getAttribute("aria-valuetext")) ?? "");
    }
    expect(seen.size).toBeGreaterThan(4);
  });

  it("say so when a network has diverged", async () => {
    await page.goto(
      page.url().replace(/#.*/, "#batch=16&width=32&depth=5&rate=10&momentum=0.9&networks=none,none-large&step=8"),
    );
    await page.waitForFunction(`document.querySelector("#collapse-second").textContent.includes("NaN")`);
    expect(await text("#unit-says")).toBe("No network is normalized: what the weights give goes to ReLU as it is.");
    expect(await page.isVisible("#unit-backward-part")).toBe(false);
    expect(problems).toEqual([]);
  }, 30_000);
});
