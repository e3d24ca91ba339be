/** The site as a reader has it: built, served from a folder of a host that knows nothing of it, and used in a browser. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSite } from "../../docs/site/build.ts";
import { type Host, serve } from "../../docs/site/serve.ts";
import { findChromium, launchChromium } from "../../examples/playground/serve.ts";
import { findings } from "./axe.ts";

const reason = "there is no chromium on the PATH: set CHROMIUM to where it is";
if (!findChromium()) console.log(`The site is not tested in a browser: ${reason}`);

/** A page of each kind, in both languages, and code, which has none. */
const kinds = ["index", "guide/index", "guide/02-autograd", "experiments", "api/func", "differences"];
const pages = [...kinds.flatMap((kind) => [`${kind}.html`, `zh/${kind}.html`]), "source/src/autograd/op.ts.html"];

describe.skipIf(!findChromium())(`the site${findChromium() ? "" : ` (${reason})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "lucidgrad-site-"));
  let host: Host;
  let browser: Browser;
  const problems: string[] = [];
  const requests: string[] = [];

  async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext({ serviceWorkers: "block", ...options })).newPage();
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(address.startsWith("file:") ? address : host.address + address);
    return page;
  }
  /** Waits until files are kept for when there is no network; gives all that are. */
  const kept = (page: Page, ...files: string[]): Promise<string[]> =>
    page.evaluate<string[]>(`(async () => {
      for (;;) {
        const [name] = await caches.keys();
        const urls = name ? (await (await caches.open(name)).keys()).map(({ url }) => url) : [];
        if (${JSON.stringify(files)}.every((file) => urls.some((url) => url.endsWith(file)))) return urls.map((url) => url.slice(${host.address.length}));
        await new Promise((soon) => setTimeout(soon, 100));
      }
    })()`);
  const heading = (page: Page) => page.textContent("h1");

  beforeAll(async () => {
    await buildSite(folder);
    host = await serve(folder, { path: "/a/folder/", isolation: false });
    browser = await launchChromium();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await host?.close();
    rmSync(folder, { recursive: true });
  });

  it("brings at most 10 kB of script before it is asked for more", async () => {
    const before = requests.length;
    await open("guide/05-batch-norm.html");
    const scripts = requests.slice(before).filter((url) => url.endsWith(".js"));
    expect(scripts).toEqual([`${host.address}assets/page.js`]);
    expect(gzipSync(readFileSync(join(folder, "assets/page.js"))).length).toBeLessThan(10_000);
  });

  it("has nothing that axe finds, in light and dark", async () => {
    const page = await open("index.html");
    const found: string[] = [];
    for (const address of pages) {
      await page.goto(host.address + address);
      found.push(...(await findings(page)));
    }
    expect(found).toEqual([]);
  }, 300_000);

  it.each([320, 390, 1400])("is not scrolled sideways where it is %i pixels wide", async (width) => {
    const page = await open("index.html", { viewport: { width, height: 800 } });
    const wide: string[] = [];
    for (const address of [...pages, "playground/index.html"]) {
      await page.goto(host.address + address);
      if (await page.evaluate("document.documentElement.scrollWidth > innerWidth")) wide.push(address);
    }
    expect(wide).toEqual([]);
  });

  it("is searched with the keyboard alone", async () => {
    const page = await open("guide/index.html");
    await page.keyboard.press("/");
    await page.locator("dialog.search input").waitFor();
    await page.keyboard.type("running variance");
    expect(await page.textContent(".search [role=status]")).toMatch(/^\d+ results$/);
    const options = await page.locator(".search [role=option]").allTextContents();
    expect(options.length).toBeGreaterThan(2);
    await page.keyboard.press("ArrowDown");
    expect(await page.getAttribute(".search input", "aria-activedescendant")).toBe("search-result-1");
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog.search").isVisible()).toBe(false);
    await page.keyboard.press("/");
    await page.locator("dialog.search[open]").waitFor();
    await page.keyboard.type("nn.BatchNorm1d");
    await page.keyboard.press("Enter");
    await page.waitForURL(/api\/nn\.html#nnbatchnorm1d$/);
  });

  it("is searched in Chinese", async () => {
    const page = await open("zh/index.html");
    await page.click("#search");
    await page.locator("dialog.search input").waitFor();
    await page.keyboard.type("滑动方差");
    expect(await page.textContent(".search [role=status]")).toMatch(/^\d+ 个结果$/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/zh\/guide\/.*\.html#/);
  });

  it("stays at the heading when the language is switched, there and back", async () => {
    const page = await open("guide/05-batch-norm.html", { reducedMotion: "reduce" });
    await page.evaluate('document.querySelector("#training-and-evaluation").scrollIntoView()');
    await page.dispatchEvent("#language", "click"); // a click would scroll
    await page.waitForURL(/\/zh\/guide\/05-batch-norm\.html#/);
    expect(decodeURIComponent(new URL(page.url()).hash)).toBe("#训练与评估");
    await page.dispatchEvent("#language", "click"); // a click would scroll
    await page.waitForURL(/\/folder\/guide\/05-batch-norm\.html#training-and-evaluation$/);
  });

  it("follows the system's colours until a reader chooses, and remembers that", async () => {
    const page = await open("index.html", { colorScheme: "dark" });
    const paper = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const dark = await paper();
    await page.click("#theme");
    const light = await paper();
    expect(light).not.toBe(dark);
    await page.goto(`${host.address}guide/index.html`);
    expect(await paper()).toBe(light);
  });

  it("runs a chapter's program where it stands, and an example of the reference", async () => {
    for (const address of ["guide/02-autograd.html", "zh/api/func.html"]) {
      const page = await open(address);
      const figure = page.locator("figure.program:has(.printed)").first();
      const printed = await figure.locator(".printed").textContent();
      await figure.locator(".bar button").first().click();
      await figure
        .locator(".status")
        .filter({ hasText: / (ms|s)$/ })
        .waitFor();
      expect((await figure.locator(".printed").textContent())?.trim()).toBe(printed?.trim());
    }
  });

  it("is there without a network after the first visit, in both languages, and isolated from the second page on", async () => {
    const page = await open("guide/01-tensor.html", { serviceWorkers: "allow" });
    await kept(page, "zh/project.html", "/project.html");
    await page.context().setOffline(true);
    await page.goto(`${host.address}zh/guide/05-batch-norm.html`);
    expect(await heading(page)).toContain("批归一化");
    expect(await page.evaluate("crossOriginIsolated")).toBe(true);
    await page.goto(`${host.address}api/func.html`);
    expect(await heading(page)).toContain("func");
    await page.keyboard.press("/");
    await page.locator("dialog.search input").waitFor();
    await page.goto(`${host.address}playground/`);
    await page.locator('body[data-status="ready"]').waitFor();
  });

  it("fetches ahead what is read and run in one language, and keeps the rest from when it is asked for", async () => {
    const page = await open("guide/02-autograd.html", { serviceWorkers: "allow" });
    const files = await kept(page, "zh/project.html", "/project.html");
    const notAhead = /^source\/|^zh\/(api|compatibility)|search-zh|-idx\d-ubyte/;
    expect(files.filter((file) => notAhead.test(file))).toEqual([]);
    expect(files.reduce((bytes, file) => bytes + statSync(join(folder, file)).size, 0)).toBeLessThan(12e6);
    await page.goto(`${host.address}source/src/autograd/op.ts.html`);
    await page.goto(`${host.address}zh/api/func.html`);
    await kept(page, "source/src/autograd/op.ts.html", "zh/api/func.html", "zh/api/nn.html", "assets/search-zh.json");
    await page.context().setOffline(true);
    await page.goto(`${host.address}source/src/autograd/op.ts.html`);
    expect(await heading(page)).toBe("src/autograd/op.ts");
    await page.goto(`${host.address}zh/api/nn.html`);
    const figure = page.locator("figure.program").first();
    await figure.locator(".bar button").first().click();
    await figure.locator(".status").filter({ hasText: /^完成/ }).waitFor();
    await page.goto(`${host.address}zh/guide/04-training.html`);
    await page.locator("figure.program .bar button").last().click();
    await page.locator(".printed .note", { hasText: "第一次需要联网" }).waitFor();
  });

  it("says so when the search is not there without a network", async () => {
    for (const [address, words] of [
      ["index.html", "is the network there?"],
      ["zh/index.html", "网络连接正常吗？"],
    ]) {
      const page = await open(address);
      await page.context().setOffline(true);
      const before = problems.length;
      await page.click("#search");
      await page.locator("dialog.search[open]", { hasText: words }).waitFor();
      expect(problems.splice(before).join()).toMatch(/^(Failed to load resource[^,]*,?)+$/);
      await page.keyboard.press("Escape");
      await page.context().setOffline(false);
      await page.click("#search");
      await page.locator("dialog.search input").waitFor();
    }
  });

  it("has nothing that axe finds where blocks are run, edited, stepped through and fail, and fits a small phone", async () => {
    for (const address of ["guide/02-autograd.html", "zh/guide/02-autograd.html"]) {
      const page = await open(address, { viewport: { width: 320, height: 800 } });
      const [graph, other] = [page.locator("figure[data-graph]").first(), page.locator("figure.program").first()];
      expect(await graph.locator("button").first().textContent()).toMatch(/^(Step through the graph|逐步查看计算图)$/);
      await graph.locator("button").first().click();
      await graph.locator(".graphs svg").first().waitFor();
      await graph
        .locator(".status")
        .filter({ hasText: / (ms|s)$/ })
        .waitFor();
      await other.locator(".bar .edit").click();
      await other.locator(".cm-content:focus").waitFor();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText("const x = 1;\nprint(x);");
      await other.locator(".run").click();
      await other.locator(".cm-problem").waitFor();
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
    }
  });

  it("leads from the front page to batch norm's gradient in two taps, and keeps what is typed there while programs are loading", async () => {
    for (const address of ["index.html", "zh/index.html"]) {
      const page = await open(address, { viewport: { width: 390, height: 844 }, hasTouch: true });
      await page.locator('.ways a[href*="#block-"]').tap();
      await page.locator(":target button").first().tap();
      await page.locator(":target .terms tfoot").waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    }
    const page = await open("guide/05-batch-norm.html");
    let load = () => {};
    const wanted = new Promise<void>((resolve) => {
      load = resolve;
    });
    await page.route("**/assets/run.js", (route) => wanted.then(() => route.continue()));
    await page.locator("#block-1 .code").click();
    await page.keyboard.press("Home");
    await page.keyboard.type("// early");
    load();
    await page.locator("#block-1 .cm-content:focus").waitFor();
    await page.keyboard.type(" and late ");
    expect(await page.locator("#block-1 .cm-content").textContent()).toContain("// early and late ");
  });

  it("leads to the playground and back in the language and the colours that were chosen", async () => {
    const page = await open("zh/guide/05-batch-norm.html");
    await page.click("#theme");
    await page.click(".sections a[href*=playground]");
    await page.locator('body[data-status="ready"]').waitFor();
    expect(await page.evaluate("document.documentElement.lang")).toBe("zh-CN");
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
    await page.click("#theme");
    await page.click("#story-small");
    await page.click("#answer-0");
    await page.click("#story-link");
    expect(await page.locator(":target").textContent()).toContain("批大小");
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("light");
    await page.goBack();
    const menu = await page
      .locator(".site a:visible")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    expect(menu).toEqual(["../zh/guide/index.html", "../zh/experiments.html", "../zh/api/index.html"]);
    await page.click(".brand a");
    expect(page.url()).toBe(`${host.address}zh/index.html`);
  });

  it("is read without script, and from a file, where it says what to do", async () => {
    const bare = await open("guide/02-autograd.html", { javaScriptEnabled: false });
    expect(await bare.locator(".printed").first().isVisible()).toBe(true);
    const page = await open(pathToFileURL(join(folder, "guide/02-autograd.html")).href);
    expect(await page.locator(".note").first().textContent()).toContain("npm run site:preview");
    await page.click("[rel=next]");
    expect(await heading(page)).toContain("Checking gradients");
  });

  it("asks no other host, and reports no problems", () => {
    expect(requests.filter((url) => !url.startsWith(host.address) && !/^(file|data|blob):/.test(url))).toEqual([]);
    expect(problems).toEqual([]);
  });
});
