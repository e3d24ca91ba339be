/** The whole site, written into a folder. Read next: pages.ts for its text, client/page.ts for what it does in a browser. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import MiniSearch from "minisearch";
import { build as bundle, type InlineConfig } from "vite";
import { addressIn, book, read, root } from "./book.ts";
import { runnerPlugin } from "./client/runner/plugin.ts";
import { filesAhead } from "./offline.ts";
import { makePages, type Pages } from "./pages.ts";
import { buildPlayground } from "./playground.ts";
import { type Entry, options } from "./search.ts";
import { LANGUAGES, type Language } from "./texts.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const STYLES = ["text", "page", "code", "graph", "front", "search", "readers"];

export async function buildSite(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const write = (address: string, text: string) => {
    mkdirSync(dirname(join(folder, address)), { recursive: true });
    writeFileSync(join(folder, address), text);
  };
  const pages = makePages();
  for (const [address, html] of pages.html) write(address, html);
  for (const [address, path] of pages.pictures) {
    mkdirSync(dirname(join(folder, address)), { recursive: true });
    copyFileSync(root + path, join(folder, address));
  }
  for (const language of LANGUAGES) write(`assets/search-${language}.json`, makeIndex(pages, language));
  write("assets/style.css", STYLES.map((name) => read(`docs/site/style/${name}.css`)).join("\n"));
  await bundleScripts(join(folder, "assets"));
  await buildPlayground(join(folder, "playground"));
  write("service-worker.js", makeServiceWorker(folder));
}

/** Scripts have names that stay, so that page.js, which is no module, can name them; what modules share has not. */
async function bundleScripts(outDir: string): Promise<void> {
  const common: InlineConfig = { configFile: false, logLevel: "warn", base: "./", resolve: { tsconfigPaths: true } };
  const build = { outDir, emptyOutDir: false, target: "es2022", modulePreload: false } as const;
  for (const name of ["page", "isolate"]) {
    const lib = { entry: here(`client/${name}.ts`), name, formats: ["iife" as const], fileName: () => `${name}.js` };
    await bundle({ ...common, build: { ...build, lib } });
  }
  await bundle({
    ...common,
    plugins: [runnerPlugin()],
    build: {
      ...build,
      rolldownOptions: {
        input: { search: here("client/search-box.ts"), run: here("client/run.ts") },
        preserveEntrySignatures: "strict",
        output: {
          entryFileNames: "[name].js",
          chunkFileNames: "[name]-[hash].js",
          assetFileNames: "[name]-[hash][extname]",
        },
      },
    },
  });
}

/** The search in one language: what is not translated is found in English. */
function makeIndex({ parsed }: Pages, language: Language): string {
  const index = new MiniSearch<Entry>(options);
  for (const page of book) {
    const { title, passages } = parsed(page, language);
    for (const { heading, text } of passages) {
      const id = `${addressIn(language, page.address)}#${encodeURIComponent(heading.id)}`;
      index.add({ id, heading: heading.text, page: title, text });
    }
  }
  return JSON.stringify(index);
}

function makeServiceWorker(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
  const site = { VERSION: hash.digest("hex").slice(0, 16), FILES: filesAhead(files) };
  return `self.SITE = ${JSON.stringify(site)};\n${read("docs/site/service-worker.js")}`;
}
