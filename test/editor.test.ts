/** In a clone, an editor shows the documentation of public names and finds their source: of every tenth; of all, clone.test.ts asks. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { pointEverywhere } from "./support/editor.ts";
import { root } from "./support/tree.ts";

it("in a clone", () => {
  const { count, faults } = pointEverywhere(root, { tsConfigFilePath: join(root, "tsconfig.json") }, root, 10);
  expect(faults).toEqual([]);
  expect(count).toBeGreaterThan(1000);
});
