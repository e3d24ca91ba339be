/** Tests find "lucidgrad" where tsconfig.json says that it is: in the source. */
import { configDefaults, defineConfig } from "vitest/config";

/** What works longest: last, it would keep one core busy while the others have nothing left to do. */
const longest = ["test/{clone,contributing,editor}.test.ts"];
/** What changes the modules that it imports, or counts what they hold: each file has them for itself, the others share them. */
const alone = ["test/{advice,memory,reference}.test.ts", "test/{edge,tensor/memory,tensor/kernels/wasm}/**/*.test.ts"];
const examples = "test/examples/**/*.test.ts";
/** `npm run test:poison` leaves out what runs the tests in other processes, or counts memory. */
const withoutPoison = ["test/{clone,contributing,editor,memory}.test.ts"];
const leftOut = process.env.LUCIDGRAD_POISON ? withoutPoison : [];

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    env: { LUCIDGRAD_THREADS: "1" }, // every core runs tests already
    testTimeout: 60_000, // no test is about time: a machine may be busy
    exclude: [...configDefaults.exclude, ...leftOut, ".ci/**"], // programs for other hosts
    // They begin in the order of their names.
    projects: [
      { extends: true, test: { name: "1 longest", include: longest } },
      { extends: true, test: { name: "2 alone", include: alone } },
      {
        extends: true,
        test: { name: "3 examples", include: [examples], globalSetup: "test/examples/bundle.ts" },
      },
      { extends: true, test: { name: "4 together", exclude: [...longest, ...alone, examples], isolate: false } },
    ],
  },
});
