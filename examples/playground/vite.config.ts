/**
 * npm run playground          a server that shows every change at once
 * npm run playground:build    static files in examples/playground/dist, to be served from any folder
 */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { digitsFile } from "./digits-plugin.ts";
import { storyPicture } from "./story-plugin.ts";

/** With these a browser lets threads share memory. A server without them is fine: the engine then uses one thread. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  resolve: {
    tsconfigPaths: true, // "lucidgrad/…" is the source
    alias: [{ find: /^lucidgrad$/, replacement: fileURLToPath(new URL("../../src/core.ts", import.meta.url)) }], // everyday methods alone
  },
  plugins: [digitsFile(), storyPicture()],
  worker: { format: "es" },
  build: { target: "es2022", modulePreload: { polyfill: false } },
  server: { headers: isolation },
  preview: { headers: isolation },
});
