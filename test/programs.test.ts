/**
 * Programs of the kinds that people write run, and compile under all strict settings: here with the compiler of `npm test`, in
 * .ci/consumer with older ones, on the package.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./support/tree.ts";

const programs = readdirSync(join(root, "test/programs"));

it("there are programs", () => expect(programs.length).toBeGreaterThan(3));

it.each(programs)("%s runs", async (program) => {
  await import(join(root, "test/programs", program));
});
