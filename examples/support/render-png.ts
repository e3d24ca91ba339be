/**
 * SVG text to PNG bytes. The renderer is WebAssembly and the font comes with the packages, so the same chart
 * gives the same picture on every machine, fonts installed or not.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

const { resolve } = createRequire(import.meta.url);

async function loadFont(): Promise<Uint8Array> {
  // A picture or two do not repay optimising the renderer, for which Node 20 would take another 60 MB.
  setFlagsFromString("--liftoff-only");
  await initWasm(readFile(resolve("@resvg/resvg-wasm/index_bg.wasm")));
  return readFile(resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"));
}
let font: Promise<Uint8Array> | undefined; // the renderer refuses to be initialised twice

export async function renderPng(svg: string): Promise<Uint8Array> {
  font ??= loadFont();
  const fonts = { loadSystemFonts: false, fontBuffers: [await font], sansSerifFamily: "DejaVu Sans" };
  const renderer = new Resvg(svg, { font: fonts });
  return renderer.render().asPng();
}
