// biome-ignore-all format: made by a program
/** Made by `npm run docs`: what ../data/files.ts exports, as users get it. */
import * as engine from "../data/files.ts";
import { guarded } from "./guard.ts";

const names = guarded(engine);
export const {
  saveTensors,
  loadTensors,
  saveCheckpoint,
  loadCheckpoint,
  save,
  load,
  saveNpy,
  loadNpy,
  saveNpz,
  loadNpz,
  toPyTorch,
  SummaryWriter,
} = names;
