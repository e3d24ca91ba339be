/** Blocks that run where they stand, used in a browser. All of the guide's and the reference's: blocks.test.ts. */
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findChromium, launchChromium } from "../../../examples/playground/serve.ts";
import { serveRunner } from "./served.ts";

const reason = "there is no chromium on the PATH: set CHROMIUM to where it is";
if (!findChromium()) console.log(`Blocks that run are not tested: ${reason}`);

const blocks = [
  { code: 'import { nn, rand, tensor } from "lucidgrad";\nlet x = 1;\n', printed: "" },
  { code: "x += 1;\nconsole.log(x);\n", printed: "2\n" },
  { code: "function fails() {\n  throw new RangeError('no');\n}\n", printed: "" },
  { code: "console.log(x * 10);\n", printed: "20\n" },
];

describe.skipIf(!findChromium())(`blocks that run${findChromium() ? "" : ` (${reason})`}`, () => {
  let site: Awaited<ReturnType<typeof serveRunner>>;
  let browser: Browser;
  let address: string;
  const problems: string[] = [];

  async function open(url = address, context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await browser.newContext())).newPage();
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(url);
    await page.evaluate("window.notebook.ready");
    return page;
  }
  const figure = (page: Page, block: number): Locator => page.locator("figure.program").nth(block);
  const says = (page: Page, block: number, text: RegExp) =>
    figure(page, block).locator(".status").filter({ hasText: text }).waitFor();
  async function run(page: Page, block: number, text = /^Done/): Promise<string | null> {
    await figure(page, block).locator(".run").click();
    await says(page, block, text);
    return figure(page, block).locator(".printed").textContent();
  }
  async function type(page: Page, block: number, code: string): Promise<void> {
    await figure(page, block).locator(".bar .edit").click();
    await figure(page, block).locator(".cm-content:focus").waitFor();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(code);
  }

  beforeAll(async () => {
    site = await serveRunner();
    address = site.page("notebook", blocks);
    browser = await launchChromium();
  }, 60_000);
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it("run what is missing above, and once more from the state before", async () => {
    const page = await open();
    expect(await run(page, 3)).toBe("20\n");
    for (let time = 0; time < 3; time++) expect(await run(page, 1)).toBe("2\n"); // and not 3 and 4
  });

  it("show what printed before a change as such, and are reset", async () => {
    const page = await open();
    await type(page, 0, "let x = 5;");
    expect(await page.locator("figure[data-stale]").count()).toBe(4);
    expect(await run(page, 1)).toBe("6\n");
    expect(await page.locator("figure[data-stale]").count()).toBe(2);
    await figure(page, 0).locator(".bar .reset").click();
    await figure(page, 1).locator(".bar .reset").click();
    expect(await page.locator("figure[data-stale], figure[data-changed]").count()).toBe(0);
    expect(await figure(page, 1).locator(".printed").textContent()).toBe("2\n");
  });

  it("keep a change on reload, and give it up when the guide has changed", async () => {
    const context = await browser.newContext();
    const page = await open(address, context);
    await type(page, 1, "console.log(x + 100);");
    await page.reload();
    await figure(page, 1).locator(".cm-content").waitFor();
    expect(await figure(page, 1).locator(".mark").textContent()).toBe("changed");
    expect(await run(page, 1)).toBe("101\n");
    const renewed = site.page("notebook", blocks.with(1, { code: "console.log('new');\n", printed: "new\n" }));
    await page.goto(renewed);
    expect(await figure(page, 1).locator(".mark").textContent()).toBe("");
    site.page("notebook", blocks);
  });

  it("travel by link, and leave there what a reader has", async () => {
    const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
    const page = await open(address, context);
    await type(page, 1, "console.log('数 → " + "x".repeat(500) + "');");
    await figure(page, 1).locator(".copyLink").click();
    await says(page, 1, /copied/);
    const link = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(link.length).toBeLessThan(address.length + 250);
    const other = await open(link);
    await says(other, 1, /came with the link/);
    expect(await run(other, 1)).toBe(`数 → ${"x".repeat(500)}\n`);
    expect(await other.evaluate("localStorage.length")).toBe(0);
    const broken = await open(`${link.slice(0, -20)}#code=%%%`);
    expect(await run(broken, 1)).toBe("2\n");
  });

  it("stop, even in an endless loop, and begin anew", async () => {
    const page = await open();
    await type(page, 1, "console.log('begun');\nfor (;;);");
    await figure(page, 1).locator(".run").click();
    await figure(page, 1).locator(".printed:has-text('begun')").waitFor();
    expect(await figure(page, 3).locator(".run").isVisible()).toBe(true);
    await figure(page, 3).locator(".run").click();
    await says(page, 3, /Another block is running/);
    await figure(page, 1).locator(".stop").click();
    await says(page, 1, /^Stopped\. What the blocks had computed is gone/);
    await figure(page, 1).locator(".bar .reset").click();
    expect(await run(page, 1)).toBe("2\n");
  });

  it("print without end only so far", async () => {
    const page = await open();
    await type(page, 1, "for (let i = 0; ; i++) console.log(i);");
    await figure(page, 1).locator(".run").click();
    await figure(page, 1).locator(".cut").waitFor();
    expect((await figure(page, 1).locator(".printed .out").textContent())?.split("\n").length).toBe(2001);
    await figure(page, 1).locator(".stop").click();
    await type(page, 1, "for (let i = 0; i < 1e5; i++) console.log(i);");
    await run(page, 1);
    expect(await figure(page, 1).locator(".cut").textContent()).toBe("… 98,000 more lines are not shown.\n");
  });

  it("show an error below, and at its lines in every block", async () => {
    const page = await open();
    await type(page, 3, "const a = 1;\n\nfails();");
    const printed = await run(page, 3, /^Failed/);
    expect(printed).toBe("RangeError: no\n    at fails (block 3, line 2)\n    at block 4, line 3\n");
    await figure(page, 2).locator(".cm-problem").waitFor();
    expect(await page.locator(".cm-problem").allTextContents()).toEqual(["  throw new RangeError('no');", "fails();"]);
    await type(page, 1, "const b = ;");
    expect(await run(page, 3, /the error is in block 2/)).toBe(printed);
    await figure(page, 3).locator(".status a").click();
    expect(await page.locator(":target").evaluate((block) => block.textContent)).toContain("const b = ;");
    expect(await figure(page, 1).locator(".printed").textContent()).toMatch(/^SyntaxError: Unexpected token/);
  });

  it("say what JavaScript wants in the place of a habit of Python's, and where there is more", async () => {
    const page = await open(site.page("advice", blocks, { language: "zh" }));
    await type(page, 3, "x += 1;\nprint(x)");
    expect(await run(page, 3, /^出错了/)).toBe(
      "ReferenceError: print is not defined\n    at block 4, line 2\nprint(x) 写作 console.log(x)。 写给 Python 读者的 JavaScript\n",
    );
    expect(await figure(page, 3).locator(".note a").getAttribute("href")).toBe("guide/javascript.html");
    await type(page, 3, "fails();");
    expect(await run(page, 3, /^出错了/)).toBe(
      "RangeError: no\n    at fails (block 3, line 2)\n    at block 4, line 1\n",
    );
  });

  it("show what fails when nobody waits for it any more, at its line", async () => {
    const page = await open();
    await type(page, 3, "setTimeout(() => {\n  fails();\n}, 100);\nconsole.log('on');");
    await run(page, 3);
    await figure(page, 3).locator(".problem").waitFor();
    const printed = await figure(page, 3).locator(".printed").textContent();
    expect(printed).toBe("on\nRangeError: no\n    at fails (block 3, line 2)\n    at block 4, line 2\n");
    await figure(page, 3).locator(".cm-problem").waitFor();
    expect(await page.locator(".cm-problem").allTextContents()).toEqual([
      "  throw new RangeError('no');",
      "  fails();",
    ]);
  });

  it("are edited where one clicks, from the first click on", async () => {
    const page = await open();
    const end = await page.evaluate<{ x: number; y: number }>(`(() => {
      const [, code] = document.querySelectorAll("figure.program .code");
      const [node] = [...code.querySelectorAll("*"), code].flatMap(({ childNodes }) => [...childNodes]).filter(({ data }) => data?.includes("+="));
      const range = document.createRange();
      range.setStart(node, node.data.indexOf("+= 1") + 4);
      const { x, y, height } = range.getBoundingClientRect();
      return { x: x + 1, y: y + height / 2 };
    })()`);
    await page.mouse.click(end.x, end.y);
    await figure(page, 1).locator(".cm-content:focus").waitFor();
    await page.keyboard.type("0");
    expect(await run(page, 1)).toBe("11\n");
  });

  it("keep what is typed while the editor is loading, and where the caret is", async () => {
    const page = await open();
    let load = () => {};
    const wanted = new Promise<void>((resolve) => {
      load = resolve;
    });
    await page.route(/editor[^/]*\.js/, (route) => wanted.then(() => route.continue()));
    await figure(page, 1).locator(".bar .edit").click();
    await page.keyboard.type("x = 40;\n");
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Shift+ArrowLeft");
    expect(await run(page, 1)).toBe("41\n"); // it runs as it stands there
    await figure(page, 1).locator("textarea").focus();
    load();
    await figure(page, 1).locator(".cm-content:focus").waitFor();
    expect(await figure(page, 1).locator("textarea").count()).toBe(0);
    await page.keyboard.type("2"); // in the place of what was selected
    expect(await run(page, 1)).toBe("42\n");
  });

  it("are edited and run with the keyboard alone, with what the engine has at hand", async () => {
    const page = await open();
    await figure(page, 1).locator(".bar .run").focus();
    await page.keyboard.press("Enter");
    await says(page, 1, /^Done/);
    expect(await page.evaluate("document.activeElement.className")).toBe("run");
    await figure(page, 1).locator(".bar .edit").focus();
    await page.keyboard.press("Enter");
    await figure(page, 1).locator(".cm-content:focus").waitFor();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("console.log(nn.BatchNorm1");
    await figure(page, 1).locator(".cm-tooltip-autocomplete [aria-selected]:has-text('BatchNorm1d')").waitFor();
    await page.locator(".cm-completionInfo:has-text('new nn.BatchNorm1d(numFeatures: Int')").waitFor();
    await page.waitForTimeout(100); // CodeMirror takes no completion that has only just come
    await page.keyboard.press("Enter");
    await page.keyboard.type(".name");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+Enter");
    await figure(page, 1).locator(".printed:has-text('BatchNorm1d')").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.closest('.bar') !== null")).toBe(true);
  });

  it("draw lines and pictures, and say in words what they are", async () => {
    const page = await open();
    await type(
      page,
      1,
      "plot({ a: [1, 2, 4], b: [3, NaN, 5] });\nshowImage(rand([3, 1, 4, 5]));\nplot(tensor([1, 2]));",
    );
    await run(page, 1);
    const labels = await figure(page, 1)
      .locator("[role=img]")
      .evaluateAll((all) => all.map((one) => one.ariaLabel));
    expect(labels).toEqual([
      "Chart of a 3 values, from 1 to 4; Chart of b 3 values, from 3 to 5",
      "Picture, 17 × 4",
      "Chart of  2 values, from 1 to 2",
    ]);
    expect(await figure(page, 1).locator(".plot path").count()).toBe(3);
  });

  it("show the graph of what they compute, whose leaves can be changed", async () => {
    const page = await open();
    const code = "const w = tensor([2, 3], { requiresGrad: true });\nconst loss = w.mul(w).sum();\nshowGraph(loss);";
    await type(page, 1, code);
    await run(page, 1);
    await figure(page, 1).locator(".graphs svg").first().waitFor();
    expect(await figure(page, 1).locator(".graphs").textContent()).toContain("loss");
  });

  it("speak Chinese", async () => {
    const page = await open(site.page("chinese", blocks, { language: "zh" }));
    expect(await run(page, 1, /^完成/)).toBe("2\n");
    const texts = await figure(page, 1).locator(".bar button:visible").allTextContents();
    expect(texts).toEqual(["运行", "运行到此处", "编辑", "还原", "复制链接"]);
  });

  it("leave no problem in the browser's own console", () => expect(problems).toEqual([]));
});
