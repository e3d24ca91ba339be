/** The playground as a part of the site: built by its own configuration, with a way back, and what lets its threads share memory. */
import { build, mergeConfig, type Plugin } from "vite";
import playground from "../../examples/playground/vite.config.ts";

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
  build(
    mergeConfig(playground, {
      configFile: false,
      plugins: [partOfSite],
      logLevel: "warn",
      build: { outDir, emptyOutDir: true },
    }),
  );
