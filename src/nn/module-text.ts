/** The text of a module, as PyTorch prints it. */
import { type Named, walk } from "./walk.ts";

/** What is printed of a module. */
interface Printed<Child> {
  namedChildren(): Named<Child>[];
  extraRepr(): string;
  toString(): string;
}

/** The class, its settings, and its children indented. @param ownText the toString that says only this */
export function textOf<T extends Printed<T>>(root: T, ownText: () => string): string {
  const hasOtherText = (module: T) => module !== root && module.toString !== ownText;
  const visits = walk<T>(root, (module) => (hasOtherText(module) ? [] : module.namedChildren()));
  let [text, newline] = ["", "\n"];
  for (const [i, { key, module, isEnd }] of visits.entries()) {
    const hasParts = visits[i + (isEnd ? -1 : 1)].module !== module;
    if (isEnd) {
      if (!hasParts) continue;
      newline = newline.slice(0, -2);
      text += `${newline})`;
    } else {
      if (i > 0) text += `${newline}(${key}): `;
      const own = hasOtherText(module) ? `${module}` : textBefore(module, hasParts);
      text += own.replaceAll("\n", newline);
      if (hasParts) newline += "  ";
    }
  }
  return text;
}

/** What is printed of a module before its parts; of one without any, all of it. */
function textBefore(module: Printed<unknown>, hasParts: boolean): string {
  const name = module.constructor.name;
  const settings = module.extraRepr();
  if (!hasParts && !settings.includes("\n")) return `${name}(${settings})`;
  const lines = settings === "" ? [] : settings.split("\n").map((line) => `\n  ${line}`);
  return `${name}(${lines.join("")}${hasParts ? "" : "\n)"}`;
}
