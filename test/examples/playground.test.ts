/** The playground as a visitor has it: built, served, and used in a browser. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPlayground, findChromium, launchChromium, type Site } from "../../examples/playground/serve.ts";

const reason = "there is no chromium on the PATH: set CHROMIUM to where it is";
if (!findChromium()) console.log(`The playground is not tested: ${reason}`);

describe.skipIf(!findChromium())(`the playground${findChromium() ? "" : ` (${reason})`}`, () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  let address: string;
  const problems: string[] = [];
  const requests: string[] = [];

  /** A page that has loaded its digits. */
  async function open(url: string, options: { locale?: string; viewport?: { width: number; height: number } } = {}) {
    const opened = await (await browser.newContext({ locale: "en-US", ...options })).newPage();
    opened.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    opened.on("pageerror", (error) => problems.push(error.message));
    opened.on("request", (request) => requests.push(request.url()));
    await opened.goto(url);
    await opened.locator('body[data-status="ready"]').waitFor();
    await opened.waitForFunction(`document.querySelector("#accuracy-first").textContent.includes("%")`);
    return opened;
  }
  const number = async (id: string) => Number.parseFloat(((await page.textContent(id)) ?? "").replace(",", ""));
  const hasSteps = (count: number, on = page) => {
    const steps = `Number(document.querySelector("#steps").textContent.replace(",", ""))`;
    return on.waitForFunction(`${steps} >= ${count}`, null, { timeout: 60_000 });
  };
  const step = async (on = page) => {
    await on.click("#step");
    await hasSteps(1, on);
  };

  beforeAll(async () => {
    site = await buildPlayground();
    address = await site.serve();
    browser = await launchChromium();
    page = await open(address);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it("is half a mebibyte beside the digits", () => {
    const files = readdirSync(site.folder, { recursive: true, withFileTypes: true });
    const own = files.filter((file) => file.isFile() && file.name !== "digits.bin");
    const bytes = own.map(({ parentPath, name }) => statSync(join(parentPath, name)).size);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(2 ** 19);
  });

  it("steps, trains, pauses and starts anew", async () => {
    await step();
    const start = [await number("#loss-first"), await number("#loss-second")];
    expect(await number("#steps")).toBe(1);
    await page.click("#run");
    await hasSteps(200);
    await page.click("#run");
    await page.locator('body[data-status="paused"]').waitFor();
    await page.waitForTimeout(400);
    const steps = await number("#steps");
    await page.waitForTimeout(400);
    expect(await number("#steps")).toBe(steps);
    expect(await number("#loss-first")).toBeLessThan(start[0] / 2);
    expect(await number("#loss-second")).toBeLessThan(start[1]);
    await page.click("#reset");
    await page.waitForFunction(`document.querySelector("#steps").textContent === "0"`);
  }, 90_000);

  it("reads what is drawn", async () => {
    await page.click("#clear");
    const drawing = page.locator("#drawing");
    await drawing.scrollIntoViewIfNeeded();
    const { x = 0, y = 0, width = 0, height = 0 } = (await drawing.boundingBox()) ?? {};
    await page.mouse.move(x + width / 2, y + 50);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + height - 50, { steps: 5 });
    await page.mouse.up();
    for (const network of ["first", "second"]) {
      const rows = page.locator(`.bars.${network} li`);
      await page.waitForFunction(`document.querySelector(".bars.${network} li").dataset.probability !== "NaN"`);
      const values = await rows.evaluateAll((all) => all.map(({ dataset }) => dataset.probability)); // all at one moment
      expect(values).toHaveLength(10);
      expect(values.reduce((sum, value) => sum + Number(value), 0)).toBeCloseTo(1, 5);
    }
  });

  it("is reached by keyboard alone, and speaks Chinese", async () => {
    await page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)");
    const reached = new Set<string>();
    for (let press = 0; press < 45; press++) {
      await page.keyboard.press("Tab");
      reached.add(await page.evaluate<string>("document.activeElement.id"));
    }
    const controls = await page.evaluate<string[]>(
      `[...document.querySelectorAll("button, input")].filter((e) => e.checkVisibility()).map((e) => e.id)`,
    );
    expect(controls.length).toBeGreaterThan(20);
    expect(controls.filter((id) => !reached.has(id))).toEqual([]);
    await page.click("#language");
    expect(await page.textContent("h1")).toBe("批归一化有什么用？");
    expect(await page.evaluate(`document.querySelectorAll("[data-text]:empty").length`)).toBe(0);
  });

  it("fits a phone, and works on one thread where the server does not isolate it", async () => {
    const phone = await open(await site.serve({ isolation: false }), { viewport: { width: 390, height: 844 } });
    const sticksOut = `[...document.querySelectorAll(".panel canvas, .panel button, .panel input, .panel p, .panel li")]
      .filter((e) => !e.closest(".code") && e.getBoundingClientRect().right > e.closest(".panel").getBoundingClientRect().right)
      .map((e) => e.outerHTML)`;
    for (const heading of ["What does batch normalization do?", "批归一化有什么用？"]) {
      expect(await phone.textContent("h1")).toBe(heading);
      expect(await phone.evaluate("document.documentElement.scrollWidth")).toBe(390);
      expect(await phone.evaluate(sticksOut)).toEqual([]);
      await phone.click("#language");
    }
    expect(await phone.evaluate("crossOriginIsolated")).toBe(false);
    expect(await phone.textContent("#threads")).toMatch(/^One thread/);
    await step(phone);
  });

  it("says so when the digits do not come, and tries again", async () => {
    const context = await browser.newContext({ locale: "en-US" });
    let isDown = true;
    await context.route("**/digits.bin", (route) => (isDown ? route.abort() : route.continue()));
    const visitor = await context.newPage();
    await visitor.goto(address);
    await visitor.locator('body[data-status="failed"]').waitFor();
    expect(await visitor.textContent("#status")).toMatch(/digits/);
    expect(await visitor.isDisabled("#run")).toBe(true);
    isDown = false;
    await visitor.click("#retry");
    await visitor.locator('body[data-status="ready"]').waitFor();
    await step(visitor);
    await context.close();
  });

  it("asks nobody else, and logs no error", () => {
    expect(requests.filter((url) => !/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(url))).toEqual([]);
    expect(problems).toEqual([]);
  });
});
