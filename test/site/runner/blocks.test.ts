/** Every block of the guide, in both languages, and every example of the reference prints in a browser what stands below it. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LANGUAGES, pagesOfOneProgram, programBlocks } from "../../../docs/generate/guide.ts";
import { findChromium, launchChromium } from "../../../examples/playground/serve.ts";
import { read, root } from "../../support/tree.ts";
import { type Block, serveRunner } from "./served.ts";

const reason = "there is no chromium on the PATH: set CHROMIUM to where it is";
if (!findChromium()) console.log(`Blocks are not run in a browser: ${reason}`);

/** No two runs take the same time. */
const withoutTimes = (printed: string): string => printed.replace(/ *\d+\.\d+ ms/g, "");

/** Presses Run at one block after the other, and gives what each prints. */
const runAll = `(async () => {
  const printed = [];
  for (const figure of document.querySelectorAll("figure.program")) {
    const run = figure.querySelector(".run");
    run.click();
    while (run.hidden) await new Promise((soon) => setTimeout(soon, 5));
    const problem = figure.querySelector(".problem")?.textContent ?? "";
    printed.push([...figure.querySelectorAll(".printed .out")].map((part) => part.textContent).join("") + problem);
  }
  return printed;
})()`;

describe.skipIf(!findChromium())(
  `blocks in a browser${findChromium() ? "" : ` (${reason})`}`,
  () => {
    let site: Awaited<ReturnType<typeof serveRunner>>;
    let browser: Browser;

    async function check(
      name: string,
      blocks: readonly Block[],
      options: { language?: string; areExamples?: boolean },
    ) {
      const page = await browser.newPage();
      await page.goto(site.page(name, blocks, options));
      const printed = await page.evaluate<string[]>(runAll);
      await page.close();
      expect(printed.map(withoutTimes)).toEqual(blocks.map((block) => withoutTimes(block.printed)));
    }

    beforeAll(async () => {
      site = await serveRunner();
      browser = await launchChromium();
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await site?.close();
    });

    for (const folder of LANGUAGES) {
      const language = folder.endsWith(".zh") ? "zh" : "en";
      it.each(pagesOfOneProgram)(`${folder}/%s`, async (chapter) => {
        await check(`${language}-${chapter}`, programBlocks(read(`${folder}/${chapter}`)), { language });
      });
      it(`${folder}/from-pytorch.md`, async () => {
        await check(`${language}-pytorch`, programBlocks(read(`${folder}/from-pytorch.md`)), {
          language,
          areExamples: true,
        });
      });
    }

    const EXAMPLE = /^```ts\n((?:(?!^```)[\s\S])*)^```\n\n```text\n((?:(?!^```)[\s\S])*)^```/gm;
    const pages = readdirSync(join(root, "docs/api")).filter((page) => page !== "README.md");
    it.each(pages)("docs/api/%s", async (page) => {
      const examples = [...read(`docs/api/${page}`).matchAll(EXAMPLE)].map(([, code, printed]) => ({ code, printed }));
      expect(examples.length).toBeGreaterThan(0);
      await check(page, examples, { areExamples: true });
    });
  },
  120_000,
);
