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
  naming(path, "written", () => {
    const old = replaceable(path);
    const target = behindLinks(path);
    const folder = dirname(target);
    makeFolder(folder);
    const prefix = temporaryPrefix(target);
    removeAbandoned(folder, prefix);
    const temporary = `${folder}/${prefix}${process.pid}-${threadId}-${randomUUID().slice(0, 8)}.tmp`;
    try {
      const bytes = typeof data === "string" ? Buffer.from(data) : data;
      writeNew(temporary, bytes instanceof Uint8Array ? [bytes] : bytes, old);
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
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

function writeNew(path: string, parts: readonly Uint8Array[], old: Stats | undefined): void {
  const file = openSync(path, "wx", old ? 0o600 : 0o666); // what is private is so from the beginning
  try {
    if (old) keepOwnerAndMode(file, old);
    for (const part of parts) {
      for (let at = 0; at < part.length; ) at += writeSync(file, part.subarray(at, at + LARGEST_PART));
    }
    fsyncSync(file); // on the disk before it takes the old one's place
  } finally {
    closeSync(file);
  }
}

function keepOwnerAndMode(file: number, { uid, gid, mode }: Stats): void {
  try {
    fchmodSync(file, mode);
    fchownSync(file, uid, gid);
  } catch {
    // Some file systems have no modes, and only root may give a file to others.
  }
}
