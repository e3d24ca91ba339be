/** The playground as a visitor has it: built, served, and used in a browser. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPlayground, findChromium, launchChromium, type Site } from "../../examples/playground/serve.ts";
import { root } from "../support/tree.ts";

const reason = "there is no chromium on the PATH: set CHROMIUM to where it is";
if (!findChromium()) console.log(`The playground is not tested: ${reason}`);

/** Small networks, so that a step takes no time. */
const SMALL = "batch=8&width=32";

describe.skipIf(!findChromium())(`the playground${findChromium() ? "" : ` (${reason})`}`, () => {
  let site: Site;
  let browser: Browser;
  let page: Page;
  let address: string;
  const problems: string[] = [];
  const requests: string[] = [];

  const has = (status: string, on = page) => on.locator(`body[data-status="${status}"]`).waitFor({ timeout: 60_000 });
  /** A page that has loaded its pictures. */
  async function open(url: string, options: BrowserContextOptions = {}) {
    const opened = await (await browser.newContext({ locale: "en-US", ...options })).newPage();
    opened.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    opened.on("pageerror", (error) => problems.push(error.message));
    opened.on("request", (request) => requests.push(request.url()));
    await opened.goto(url);
    await has(url.includes("step=") ? "paused" : "ready", opened);
    await opened.waitForFunction(`document.querySelector("#accuracy-first").textContent.includes("%")`);
    return opened;
  }
  const text = async (selector: string, on = page) => ((await on.textContent(selector)) ?? "").trim();
  const number = async (id: string) => Number.parseFloat((await text(id)).replace(",", ""));
  const hasSteps = (count: number, on = page) => {
    const steps = `Number(document.querySelector("#steps").textContent.replace(",", ""))`;
    return on.waitForFunction(`${steps} >= ${count}`, null, { timeout: 60_000 });
  };
  const step = async (on = page) => {
    await on.click("#step");
    await hasSteps(1, on);
  };
  /** What is shown of the last step: the average loss, the step's own, the accuracy. */
  const readings = async (on = page) =>
    Promise.all(
      ["loss", "last", "accuracy"].flatMap((what) => [text(`#${what}-first`, on), text(`#${what}-second`, on)]),
    );
  const axe = readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8");
  const complaints = async (on = page) => {
    await on.evaluate(axe);
    return on.evaluate<string[]>(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + nodes[0].html))",
    );
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

  it("is half a mebibyte beside the digits, and paints before the engine has come", () => {
    const files = readdirSync(site.folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const own = files.filter(({ name }) => name !== "digits.bin").map(({ parentPath, name }) => join(parentPath, name));
    expect(own.map((path) => statSync(path).size).reduce((sum, size) => sum + size)).toBeLessThan(2 ** 19);
    const [script] = own.filter((path) => /index-.*\.js$/.test(path));
    expect(gzipSync(readFileSync(script)).length).toBeLessThan(150_000);
  });

  it("steps, trains, pauses and starts anew", async () => {
    await step();
    const start = [await number("#loss-first"), await number("#loss-second")];
    expect(await number("#steps")).toBe(1);
    await page.click("#run");
    await hasSteps(200);
    await page.click("#run");
    await has("paused");
    const steps = await number("#steps");
    expect(page.url()).toBe(`${address}#step=${steps}`);
    await page.waitForTimeout(300);
    expect(await number("#steps")).toBe(steps);
    expect(await number("#loss-first")).toBeLessThan(start[0] / 2);
    expect(await number("#loss-second")).toBeLessThan(start[1]);
    expect(await text("#status")).toMatch(/^Paused after \d+ steps. Average loss: batch norm 0\.\d+; without \d\.\d+$/);
    await page.click("#reset");
    await page.waitForFunction(`document.querySelector("#steps").textContent === "0"`);
    expect(page.url()).toBe(address);
  }, 90_000);

  it("is an experiment by its address: the same numbers in a fresh browser, on one thread, and on the way back", async () => {
    const hash = `#networks=batch,none-he,layer&rate=0.05&${SMALL}&depth=3&seed=5&step=30`;
    const shown = await open(address + hash);
    const before = await readings(shown);
    expect(await text("#steps", shown)).toBe("30");
    expect(before.join()).not.toMatch(/–|∞/);
    const alone = await open((await site.serve({ isolation: false })) + hash);
    expect(await text("#threads", alone)).toMatch(/^One thread/);
    expect(await readings(alone)).toEqual(before);
    await alone.context().close();
    await shown.selectOption("#norm-third", "nobody");
    await has("ready", shown);
    expect(await shown.locator("#loss-third").isVisible()).toBe(false);
    expect(await text("#run-list a", shown)).toMatch(/^1: batch norm \/ without, He's weights \/ layer norm/);
    await shown.goBack();
    await has("paused", shown);
    await shown.waitForFunction(
      `document.querySelector("#accuracy-first").textContent === ${JSON.stringify(before[4])}`,
    );
    expect(await readings(shown)).toEqual(before);
    expect(shown.url()).toContain("step=30");
    await shown.reload();
    await has("paused", shown);
    expect(await readings(shown)).toEqual(before);
    await shown.click("#defaults");
    await has("ready", shown);
    expect(shown.url()).toBe(address);
    await shown.context().close();
  }, 90_000);

  it("says what it did not understand of an address, until something is changed", async () => {
    const shown = await open(`${address}#${SMALL}&rate=0.3&rats=3`);
    expect(await text("#misread", shown)).toMatch(/“rate=0.3” .* Learning rate 0.1 .* “rats=3” /);
    await step(shown);
    expect(await text("#step-time", shown)).toMatch(/^\d/);
    await shown.click("#reset");
    await shown.waitForFunction(`document.querySelector("#steps").textContent === "0"`);
    expect(await text("#step-time", shown)).toBe("–"); // of networks that have made no step
    expect(await text("#misread", shown)).not.toBe("");
    await shown.selectOption("#norm-second", "layer");
    await shown.waitForFunction(`document.querySelector("#misread").textContent === ""`);
    await shown.context().close();
  });

  it("shows a unit of its networks, and a hint until a dot is chosen", async () => {
    const unit = async () => {
      const shown = await open(`${address}#${SMALL}`);
      await shown.locator("#unit-panel").scrollIntoViewIfNeeded();
      await shown.waitForFunction(`/\\d/.test(document.querySelector("#unit-number").textContent)`);
      return shown;
    };
    const [one, two] = [await unit(), await unit()];
    expect(await text("#unit-number", one)).toBe(await text("#unit-number", two));
    expect(await one.inputValue("#unit-unit")).toBe(`${Number(await text("#unit-number", one)) - 1}`);
    expect(await one.locator("#unit-hint").isVisible()).toBe(true);
    await one.locator("#unit-line").press("ArrowRight");
    expect(await one.locator("#unit-hint").isVisible()).toBe(false);
    await two.context().close();
    await one.context().close();
  });

  it("is dark on the screen and light on paper, where it has no controls and says what was set", async () => {
    const shown = await open(`${address}#${SMALL}&step=20`, { colorScheme: "dark" });
    const theme = () => shown.evaluate<string>("document.documentElement.dataset.theme");
    await shown.evaluate(
      `addEventListener("beforeprint", () => (window.printed = document.documentElement.dataset.theme))`,
    );
    await shown.pdf();
    expect(await shown.evaluate("window.printed")).toBe("light");
    expect(await theme()).toBe("dark");
    await shown.emulateMedia({ media: "print" });
    expect(await text("#printed", shown)).toMatch(/Batch size 8; Units or channels 32; step 20.*step=20$/);
    for (const seen of ["#printed", "#loss-chart", "#accuracy-chart"]) {
      expect(await shown.locator(seen).isVisible(), seen).toBe(true);
    }
    expect(await shown.locator("button:visible, input:visible, select:visible").count()).toBe(0);
    await shown.context().close();
  });

  it("starts new networks once when a slider is dragged", async () => {
    await page.locator("#depth").scrollIntoViewIfNeeded();
    const { x = 0, y = 0, width = 0, height = 0 } = (await page.locator("#depth").boundingBox()) ?? {};
    const entries = await page.evaluate<number>("history.length");
    await page.mouse.move(x + width / 12, y + height / 2);
    await page.mouse.down();
    for (let i = 2; i <= 8; i++) await page.mouse.move(x + (i * width) / 12, y + height / 2);
    const depth = await text("output[for=depth]");
    await page.mouse.up();
    await page.waitForFunction(`location.hash === "#depth=${depth}"`);
    expect(await page.evaluate<number>("history.length")).toBe(entries + 1);
    await page.click("#defaults");
    await page.waitForFunction(`location.hash === ""`);
  });

  it("tells a story: a prediction, a run, a verdict of what was seen", async () => {
    await page.click("#story-small");
    await page.click("#answer-1");
    expect(await page.locator("#answer-0").isDisabled()).toBe(true);
    expect(await page.locator("#story-chart canvas").isVisible()).toBe(true); // what happens is seen where it is asked
    expect(await page.locator("#runs").isVisible()).toBe(false); // other runs do not crowd the story
    await page.waitForFunction(`document.querySelector("#story-outcome").textContent !== ""`, null, {
      timeout: 60_000,
    });
    expect(await number("#steps")).toBe(500);
    const outcome = await text("#story-outcome");
    expect(outcome).toMatch(/^You (were right|said “Batch norm in train mode”)/);
    const [inEval, , plain] = [...outcome.matchAll(/[\d.]+ %/g)].map(([share]) => share);
    expect([inEval, plain]).toEqual([await text("#accuracy-first"), await text("#accuracy-second")]);
    expect(await page.locator("#story-link").isVisible()).toBe(false); // there is no site around it
    const legend = await text("#story-legend");
    expect(legend).toContain(inEval);
    await page.click("#story-faster");
    expect(await text("#story-outcome")).toBe("");
    expect(await page.locator("#story-chart").isVisible()).toBe(false);
    await page.click("#story-small");
    const isAsBefore = async () => {
      expect([await text("#story-outcome"), await text("#story-legend")]).toEqual([outcome, legend]);
      expect(await page.getAttribute("#answer-1", "class")).toBe("said");
    };
    await isAsBefore();
    await page.reload(); // as who follows a link and comes back
    await has("paused");
    await isAsBefore();
    await page.click("#story-again");
    await page.click("#answer-0");
    await page.click("#experiment-chance"); // something else
    expect(await text("#story-outcome")).toMatch(/^Something else/);
    expect(await text("#experiment-note")).toMatch(/chance/);
    await page.click("#run");
    await page.click("#defaults");
    await has("ready");
  }, 90_000);

  it("reads what is drawn: a dot, a line, nothing by another button", async () => {
    const drawing = page.locator("#drawing");
    /** Where the middle of the ink is, as the networks see it; null of no ink. */
    const middle = () =>
      page.evaluate<[number, number] | null>(`(() => {
        const { data } = document.querySelector("#seen").getContext("2d").getImageData(0, 0, 28, 28);
        let [ink, x, y] = [0, 0, 0];
        for (let i = 0; i < 784; i++) {
          ink += data[4 * i];
          x += data[4 * i] * (i % 28);
          y += data[4 * i] * Math.floor(i / 28);
        }
        return ink === 0 ? null : [x / ink, y / ink];
      })()`);
    await page.click("#clear");
    await drawing.click({ button: "right", position: { x: 60, y: 60 } });
    await page.waitForTimeout(100);
    expect(await middle()).toBeNull();
    for (const position of [
      { x: 30, y: 30 },
      { x: 150, y: 120 },
    ]) {
      await page.click("#clear");
      await drawing.click({ position });
      await expect.poll(middle).not.toBeNull();
      for (const place of (await middle())!) expect(Math.abs(place - 14)).toBeLessThan(0.6);
    }
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

  it("gives what is shown as a table and as a picture", async () => {
    const shown = await open(`${address}#${SMALL}&step=20`);
    const file = async (button: string) => {
      const [download] = await Promise.all([shown.waitForEvent("download"), shown.click(button)]);
      return readFileSync(await download.path());
    };
    const [heading, ...rows] = (await file("#save-table")).toString().trim().split("\n");
    expect(heading).toMatch(
      /^step,"batch norm: Training loss","batch norm: Training loss \(average\)","batch norm: Test/,
    );
    expect(rows).toHaveLength(21); // step 0 has an accuracy
    const [average, last, accuracy] = [
      await text("#loss-first", shown),
      await text("#last-first", shown),
      await text("#accuracy-first", shown),
    ];
    const [step, raw, smooth, share] = rows[20].split(",").map(Number);
    expect([step, smooth.toFixed(3), raw.toFixed(4), `${(100 * share).toFixed(1)} %`]).toEqual([
      20,
      average,
      last,
      accuracy,
    ]);
    expect((await file("#save-picture")).subarray(1, 4).toString()).toBe("PNG");
    await shown.context().close();
  });

  it("is reached by keyboard alone, and speaks Chinese", async () => {
    await page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)");
    for (let press = 0; press < 100; press++) {
      await page.keyboard.press("Tab");
      await page.evaluate(`document.activeElement.setAttribute("data-reached", "")`);
    }
    const controls = await page.evaluate<[control: string, isReached: boolean][]>(
      `[...document.querySelectorAll("button:not(:disabled), input, select")]
        .filter((e) => e.checkVisibility())
        .map((e) => [e.id || e.outerHTML, e.hasAttribute("data-reached")])`,
    );
    expect(controls.length).toBeGreaterThan(40);
    expect(controls.filter(([, isReached]) => !isReached)).toEqual([]);
    expect(await complaints()).toEqual([]);
    await page.click("#language");
    expect(await page.textContent("h1:visible")).toBe("批归一化有什么用？");
    expect(await page.evaluate(`document.querySelectorAll("[data-text]:empty").length`)).toBe(0);
    expect(await complaints()).toEqual([]);
  });

  it("fits a small phone, where a finger points at a chart and lets go", async () => {
    const options = { viewport: { width: 320, height: 640 }, hasTouch: true, colorScheme: "dark" } as const;
    const phone = await open(`${address}#networks=batch,none,layer&${SMALL}&step=20`, options);
    const sticksOut = `[...document.querySelectorAll(".panel canvas, .panel button, .panel input, .panel select, .panel p, .panel li")]
      .filter((e) => !e.closest(".code") && e.getBoundingClientRect().right > e.closest(".panel").getBoundingClientRect().right)
      .map((e) => e.outerHTML)`;
    for (const heading of ["What does batch normalization do?", "批归一化有什么用？"]) {
      expect(await phone.textContent("h1:visible")).toBe(heading);
      expect(await phone.evaluate("document.documentElement.scrollWidth")).toBe(320);
      expect(await phone.evaluate(sticksOut)).toEqual([]);
      expect(await complaints(phone)).toEqual([]);
      await phone.tap("#language");
    }
    expect(await phone.evaluate(`document.querySelector(".toolbar").offsetHeight`)).toBeLessThanOrEqual(64);
    await phone.tap("#loss-chart", { position: { x: 55, y: 60 } });
    await phone.waitForFunction(`document.querySelector("#loss-step").textContent !== "step 20"`);
    await phone.tap("h1:visible");
    await phone.waitForFunction(`document.querySelector("#loss-step").textContent === "step 20"`);
    await phone.context().close();
  });

  it("says so when the digits do not come, and tries again", async () => {
    const context = await browser.newContext({ locale: "en-US" });
    let isDown = true;
    await context.route("**/digits.bin", (route) => (isDown ? route.abort() : route.continue()));
    const visitor = await context.newPage();
    await visitor.goto(`${address}#${SMALL}`);
    await has("failed", visitor);
    expect(await text("#status", visitor)).toMatch(/digits/);
    for (const id of ["#run", "#depth", "#norm-first", "#answer-0", "#experiment-fast"]) {
      expect(await visitor.isDisabled(id), id).toBe(true);
    }
    isDown = false;
    await visitor.click("#retry");
    await has("ready", visitor);
    await step(visitor);
    await context.close();
  });

  it("says so when the worker does not come, and tries again", async () => {
    const context = await browser.newContext({ locale: "en-US" });
    let isDown = true;
    await context.route("**/worker-*.js", (route) => (isDown ? route.abort() : route.continue()));
    const visitor = await context.newPage();
    await visitor.goto(`${address}#${SMALL}`);
    await has("failed", visitor);
    expect(await text("#status", visitor)).toMatch(/part of the page that computes has stopped/);
    isDown = false;
    await visitor.click("#retry");
    await has("ready", visitor);
    await context.close();
  });

  it("shows the story's picture without script, and says what to do when it is opened as a file", async () => {
    const quiet = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await quiet.goto(address);
    expect(await quiet.locator("#before svg").first().isVisible()).toBe(true);
    expect(await quiet.locator("#before").innerText()).toMatch(/JavaScript is switched off/);
    const opened = await (await browser.newContext()).newPage();
    await opened.goto(`file://${site.folder}/index.html`);
    expect(await opened.locator("#before svg").first().isVisible()).toBe(true);
    expect(await opened.locator("#before").innerText()).toMatch(/opened as a file/);
  });

  it("asks nobody else, and logs no error", () => {
    expect(requests.filter((url) => !/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(url))).toEqual([]);
    expect(problems).toEqual([]);
  });
});
