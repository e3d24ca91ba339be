/**
 * Writing a file so that whoever looks sees the old contents or the new ones, never half of them, whenever the program is
 * killed. Nothing else about the file changes: a link to it stays one, and it keeps its owner and its mode.
 */
import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, isAbsolute } from "node:path";
import { threadId } from "node:worker_threads";
import { checkIsFile, naming } from "./file-errors.ts";
import { LARGEST_PART } from "./read-file.ts";

/**
 * @param data a text, bytes, or parts of bytes, one after the other: together they may be more than one array can hold
 * @throws an error with the path if it cannot be written; then the old file is as it was
 */
export function writeFileAtomically(path: string, data: string | Uint8Array | readonly Uint8Array[]): void {
  const bytes = typeof data === "string" ? Buffer.from(data) : data;
  const file = new NewFile(path);
  try {
    for (const part of bytes instanceof Uint8Array ? [bytes] : bytes) file.write(part);
    file.finish();
  } catch (error) {
    file.discard();
    throw error;
  }
}

/**
 * The same, with parts that come one after the other.
 * @throws what the parts throw, too; then the old file is as it was
 */
export async function writePartsAtomically(path: string, parts: AsyncIterable<Uint8Array>): Promise<void> {
  const file = new NewFile(path);
  try {
    for await (const part of parts) file.write(part);
    file.finish();
  } catch (error) {
    file.discard();
    throw error;
  }
}

/** What takes a file's place when it is whole. Each method throws an error with the path. */
class NewFile {
  readonly #path: string;
  readonly #target: string;
  readonly #temporary: string;
  #file: number | undefined;

  constructor(path: string) {
    this.#path = path;
    [this.#target, this.#temporary, this.#file] = naming(path, "written", () => {
      const old = replaceable(path);
      const target = behindLinks(path);
      const folder = dirname(target);
      makeFolder(folder);
      const prefix = temporaryPrefix(target);
      removeAbandoned(folder, prefix);
      const temporary = `${folder}/${prefix}${process.pid}-${threadId}-${randomUUID().slice(0, 8)}.tmp`;
      return [target, temporary, openNew(temporary, old)];
    });
  }

  write(part: Uint8Array): void {
    naming(this.#path, "written", () => {
      for (let at = 0; at < part.length; ) at += writeSync(this.#file!, part.subarray(at, at + LARGEST_PART));
    });
  }

  finish(): void {
    naming(this.#path, "written", () => {
      fsyncSync(this.#file!); // on the disk before it takes the old one's place
      this.#close();
      renameSync(this.#temporary, this.#target);
    });
  }

  /** Leaves the old file as it is. */
  discard(): void {
    this.#close();
    rmSync(this.#temporary, { force: true });
  }

  #close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** The file that is to be replaced, if there is one. @throws if it is not to be written to: a rename would not ask */
function replaceable(path: string): Stats | undefined {
  const old = statSync(path, { throwIfNoEntry: false });
  checkIsFile(old);
  if (old) closeSync(openSync(path, constants.O_WRONLY));
  return old;
}

/** Where the links lead, be there a file or not. ".." is left to the system: the folder before it may be a link, too. */
function behindLinks(path: string): string {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return path;
  const to = readlinkSync(path);
  return behindLinks(isAbsolute(to) ? to : `${dirname(path)}/${to}`);
}

/** One folder after the other: `mkdirSync` with `recursive` never returns where the system lets nobody make one, as in /proc. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error; // unless another program has just made it
  }
}

/**
 * How the names of a file's temporary ones begin, which are in its folder, since a rename is atomic only within one file system.
 * They are short, however long its own name is.
 */
const temporaryPrefix = (path: string): string =>
  `.lucidgrad-${createHash("sha1").update(basename(path)).digest("hex").slice(0, 16)}-`;

/** Removes what writers that were killed have left. */
function removeAbandoned(folder: string, prefix: string): void {
  try {
    for (const name of readdirSync(folder).filter((name) => name.startsWith(prefix))) {
      const [pid, thread] = name.slice(prefix.length).split("-").map(Number);
      const isOlder = pid === process.pid && thread === threadId; // an earlier process had the same number
      if (isOlder || !isRunning(pid)) rmSync(`${folder}/${name}`, { force: true });
    }
  } catch {
    // Whoever may not list the folder or remove from it may still write to it.
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0); // sends nothing
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it is somebody else's
  }
}

function openNew(path: string, old: Stats | undefined): number {
  const file = openSync(path, "wx", old ? 0o600 : 0o666); // what is private is so from the beginning
  if (old) keepOwnerAndMode(file, old);
  return file;
}

function keepOwnerAndMode(file: number, { uid, gid, mode }: Stats): void {
  try {
    fchmodSync(file, mode);
    fchownSync(file, uid, gid);
  } catch {
    // Some file systems have no modes, and only root may give a file to others.
  }
}
