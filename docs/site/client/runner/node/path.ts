/** What the engine uses of `node:path`. */

export const isAbsolute = (path: string): boolean => path.startsWith("/");
export const basename = (path: string): string => path.replace(/\/+$/, "").replace(/^.*\//, "");

export function dirname(path: string): string {
  const [, parent] = /^(.*)\/[^/]+\/*$/.exec(path) ?? [];
  return parent || (isAbsolute(path) ? "/" : ".");
}

export function extname(path: string): string {
  const name = basename(path);
  const at = name.lastIndexOf(".");
  return at > 0 && name !== ".." ? name.slice(at) : "";
}

export function join(...parts: readonly string[]): string {
  const kept: string[] = [];
  const path = parts.filter(Boolean).join("/");
  for (const part of path.split("/")) {
    const isUp = part === ".." && (isAbsolute(path) || (kept.length > 0 && kept.at(-1) !== ".."));
    if (isUp) kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return (isAbsolute(path) ? "/" : "") + kept.join("/") || ".";
}
