// biome-ignore-all format: made by a program
/** Made by `npm run docs`: what ../files.ts exports, as users get it. */
import * as engine from "../files.ts";
import { guarded } from "./guard.ts";

const names = guarded(engine);
export const {
  saveTensors, loadTensors, saveCheckpoint, loadCheckpoint, saveNpy, loadNpy, saveNpz, loadNpz, SummaryWriter, save,
  load, toPyTorch,
} = names;
