/** The playground as a part of the site: built by its own configuration, with a way back, and what lets its threads share memory. */
import { join } from "node:path";
import { build, type Plugin } from "vite";
import { root } from "./book.ts";

const BRAND = '<p class="brand">lucidgrad ';

const partOfSite: Plugin = {
  name: "part-of-site",
  transformIndexHtml: {
    order: "post",
    handler(html) {
      if (!html.includes(BRAND)) throw new Error(`examples/playground/index.html has no ${BRAND}`);
      return {
        html: html.replace(BRAND, '<p class="brand"><a href="../index.html">lucidgrad</a> '),
        tags: [{ tag: "script", attrs: { src: "../assets/isolate.js" }, injectTo: "head-prepend" }],
      };
    },
  },
};

export const buildPlayground = (outDir: string): Promise<unknown> =>
  build({
    configFile: join(root, "examples/playground/vite.config.ts"),
    plugins: [partOfSite],
    logLevel: "warn",
    build: { outDir, emptyOutDir: true },
  });
