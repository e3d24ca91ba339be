/** Every page of the site, tried as test/site/site.test.ts tries one of each kind. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressIn, book, isTranslated } from "../../docs/site/book.ts";
import { buildSite } from "../../docs/site/build.ts";
import { type Host, serve } from "../../docs/site/serve.ts";
import { LANGUAGES } from "../../docs/site/texts.ts";
import { findChromium, launchChromium } from "../../examples/playground/serve.ts";
import { findings } from "./axe.ts";

/** A page that is not translated is the same in Chinese but for its frame, which all pages of a language share. */
const addresses = LANGUAGES.flatMap((language) =>
  book.filter((page) => language === "en" || isTranslated(page)).map(({ address }) => addressIn(language, address)),
);

describe.skipIf(!findChromium())("every page", () => {
  const folder = mkdtempSync(join(tmpdir(), "lucidgrad-site-"));
  let host: Host;
  let browser: Browser;

  beforeAll(async () => {
    await buildSite(folder);
    host = await serve(folder);
    browser = await launchChromium();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await host?.close();
    rmSync(folder, { recursive: true });
  });

  it.each(addresses)(
    "%s has nothing that axe finds, and is not scrolled sideways",
    async (address) => {
      const page = await browser.newPage();
      await page.goto(host.address + address);
      expect(await findings(page)).toEqual([]);
      for (const width of [320, 390, 1400]) {
        await page.setViewportSize({ width, height: 800 });
        expect(await page.evaluate("document.documentElement.scrollWidth"), `${width}`).toBeLessThanOrEqual(width);
      }
      await page.close();
    },
    300_000,
  );
});
