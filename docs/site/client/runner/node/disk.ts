/**
 * A disk in memory, for what programs write and read on a page: it is empty at the beginning but for the files of the site, which are fetched
 * when they are first read.
 */

/** A file's bytes, or how to get them. */
type Contents = Uint8Array | (() => Uint8Array);

const files = new Map<string, Contents>();
const folders = new Set(["/", "/tmp"]);

/** From the root, without "." and "..". */
export function absolute(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Puts a file on the disk that is fetched when it is first read. */
export const place = (path: string, read: () => Uint8Array): void => void files.set(path, read);

export const isFile = (path: string): boolean => files.has(absolute(path));
export const isFolder = (path: string): boolean => folders.has(absolute(path));

/** The bytes, or undefined. */
export function read(path: string): Uint8Array | undefined {
  const name = absolute(path);
  const contents = files.get(name);
  if (typeof contents !== "function") return contents;
  const bytes = contents();
  files.set(name, bytes);
  return bytes;
}

export const write = (path: string, bytes: Uint8Array): void => void files.set(absolute(path), bytes);
export const makeFolder = (path: string): void => void folders.add(absolute(path));

export function remove(path: string): void {
  const name = absolute(path);
  for (const known of [...files.keys(), ...folders])
    if (known === name || known.startsWith(`${name}/`)) {
      files.delete(known);
      folders.delete(known);
    }
}

/** The names of what is in a folder. */
export function namesIn(path: string): string[] {
  const start = `${absolute(path)}/`.replace("//", "/");
  const inside = [...files.keys(), ...folders].filter((name) => name.startsWith(start) && name !== start);
  return [...new Set(inside.map((name) => name.slice(start.length).split("/")[0]))].sort();
}
