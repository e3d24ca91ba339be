/** Fetching a file: all of it or an error, in bounded time and memory. */
import { check } from "../tensor/check.ts";

/** A server that sends less than so many bytes in so much time is given up, be it before its answer or in the middle. */
const LEAST_BYTES = 30_000;
const PATIENCE_SECONDS = 30;

/** @param most bytes that the file may have @throws unless all of it arrives */
export async function download(url: string, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of downloaded(url, most)) parts.push(part);
  return Buffer.concat(parts);
}

/** A file part by part, as it comes. @param most bytes that it may have @throws unless all of it arrives */
export async function* downloaded(url: string, most: number): AsyncGenerator<Uint8Array> {
  let [received, before] = [0, 0];
  const given = new AbortController();
  const watch = setInterval(() => {
    const arrived = received - before;
    if (arrived < LEAST_BYTES) given.abort(new Error(`only ${arrived} bytes came in ${PATIENCE_SECONDS} seconds`));
    before = received;
  }, 1000 * PATIENCE_SECONDS);
  try {
    const response = await fetch(url, { signal: given.signal });
    check(response.ok, () => `HTTP ${response.status}`);
    const total = Number(response.headers.get("content-length"));
    check(total <= most, () => `the file has ${total} bytes, more than the ${most} that one may have`);
    for await (const part of response.body ?? []) {
      received += part.length;
      check(received <= most, () => `the file has more than the ${most} bytes that one may have`);
      draw(progress(url, received, total));
      yield part;
    }
  } finally {
    clearInterval(watch);
    given.abort(); // hangs up if not all was wanted
    draw("");
  }
}

/** One line of a terminal, drawn over itself. Where stderr is a file or a pipe it stays silent. */
function draw(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

const CELLS = 20;
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

/** @param total 0 if the server has not said it */
function progress(url: string, received: number, total: number): string {
  const name = url.slice(url.lastIndexOf("/") + 1);
  if (total === 0) return `${name}  ${megabytes(received)} MB`;
  const full = Math.floor(CELLS * Math.min(received / total, 1)); // what is unpacked on its way may come to more
  const bar = "█".repeat(full).padEnd(CELLS, "░");
  return `${name}  ${bar}  ${megabytes(received)}/${megabytes(total)} MB`;
}
