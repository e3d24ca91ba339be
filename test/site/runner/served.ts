/** The runner built and served, with a page of blocks for each text of Markdown: as the site has them, without the site. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import { runnerPlugin } from "../../../docs/site/client/runner/plugin.ts";

export interface Block {
  readonly code: string;
  readonly printed: string;
}

const root = fileURLToPath(new URL("../../../", import.meta.url));
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const figure = ({ code, printed }: Block, block: number, isAlone: boolean) =>
  `<figure class="program" data-block="${block}"${isAlone ? " data-alone" : ""}><pre class="code"><code>${escaped(code)}</code></pre>` +
  `${printed ? `<pre class="printed">${escaped(printed)}</pre>` : ""}</figure>`;

const pageText = (name: string, language: string, blocks: readonly Block[], areExamples: boolean) => `<!doctype html>
<html lang="${language}"><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="notebook.css">
<main><h1>${name}</h1>${blocks.map((block, i) => figure(block, i, areExamples)).join("\n")}</main>
<script type="module">
import { openNotebook } from "./notebook.js";
const figures = [...document.querySelectorAll("figure.program")];
window.notebook = openNotebook(figures, { language: "${language}", page: "${name}" });
</script></html>`;

export async function serveRunner() {
  const folder = mkdtempSync(join(tmpdir(), "lucidgrad-runner-"));
  await build({
    configFile: false,
    root,
    base: "./",
    logLevel: "error",
    resolve: { tsconfigPaths: true },
    plugins: [runnerPlugin()],
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: { notebook: join(root, "docs/site/client/runner/notebook.ts") },
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "[name].js", assetFileNames: "[name][extname]" },
      },
    },
  });
  const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };
  const server = await preview({
    configFile: false,
    root,
    logLevel: "warn",
    build: { outDir: folder },
    preview: { host: "127.0.0.1", port: 0, strictPort: false, headers },
  });
  const address = server.resolvedUrls?.local[0] ?? "";
  return {
    folder,
    /** Makes a page of blocks, and returns its address. */
    page(name: string, blocks: readonly Block[], { language = "en", areExamples = false } = {}): string {
      writeFileSync(join(folder, `${name}.html`), pageText(name, language, blocks, areExamples));
      return `${address}${name}.html`;
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
