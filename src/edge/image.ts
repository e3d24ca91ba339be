// biome-ignore-all format: made by a program
/** Made by `npm run docs`: what ../data/image.ts exports, as users get it. */
import * as engine from "../data/image.ts";
import { guarded } from "./guard.ts";

const names = guarded(engine);
export const {
  imageGrid, makeGrid, decodeImage, ImageReadMode, readImage, readPng, encodeJpeg, encodePng, saveImage, writeJpeg,
  writePng,
} = names;
