/**
 * Emojis as pictures in colour, of eight kinds, each drawn by three designers: Twitter (CC BY 4.0), Google (Apache 2.0) and
 * Microsoft (MIT). The packages @iconify-json/… have their drawings as SVG.
 */
import { createRequire } from "node:module";
import { stack, type Tensor, tensor } from "lucidgrad";
import type { Labelled } from "./augmented.ts";
import { Progress } from "./progress.ts";
import { renderPixels } from "./render-png.ts";
import { say } from "./texts.ts";

/** A package's drawings: what stands inside of the SVG, and how large a drawing is unless it says otherwise. */
interface Drawings {
  readonly icons: Readonly<Record<string, { body: string; width?: number; height?: number }>>;
  readonly width: number;
  readonly height: number;
}

export const DESIGNERS = ["twemoji", "noto", "fluent-emoji-flat"] as const;
export type Designer = (typeof DESIGNERS)[number];

const CATEGORIES = {
  face: "Smileys & Emotion",
  animal: "Animals & Nature",
  food: "Food & Drink",
  object: "Objects",
  person: "People & Body",
  symbol: "Symbols",
  travel: "Travel & Places",
  activity: "Activities",
};
export type Kind = keyof typeof CATEGORIES;
export const KINDS = Object.keys(CATEGORIES) as Kind[];

function load<T>(file: string): T {
  try {
    return createRequire(import.meta.url)(`@iconify-json/${file}`);
  } catch {
    throw new Error(say.noEmojis(`@iconify-json/${file.split("/")[0]}`));
  }
}

const drawingsOf = (designer: Designer): Drawings => load(`${designer}/icons.json`);

/**
 * The names that all designers have drawn, each once and not for every tone of skin; of the emotions only faces. Google's
 * "package" the renderer cannot draw.
 */
export function emojiNames(kind: Kind): string[] {
  const { categories } = load<{ categories: Record<string, string[]> }>("twemoji/metadata.json");
  const isDrawn = (name: string) => DESIGNERS.every((designer) => name in drawingsOf(designer).icons);
  const isMeant = (name: string) =>
    !name.includes("skin-tone") && name !== "package" && (kind !== "face" || name.includes("face"));
  return categories[CATEGORIES[kind]].filter((name) => isMeant(name) && isDrawn(name));
}

/** (3, size, size) in [0, 1], on white. @throws if there is none of this name */
export async function drawEmoji(designer: Designer, name: string, size: number): Promise<Tensor> {
  const { icons, ...common } = drawingsOf(designer);
  if (!(name in icons)) throw new Error(say.noEmoji(designer, name));
  const { body, width, height } = { ...common, ...icons[name] };
  const side = Math.max(width, height);
  const box = [(width - side) / 2, (height - side) / 2, side, side].join(" ");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="${box}">${body}</svg>`;
  const pixels = tensor([...(await renderPixels(svg, size))]).view(size, size, 4);
  return pixels.narrow(2, 0, 3).permute(2, 0, 1).div(255);
}

/**
 * The first `limit` emojis of each of these kinds, as each of the designers drew them: pictures (N, 3, size, size), and each one's
 * place among the kinds.
 */
export async function readEmojis(kinds: readonly Kind[], limit: number, size: number): Promise<Labelled[]> {
  const names = kinds.map((kind) => emojiNames(kind).slice(0, limit));
  const progress = new Progress(say.drawingEmojis, DESIGNERS.length * names.flat().length, { unit: "pictures" });
  const labels = names.flatMap((ofKind, label) => ofKind.map(() => label));
  const sets: Labelled[] = [];
  for (const designer of DESIGNERS) {
    const pictures: Tensor[] = [];
    for (const name of names.flat()) {
      pictures.push(await drawEmoji(designer, name, size));
      progress.update(sets.length * labels.length + pictures.length);
    }
    sets.push({ pictures: stack(pictures), labels: tensor(labels, { dtype: "int32" }) });
  }
  progress.clear();
  return sets;
}
