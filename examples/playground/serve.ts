/** The playground built, served and opened in a browser: for its test, its benchmark and its picture. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { build, preview } from "vite";

const configFile = fileURLToPath(new URL("vite.config.ts", import.meta.url));

/** Where Chromium is: as the environment variable CHROMIUM says, else on the PATH; null if it is nowhere. */
export function findChromium(): string | null {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = ["chromium", "chromium-browser", "google-chrome"].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  return paths.find((path) => existsSync(path)) ?? null;
}

/** @throws if there is no Chromium */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error("there is no chromium on the PATH: install it, or say where it is with CHROMIUM");
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
  return chromium.launch({ executablePath, args });
}

export interface Site {
  /** The folder that it was built into. */
  readonly folder: string;
  /** Serves the folder; without `isolation`, as a server does that knows nothing of threads. Returns the address. */
  serve(options?: { isolation?: boolean }): Promise<string>;
  /** Stops all that serves it, and removes the folder. */
  close(): Promise<void>;
}

/** Builds the playground into a folder of its own. */
export async function buildPlayground(): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "lucidgrad-playground-"));
  await build({ configFile, logLevel: "warn", build: { outDir: folder, emptyOutDir: true } });
  const servers: Awaited<ReturnType<typeof preview>>[] = [];
  return {
    folder,
    async serve({ isolation = true } = {}) {
      const headers = { "Cross-Origin-Opener-Policy": "", "Cross-Origin-Embedder-Policy": "" };
      const options = { host: "127.0.0.1", port: 0, strictPort: false, ...(isolation ? {} : { headers }) };
      const server = await preview({ configFile, logLevel: "warn", build: { outDir: folder }, preview: options });
      servers.push(server);
      return server.resolvedUrls?.local[0] ?? "";
    },
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      rmSync(folder, { recursive: true });
    },
  };
}
