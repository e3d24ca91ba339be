/** A host of files as there are many, on this machine: for npm run site:preview and for the tests. */
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** With these a browser lets threads share memory. */
const isolationHeaders = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export interface Host {
  readonly address: string;
  close(): Promise<void>;
}

interface Settings {
  /** Whether it sends the headers of isolation; many hosts cannot. */
  isolation?: boolean;
  /** Where the site is: "/" or "/a/folder/". */
  path?: string;
  /** 0 is one that is free. */
  port?: number;
}

export async function serve(folder: string, { isolation = true, path = "/", port = 0 }: Settings = {}): Promise<Host> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    const name = normalize(decodeURIComponent(pathname).slice(path.length - 1)); // without any ..
    const file = join(folder, name.endsWith("/") ? `${name}index.html` : name);
    if (!pathname.startsWith(path) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end("Not found");
      return;
    }
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-cache", ...(isolation && isolationHeaders) });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
