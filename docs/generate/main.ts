/** `npm run docs`: writes what the documentation takes from the source and from programs that it runs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { makeEdge } from "./arguments.ts";
import { makeLeftOut } from "./compatibility/left-out.ts";
import { makeCompatibility } from "./compatibility/page.ts";
import { makeGuide } from "./guide.ts";
import { makeSideBySide } from "./side-by-side.ts";
import { makePages, makeShelf } from "./write.ts";

const root = new URL("../../", import.meta.url);
const pages = await makePages();
mkdirSync(new URL("docs/api/", root), { recursive: true });
for (const [file, text] of pages) writeFileSync(new URL(`docs/api/${file}`, root), text);
writeFileSync(new URL("docs/compatibility.md", root), makeCompatibility(makeShelf()));
const edge = makeEdge().set("src/edge/left-out.ts", makeLeftOut());
for (const [path, text] of edge) writeFileSync(new URL(path, root), text);
const guide = new Map([...(await makeGuide()), ...(await makeSideBySide())]);
for (const [path, text] of guide) writeFileSync(new URL(path, root), text);
console.log(`Wrote ${pages.size} pages of the reference, ${guide.size} files of the guide, ${edge.size} of the edge`);
