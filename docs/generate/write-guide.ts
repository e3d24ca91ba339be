/** Writes the guide and its programs anew: printed text, excerpts and line numbers. Part of `npm run docs`. */
import { writeFileSync } from "node:fs";
import { makeGuide } from "./guide.ts";

for (const [path, text] of await makeGuide()) writeFileSync(new URL(`../../${path}`, import.meta.url), text);
