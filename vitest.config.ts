/** Tests find "lucidgrad" where tsconfig.json says that it is: in the source. */
import { configDefaults, defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: { exclude: [...configDefaults.exclude, ".ci/**"] }, // programs for other hosts
});
