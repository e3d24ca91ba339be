/** Tests find "lucidgrad" where tsconfig.json says that it is: in the source. */
import { defineConfig } from "vitest/config";

export default defineConfig({ resolve: { tsconfigPaths: true }, test: { include: ["test/**/*.test.ts"] } });
