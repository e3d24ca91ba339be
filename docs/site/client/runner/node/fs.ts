/** What the engine uses of `node:fs`, on the disk in memory. */
import { Buffer } from "./buffer.ts";
import * as disk from "./disk.ts";

/** An open file. */
interface Open {
  readonly path: string;
  at: number;
}

const open = new Map<number, Open>();
let opened = 3; // 0 to 2 are the terminal's

export const constants = { O_WRONLY: 1 };

function failed(code: string, words: string, call: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${words}, ${call} '${path}'`), { code, path });
}
const missing = (call: string, path: string) => failed("ENOENT", "no such file or directory", call, path);

class Stats {
  readonly #isFile: boolean;
  readonly mode = 0o644;
  readonly uid = 0;
  readonly gid = 0;
  readonly size: number;

  constructor(isFile: boolean, size: number) {
    this.#isFile = isFile;
    this.size = size;
  }
  isFile = (): boolean => this.#isFile;
  isDirectory = (): boolean => !this.#isFile;
  isSymbolicLink = (): boolean => false;
  isFIFO = (): boolean => false;
  isSocket = (): boolean => false;
}

export const existsSync = (path: string): boolean => disk.isFile(path) || disk.isFolder(path);

export function statSync(path: string, { throwIfNoEntry = true } = {}): Stats | undefined {
  if (disk.isFile(path)) return new Stats(true, disk.read(path)!.length);
  if (disk.isFolder(path)) return new Stats(false, 0);
  if (throwIfNoEntry) throw missing("stat", path);
  return undefined;
}
export const lstatSync = statSync;
export const fstatSync = (file: number): Stats => statSync(open.get(file)!.path)!;

export function openSync(path: string, flags: string | number = "r"): number {
  if (disk.isFolder(path)) throw failed("EISDIR", "illegal operation on a directory", "open", path);
  const mode = String(flags);
  if (mode.includes("x") && disk.isFile(path)) throw failed("EEXIST", "file already exists", "open", path);
  if (mode.startsWith("w")) disk.write(path, new Uint8Array(0));
  if (mode.startsWith("a") && !disk.isFile(path)) disk.write(path, new Uint8Array(0));
  if (!disk.isFile(path)) throw missing("open", path);
  open.set(opened, { path, at: mode.startsWith("a") ? disk.read(path)!.length : 0 });
  return opened++;
}

export const closeSync = (file: number): void => void open.delete(file);

export function readSync(
  file: number,
  into: Uint8Array,
  offset: number,
  length: number,
  position: number | null,
): number {
  const state = open.get(file)!;
  const at = position ?? state.at;
  const part = disk.read(state.path)!.subarray(at, at + length);
  into.set(part, offset);
  state.at = at + part.length;
  return part.length;
}

export function writeSync(file: number, bytes: Uint8Array, offset = 0): number {
  const state = open.get(file)!;
  const part = bytes.subarray(offset);
  const old = disk.read(state.path)!;
  const whole = new Uint8Array(Math.max(old.length, state.at + part.length));
  whole.set(old);
  whole.set(part, state.at);
  disk.write(state.path, whole);
  state.at += part.length;
  return part.length;
}

export function readFileSync(path: string): Buffer {
  const bytes = disk.read(path);
  if (!bytes) throw missing("open", path);
  return Buffer.from(bytes);
}

export function readdirSync(path: string, { withFileTypes = false } = {}): unknown[] {
  if (!disk.isFolder(path)) throw missing("scandir", path);
  const names = disk.namesIn(path);
  return withFileTypes ? names.map((name) => Object.assign(statSync(`${path}/${name}`)!, { name })) : names;
}

export const realpathSync = disk.absolute;
export const readlinkSync = disk.absolute;
export const mkdirSync = (path: string): void => disk.makeFolder(path);
export const rmSync = (path: string): void => disk.remove(path);
export function renameSync(from: string, to: string): void {
  const bytes = disk.read(from);
  if (!bytes) throw missing("rename", from);
  disk.remove(from);
  disk.write(to, bytes);
}
export const fsyncSync = (): void => {};
export const fchmodSync = (): void => {};
export const fchownSync = (): void => {};

export function createReadStream(path: string): AsyncIterable<Uint8Array> {
  return (async function* () {
    yield readFileSync(path);
  })();
}
