/** Files for one test, and a dataset of a test's own. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { onTestFinished, test } from "vitest";
import { serializeNpz } from "../../src/data/formats/npy.ts";
import { writeZip } from "../../src/data/formats/zip-write.ts";
import { arange, Dataset, type Tensor, TensorDataset } from "../../src/index.ts";
import { serializePyTorch } from "../../src/python/write.ts";
import { temporaryFolder } from "../support/index.ts";

/** Tests that may ask for a folder of their own: `it("…", ({ root }) => …)`, or `it.for(cases)("…", (given, { root }) => …)`. */
export const it = test.extend<{ root: string }>({ root: ({ task: _ }, use) => use(temporaryFolder()) });

/** Every file below a folder, by its path in it. */
export function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll("\\", "/"))
    .sort();
}

/** Writes a file, in folders that are made for it; its path. */
export function write(path: string, ...parts: Uint8Array[]): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

export const md5 = (...parts: Uint8Array[]): string => createHash("md5").update(Buffer.concat(parts)).digest("hex");

/** An IDX file: the words of its header, big-endian, 32 bits each, and the bytes behind it. */
export function idx(words: readonly number[], bytes: ArrayLike<number> = []): Buffer {
  const header = Buffer.alloc(4 * words.length);
  for (const [i, word] of words.entries()) header.writeUInt32BE(word, 4 * i);
  return Buffer.concat([header, Uint8Array.from(bytes)]);
}

/** A chunk of a PNG file, with the checksum that it should have. */
export function chunk(type: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type), content]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}

/** A PNG file of chunks, whatever they hold. */
export const png = (...chunks: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks, chunk("IEND", Buffer.alloc(0))]);

/** Files that are made of parts, whole. */
export const zipFile = (...of: Parameters<typeof writeZip>): Buffer => Buffer.concat(writeZip(...of));
export const savedFile = (value: unknown): Buffer => Buffer.concat(serializePyTorch(value));
export const npzFile = (...of: Parameters<typeof serializeNpz>): Buffer => Buffer.concat(serializeNpz(...of));

/** Servers on this machine, until the test is over: mirrors, and the paths that each was asked for. */
export async function serve(...answers: RequestListener[]): Promise<{ mirrors: string[]; requests: string[][] }> {
  const requests = answers.map((): string[] => []);
  const mirrors = answers.map(async (answer, i) => {
    const server = createServer((request, response) => {
      requests[i].push(request.url!);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/files/`;
  });
  return { mirrors: await Promise.all(mirrors), requests };
}

/** The numbers 0 to n - 1, each a sample. */
export const numbers = (n: number) => new TensorDataset(arange(n, undefined, 1, { dtype: "int32" }));

/** A dataset of one's own, of which only get is written. */
export class Own extends Dataset {
  length: number;
  override get: (index: number) => Tensor[];

  constructor(length: number, get: (index: number) => Tensor[]) {
    super();
    this.length = length;
    this.get = get;
  }
}
