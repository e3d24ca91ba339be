/** Pictures in a folder: PNG and JPEG files of any size, in a sub-folder for each class. */
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { stack, type Tensor, tensor, transforms } from "lucidgrad";
import { ImageReadMode, readImage, readPng, writePng } from "lucidgrad/image";
import type { Labelled } from "./augmented.ts";
import { DESIGNERS, drawEmoji, emojiNames, KINDS } from "./emoji.ts";
import { Progress } from "./progress.ts";
import { say } from "./texts.ts";

/** (3, H, W) in [0, 1]: on white, where it is transparent. */
function readColours(path: string): Tensor {
  if (!/\.png$/i.test(path)) return readImage(path, ImageReadMode.RGB).div(255);
  const picture = readPng(path, { channels: 4 });
  const opacity = picture.narrow(0, 3, 1);
  return picture.narrow(0, 0, 3).sub(1).mul(opacity).add(1);
}

/** The middle of a picture, as (3, size, size) in [0, 1]. @throws if there is no such file, or it cannot be read */
export function readPicture(path: string, size: number): Tensor {
  const resized = new transforms.Resize(size, { antialias: true }).apply(readColours(path));
  return new transforms.CenterCrop(size).apply(resized);
}

/** All pictures of a folder, and the names of the sub-folders, which are the classes. @throws if there are not two classes */
export function readFolder(folder: string, size: number): Labelled & { classes: string[] } {
  if (!existsSync(folder)) throw new Error(say.noFolder(folder));
  const subfolders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const pictures: Tensor[] = [];
  const labels: number[] = [];
  const classes: string[] = [];
  for (const name of subfolders.map((entry) => entry.name).sort()) {
    const files = readdirSync(join(folder, name)).filter((file) => /\.(png|jpe?g)$/i.test(file));
    if (files.length === 0) continue;
    pictures.push(...files.sort().map((file) => readPicture(join(folder, name, file), size)));
    labels.push(...files.map(() => classes.length));
    classes.push(name);
  }
  if (classes.length < 2) throw new Error(say.fewFolders(folder, classes.length));
  if (labels.length < 5) throw new Error(say.fewPictures(folder, labels.length));
  return { pictures: stack(pictures), labels: tensor(labels, { dtype: "int32" }), classes };
}

/** An example of such a folder, with up to `limit` emojis of each kind and designer. */
export async function writeEmojiFolder(folder: string, limit: number): Promise<void> {
  const all = KINDS.flatMap((kind) =>
    emojiNames(kind)
      .slice(0, limit)
      .map((name) => ({ kind, name })),
  );
  const unfinished = `${folder}.part`; // an interrupted one is not taken for all
  const progress = new Progress(say.making(folder), all.length, { unit: "pictures" });
  for (const [i, { kind, name }] of all.entries()) {
    mkdirSync(join(unfinished, kind), { recursive: true });
    for (const designer of DESIGNERS) {
      writePng(join(unfinished, kind, `${name}-${designer}.png`), await drawEmoji(designer, name, 64));
    }
    progress.update(i + 1);
  }
  renameSync(unfinished, folder);
  progress.clear();
}
