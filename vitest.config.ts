/** Tests find "lucidgrad" where tsconfig.json says that it is: in the source. */
import { configDefaults, defineConfig } from "vitest/config";

/**
 * What is done with the whole repository: it is cloned, built, installed, added to, every name pointed at in an editor, and its site
 * used in a browser.
 */
const repository = [
  "test/{clone,contributing,editor}.test.ts",
  "test/site/{site,every-page,runner/blocks,runner/notebook,graph/view}.test.ts",
];
/** What changes the modules that it imports, or counts what they hold: each file has them for itself, the others share them. */
const alone = [
  "test/{advice,memory,reference}.test.ts",
  "test/{edge,site,tensor/memory,tensor/kernels/wasm}/**/*.test.ts",
];
const examples = "test/examples/**/*.test.ts";
/** `npm run test:poison` leaves out what counts memory, and what a browser runs, which it does not reach. */
const withoutPoison = ["test/memory.test.ts", "test/site/**", "test/examples/playground.test.ts"];
const leftOut = process.env.LUCIDGRAD_POISON ? withoutPoison : [];

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    env: { LUCIDGRAD_THREADS: "1" }, // every core runs tests already
    testTimeout: 60_000, // no test is about time: a machine may be busy
    exclude: [...configDefaults.exclude, ...leftOut, ".ci/**"], // programs for other hosts
    projects: [
      { extends: true, test: { name: "repository", include: repository } },
      { extends: true, test: { name: "alone", include: alone, exclude: repository } },
      { extends: true, test: { name: "examples", include: [examples], globalSetup: "test/examples/bundle.ts" } },
      {
        extends: true,
        test: { name: "together", exclude: [...repository, ...alone, examples], isolate: false },
      },
    ],
  },
});
