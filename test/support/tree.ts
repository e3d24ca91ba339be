/** The tree that the tests are about: its folder, and its files by their paths from there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

export const read = (file: string): string => readFileSync(join(root, file), "utf8");
