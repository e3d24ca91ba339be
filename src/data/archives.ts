/**
 * Datasets that are published as one archive: it is fetched to where torchvision keeps it, checked, and what is wanted of it unpacked
 * beside it. Both are written part by part, and take their places when they are whole. Read next: formats/tar.ts.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { check } from "../tensor/check.ts";
import { fromMirrors, unpacked } from "./dataset-files.ts";
import { downloaded } from "./download.ts";
import { expectationsOf } from "./formats/expect.ts";
import { readFile } from "./formats/read-file.ts";
import { tarFiles } from "./formats/tar.ts";
import { writeFileAtomically, writePartsAtomically } from "./formats/write-file.ts";
import { readZip, unpack } from "./formats/zip.ts";

/** A file that is fetched as a whole. */
export interface Published {
  readonly name: string;
  /** Addresses that its name is appended to, in the order in which they are tried. */
  readonly mirrors: readonly string[];
  readonly md5: string;
  /** It, and each file in it, has at most so many bytes. */
  readonly largest: number;
}

/** A file of a dataset. */
export interface Wanted {
  /** What it is called in the archive. */
  readonly member: string;
  /** Where it belongs. */
  readonly path: string;
}

/**
 * Sees to it that the files are where they belong: unpacks those that are missing of the archive in `folder`, which is fetched if it
 * is not there and `download` is true.
 * @throws if one is nowhere, the archive cannot be unpacked or has not all of them, or every mirror fails
 */
export async function provide(
  archive: Published,
  wanted: readonly Wanted[],
  { folder, download }: { folder: string; download: boolean },
): Promise<void> {
  const missing = wanted.filter(({ path }) => !existsSync(path));
  if (missing.length === 0) return;
  const path = join(folder, archive.name);
  const isThere = existsSync(path);
  const notFound = () =>
    `Dataset not found: there is no ${missing[0].path}, and no ${path}. Put one of them there, or use download: true to fetch it.`;
  check(isThere || download, notFound);
  if (!isThere) await fetchPublished(archive, folder);
  const places = new Map(missing.map(({ member, path }) => [member, path]));
  try {
    if (isThere) for await (const _ of checked(createReadStream(path), archive.md5)); // before anything is believed
    await (archive.name.endsWith(".zip") ? unpackZip : unpackTar)(path, places, archive.largest);
    check(places.size === 0, () => `there is no ${[...places.keys()].join(" and no ")} in it`);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${path}: cannot be unpacked (${message}). Delete it and try again.`, { cause: error });
  }
}

/** Fetches a file from the first mirror that has it into `folder`; its path. @throws if every mirror fails */
export async function fetchPublished({ name, mirrors, md5, largest }: Published, folder: string): Promise<string> {
  const path = join(folder, name);
  await fromMirrors(mirrors, name, folder, (url) => writePartsAtomically(path, checked(downloaded(url, largest), md5)));
  return path;
}

/** The same parts. @throws after the last, unless together they have this MD5 */
async function* checked(parts: AsyncIterable<Uint8Array>, md5: string): AsyncGenerator<Uint8Array> {
  const hash = createHash("md5");
  for await (const part of parts) {
    hash.update(part);
    yield part;
  }
  const found = hash.digest("hex");
  check(found === md5, () => `expected MD5 ${md5}, but got ${found}`);
}

/** Writes members to their places, and takes them out of the list. */
async function unpackTar(path: string, places: Map<string, string>, largest: number): Promise<void> {
  const packed = createReadStream(path);
  const plain = createGunzip();
  packed.on("error", (error) => plain.destroy(error));
  try {
    for await (const { name, size, parts } of tarFiles(packed.pipe(plain))) {
      const place = places.get(name);
      if (place === undefined) continue;
      check(size <= largest, () => `${name} has ${size} bytes, more than the ${largest} that it may have`);
      await writePartsAtomically(place, parts);
      places.delete(name);
      if (places.size === 0) break;
    }
  } finally {
    packed.destroy();
    plain.destroy();
  }
}

/** The same, of a zip file in which each file is packed by gzip. */
async function unpackZip(path: string, places: Map<string, string>, largest: number): Promise<void> {
  const expect = expectationsOf(path, "zip file");
  const entries = readZip(readFile(path), expect);
  for (const [member, place] of places) {
    const entry = entries.get(member);
    if (entry === undefined) continue;
    writeFileAtomically(place, unpacked(member, unpack(entry, expect), largest));
    places.delete(member);
  }
}
