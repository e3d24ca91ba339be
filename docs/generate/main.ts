/** `npm run docs`: writes the pages of docs/api. */
import { mkdirSync, writeFileSync } from "node:fs";
import { makePages } from "./write.ts";

const folder = new URL("../api/", import.meta.url);
const pages = await makePages();
mkdirSync(folder, { recursive: true });
for (const [file, text] of pages) writeFileSync(new URL(file, folder), text);
console.log(`Wrote ${pages.size} pages to docs/api`);
