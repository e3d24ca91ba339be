/**
 * Takes the picture of the playground that the README shows, after 300 steps: `npx tsx docs/generate/playground-picture.ts`,
 * with a Chromium at hand and nothing else running, since the picture shows the time of a step.
 */
import { fileURLToPath } from "node:url";
import { buildPlayground, launchChromium } from "../../examples/playground/serve.ts";

const site = await buildPlayground();
const browser = await launchChromium();
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 1390 },
    locale: "en-US",
    colorScheme: "light",
  });
  await page.goto(await site.serve());
  await page.locator('body[data-status="ready"]').waitFor();
  await page.click("#run");
  await page.waitForFunction(`Number(document.querySelector("#steps").textContent) >= 300`);
  await page.click("#run");
  await page.locator('body[data-status="paused"]').waitFor();
  await page.waitForTimeout(500); // for the last report
  await page.mouse.move(0, 0);
  await page.screenshot({ path: fileURLToPath(new URL("../playground.png", import.meta.url)) });
} finally {
  await browser.close();
  await site.close();
}
process.exit(); // the page's server would wait
