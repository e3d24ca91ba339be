/** What axe finds in a page. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Results {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** In light, and what depends on colours in dark, too. */
export async function findings(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: "light" });
  await page.evaluate(axe);
  const light = (await page.evaluate("axe.run()")) as Results;
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = (await page.evaluate('axe.run({ runOnly: "color-contrast" })')) as Results;
  const address = new URL(page.url()).pathname;
  return [...light.violations, ...dark.violations].map(({ id, nodes }) => `${address}: ${id}: ${nodes[0].html}`);
}
