/**
 * SVG text to PNG bytes, or to pixels. The renderer is WebAssembly and the font comes with the packages, so the same chart
 * gives the same picture on every machine, fonts installed or not. The font has no Chinese: what is drawn is in English.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import { initWasm, Resvg } from "@resvg/resvg-wasm";

const { resolve } = createRequire(import.meta.url);

let renderer: Promise<void> | undefined; // it refuses to be initialised twice
function loadRenderer(): Promise<void> {
  renderer ??= initWasm(readFile(resolve("@resvg/resvg-wasm/index_bg.wasm")));
  return renderer;
}

async function loadFont(): Promise<Uint8Array> {
  // A picture or two do not repay optimising the renderer, for which Node 20 would take another 60 MB.
  setFlagsFromString("--liftoff-only");
  await loadRenderer();
  return readFile(resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"));
}
let font: Promise<Uint8Array> | undefined;

export async function renderPng(svg: string): Promise<Uint8Array> {
  font ??= loadFont();
  const fonts = { loadSystemFonts: false, fontBuffers: [await font], sansSerifFamily: "DejaVu Sans" };
  return new Resvg(svg, { font: fonts }).render().asPng();
}

/** A square SVG without text, on white: four bytes a pixel, red, green, blue and opacity. */
export async function renderPixels(svg: string, size: number): Promise<Uint8Array> {
  await loadRenderer();
  const drawing = new Resvg(svg, { background: "white", fitTo: { mode: "width", value: size } });
  const image = drawing.render();
  const { pixels } = image;
  image.free(); // hundreds of them would fill the renderer's memory
  drawing.free();
  return pixels;
}
