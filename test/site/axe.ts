/** What axe finds in a page. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** In light, and what depends on colours in dark, too. */
export async function findings(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: "light" });
  await page.evaluate(axe);
  const light = await violations(page, {});
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await violations(page, { runOnly: "color-contrast" });
  const address = new URL(page.url()).pathname;
  return [...light, ...dark].map(({ id, nodes }) => `${address}: ${id}: ${nodes[0].html}`);
}

/** Without what passes: of a page of ten thousand elements that is most of the work. */
function violations(page: Page, options: object): Promise<Violation[]> {
  const settings = JSON.stringify({ ...options, resultTypes: ["violations"] });
  return page.evaluate<Violation[]>(`axe.run(${settings}).then(({ violations }) => violations)`);
}
