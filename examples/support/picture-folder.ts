/** Pictures in a folder: PNG and JPEG files of any size, in a sub-folder for each class. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { stack, type Tensor, tensor, transforms } from "lucidgrad";
import { ImageReadMode, readImage, readPng, writePng } from "lucidgrad/image";
import type { Labelled } from "./augmented.ts";
import { DESIGNERS, drawEmoji, emojiNames, KINDS } from "./emoji.ts";
import { Progress } from "./progress.ts";

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
  const advice = "It is to have a sub-folder for each class, at least two, with PNG or JPEG files in it.";
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}. ${advice}`);
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
  if (classes.length < 2) throw new Error(`${folder} has ${classes.length} of them. ${advice}`);
  if (labels.length < 5)
    throw new Error(`${folder} has ${labels.length} pictures, of which none can be held out. Add some.`);
  return { pictures: stack(pictures), labels: tensor(labels, { dtype: "int32" }), classes };
}

/** An example of such a folder, with up to `limit` emojis of each kind and designer. */
export async function writeEmojiFolder(folder: string, limit: number): Promise<void> {
  const all = KINDS.flatMap((kind) =>
    emojiNames(kind)
      .slice(0, limit)
      .map((name) => ({ kind, name })),
  );
  const progress = new Progress(`Making ${folder}`, all.length, { unit: "pictures" });
  for (const [i, { kind, name }] of all.entries()) {
    mkdirSync(join(folder, kind), { recursive: true });
    for (const designer of DESIGNERS) {
      writePng(join(folder, kind, `${name}-${designer}.png`), await drawEmoji(designer, name, 64));
    }
    progress.update(i + 1);
  }
  progress.clear();
}
