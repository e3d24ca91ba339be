/** Makes docs/compatibility.md: every public name of PyTorch's, and what it is here, or why it is not. */
import { anchor } from "../anchor.ts";
import type { Shelf } from "../write.ts";
import { type Answer, answersFor, type Places, torchPlaces } from "./match.ts";
import { reasons } from "./reasons.ts";

const introduction = `Every public name of PyTorch 1.13 and torchvision 0.14, in full, such as \`torch.nn.functional.log_softmax\`: search this page for it. It is followed by what it is called here, or by the reason why it is not here. What newer versions have is listed where it is here. Where something behaves in another way, [the page of differences](differences.md) says so.

What changes is the spelling: \`log_softmax\` is \`logSoftmax\`, arguments by keyword are an object of options, \`{ keepdim: true }\`, and what PyTorch has as \`torch.…\`, \`torch.autograd\` and \`torch.utils\` is imported from "lucidgrad" by its name. \`out=\`, \`device=\` and \`layout=\` are nowhere.`;

export function makeCompatibility(shelf: Shelf): string {
  const sections = [...withNewer(torchPlaces(), shelf)].map(([place, names]) => sectionOf(place, names, shelf));
  const contents = sections.map(({ place, here, all }) => `- [${place}](#${anchor(place)}): ${here} of ${all}`);
  const whys = reasons.map(({ heading, why }) => `- **${heading}**: ${why}`);
  const parts = [
    "# PyTorch's names",
    introduction,
    contents.join("\n"),
    "## Why something is not here",
    whys.join("\n"),
    ...sections.map(({ text }) => text),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The names that comments mirror belong to the list, too, where PyTorch 1.13 does not have them yet, or in other modules. */
function withNewer(known: Places, { mirrored }: Shelf): Places {
  const places = new Map([...known].map(([place, names]) => [place, new Set(names)]));
  for (const path of mirrored.keys()) {
    const [, place, name] = /^(.*)\.(\w+)$/.exec(path) ?? [];
    if (place) places.set(place, (places.get(place) ?? new Set()).add(name));
  }
  return new Map([...places].map(([place, names]) => [place, [...names].sort()]));
}

function sectionOf(place: string, names: readonly string[], shelf: Shelf) {
  const rows = new Map<string, { here: string; own: string[] }>();
  const missing = new Map<string, string[]>();
  for (const name of names) {
    const [answer] = answersFor(place, name, shelf);
    if (!answer)
      throw new Error(`${place}.${name} is not here, and has no reason: docs/generate/compatibility/reasons.ts`);
    const code = `\`${place}.${name}\``;
    if (answer.reason) {
      const why = `**${answer.reason.heading}**. ${answer.reason.why}`;
      missing.set(why, [...(missing.get(why) ?? []), code]);
    } else {
      const here = linked(answer, shelf);
      const key = here.replace("_`", "`"); // abs_ stands beside abs
      rows.set(key, { here: rows.get(key)?.here ?? here, own: [...(rows.get(key)?.own ?? []), code] });
    }
  }
  const lines = [...rows.values()].map(({ here, own }) => `| ${own.join(", ")} | ${here} |`);
  const table = lines.length > 0 ? [["| PyTorch | here |", "| --- | --- |", ...lines].join("\n")] : [];
  const left = missing.size > 0 ? [[...missing].map(([why, own]) => `- ${why}<br>${own.join(", ")}`).join("\n")] : [];
  const here = names.length - [...missing.values()].flat().length;
  return { place, here, all: names.length, text: [`## ${place}`, ...table, ...left].join("\n\n") };
}

/** What to write, with a link to where the reference has it. */
function linked({ title = "", elsewhere }: Answer, { places }: Shelf): string {
  const place = places.get(elsewhere ? (elsewhere.place ?? "") : title);
  const code = `\`${elsewhere?.code ?? title}\``;
  return place ? `[${code}](api/${place})` : code;
}
