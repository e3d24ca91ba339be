/**
 * npm run site            writes the site to docs/site/dist, static files for any folder of any host
 * npm run site:preview    writes and serves it; `-- --plain` without the headers that let threads share memory
 */
import { fileURLToPath } from "node:url";
import { buildSite } from "./build.ts";
import { serve } from "./serve.ts";

const folder = fileURLToPath(new URL("dist", import.meta.url));
await buildSite(folder);
if (process.argv.includes("--serve")) {
  const { address } = await serve(folder, { isolation: !process.argv.includes("--plain"), port: 4173 });
  console.log(address);
}
