/** The example's networks have the same weights, bit for bit, whatever the settings of memory and threads. */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, expect, it } from "vitest";
import { bundle } from "../../support/bundle.ts";

const folder = await bundle({ training: fileURLToPath(new URL("training-program.ts", import.meta.url)) });
afterAll(() => rmSync(folder, { recursive: true }));

async function train(settings: Record<string, string>): Promise<string[]> {
  const env = { ...process.env, LUCIDGRAD_POISON: "", ...settings };
  return (await promisify(execFile)(process.execPath, [`${folder}/training.js`], { env })).stdout.split(/\s/);
}

it("1, 2 and 3 threads; 16 MB and 1 GB before garbage is collected; memory for some tensors only; wide and narrow", async () => {
  const [expected, where] = await train({ LUCIDGRAD_THREADS: "1" });
  expect(where).toBe("all");
  const [threads, budget, memory] = ["LUCIDGRAD_THREADS", "LUCIDGRAD_BUDGET", "LUCIDGRAD_MEMORY"];
  expect(await train({ [threads]: "2", [budget]: "16" })).toEqual([expected, "all", ""]);
  expect(await train({ [threads]: "3", [budget]: "1024" })).toEqual([expected, "all", ""]);
  expect(await train({ [threads]: "3", [memory]: "2" })).toEqual([expected, "some", ""]);
  expect(await train({ [threads]: "2", LUCIDGRAD_WIDE: "0" })).toEqual([expected, "all", ""]);
});
