/** Makes the pages of docs/api of what read.ts finds in the source, and of the examples. */
import { anchor } from "./anchor.ts";
import { allNames, runExample, type Shown } from "./examples.ts";
import { type Page, pages } from "./pages.ts";
import { type Entry, exportsOf, fileOf, operations, readExport, readTensor } from "./read.ts";
import type { Member } from "./signatures.ts";
import { snakeCase, torchName } from "./torch-names.ts";

/** What a page shows under one heading. */
interface Group {
  readonly heading: string;
  readonly items: Item[];
}

interface Item {
  readonly title: string;
  readonly entry: Entry;
  /** PyTorch's name, or names. */
  readonly torch: readonly string[];
}

/** The pages by file name. Every example is run, on the names that it is given. */
export async function makePages(names = allNames): Promise<Map<string, string>> {
  const groups = new Map(Object.entries(pages).map(([file, page]) => [file, groupsOf(page)]));
  const examples = new Map<string, Shown>();
  for (const { title, entry } of [...groups.values()].flat().flatMap(({ items }) => items)) {
    if (entry.example) examples.set(title, await runExample(entry.example, names));
    if (!entry.text) throw new Error(`${title} has no comment, in ${entry.source}`);
    if (!examples.get(title)?.output) throw new Error(`${title} has no example that prints something, in its comment`);
  }
  const made = new Map<string, string>();
  const contents: string[] = [];
  for (const [file, ofPage] of groups) {
    made.set(file, pageText(pages[file], ofPage, examples));
    contents.push(`## [${pages[file].title}](${file})`, ...ofPage.map((group) => summaryOf(group, file)));
  }
  const text = `Every public name, with what it does, what PyTorch calls it, where it is written, and an example that is run when these pages are made. They are made of the comments in the source, by \`npm run docs\`: change those. PyTorch calls a member, an argument and an option the same in snake_case.\n\nExamples use what they need of \`lucidgrad\`, for example after \`import { arange, nn, optim, tensor } from "lucidgrad";\`, and begin with \`manualSeed(0)\`, whether they show it or not.`;
  return made.set("README.md", `${["# Reference", text, ...contents].join("\n\n")}\n`);
}

/** Where in the reference every name is. */
export interface Shelf {
  /** `file.md#anchor` by the name as users write it, of a namespace its file; members of Tensor are `Tensor.add_`. */
  readonly places: ReadonlyMap<string, string>;
  /** Names as users write them, by PyTorch's that their comments name. */
  readonly mirrored: ReadonlyMap<string, string>;
}

export function makeShelf(): Shelf {
  const places = new Map([["Tensor", "tensor.md"]]);
  const mirrored = new Map<string, string>();
  for (const [file, page] of Object.entries(pages)) {
    if (page.prefix) places.set(page.prefix.slice(0, -1), file);
    for (const { title, entry, torch } of groupsOf(page).flatMap(({ items }) => items)) {
      const place = `${file}#${anchor(title)}`;
      const methods = entry.signatures.flatMap((text) => /^x\.(\w+)/.exec(text)?.[1] ?? []);
      const names = [
        ...methods.map((name) => `Tensor.${name}`),
        ...entry.members.map(({ name }) => `${title}.${name}`),
      ];
      for (const name of [title, ...names]) places.set(name, place);
      const method = places.has(`Tensor.${title}`) ? `Tensor.${title}` : title;
      for (const [, name] of torch.join(" ").matchAll(/(?<![\w.])(torch(?:vision)?\.[\w.]+)/g))
        mirrored.set(name, name.startsWith("torch.Tensor.") ? method : title);
    }
  }
  return { places, mirrored };
}

function groupsOf(page: Page): Group[] {
  const { prefix, only, torch } = page;
  const methods = prefix === "" ? groupsOfTensor : [];
  const shown = methods.flatMap(({ items }) => items.map(({ title }) => title));
  const groups = page.sections.map(({ heading, from, files }) => {
    const chosen = [...exportsOf(from, only)].filter(([name, node]) => {
      const isNamespace = node.getKindName() === "SourceFile";
      return !isNamespace && name !== "Tensor" && !shown.includes(name) && (!files || files.test(fileOf(node)));
    });
    chosen.sort(([, a], [, b]) => compare(fileOf(a), fileOf(b)) || a.getPos() - b.getPos());
    const items = chosen.map(([name, node]) => {
      const entry = readExport(name, node, prefix);
      return { title: prefix + name, entry, torch: [torchName(prefix, name, entry.mirrors, torch)] };
    });
    return { heading, items };
  });
  const members = methods.map(({ heading, items }) => ({
    heading,
    items: items.filter(({ title }) => (title.startsWith("Tensor.") ? "members" : "operations") === page.tensor),
  }));
  return [...groups, ...members].filter(({ items }) => items.length > 0);
}

/** Members of Tensor as they are grouped in the source; `exp_` stands beside `exp`. */
const groupsOfTensor = groupTensor();

function groupTensor(): readonly Group[] {
  const internal = ["viewOf", "historyVersion"];
  const entries = new Map(readTensor().map((entry) => [entry.name, entry]));
  const groups = new Map<string, Item[]>();
  for (const entry of entries.values()) {
    const { name, group } = entry;
    if (internal.includes(name) || (name.endsWith("_") && entries.has(name.slice(0, -1)))) continue;
    const twin = entries.get(`${name}_`);
    const signatures = [...entry.signatures, ...(twin?.signatures ?? [])];
    const torch = [torchName("Tensor.", name, entry.mirrors, "torch.Tensor")];
    // A function of torch.nn alone is no method in PyTorch.
    if (twin && /^`torch\.(Tensor\.)?\w+`$/.test(torch[0])) torch.push(`\`torch.Tensor.${snakeCase(twin.name)}\``);
    const title = entry.signatures[0].startsWith(name) && operations.has(name) ? name : `Tensor.${name}`;
    groups.set(group, [...(groups.get(group) ?? []), { title, entry: { ...entry, signatures }, torch }]);
  }
  return [...groups].map(([group, items]) => ({ heading: group[0].toUpperCase() + group.slice(1), items }));
}

/** `explained` has the options that the page has listed so far, and the name that they are listed under. */
function itemText({ title, entry, torch }: Item, example: Shown, explained: Map<string, string>): string {
  const { signatures, text, options, members, source } = entry;
  const settings = options.map(({ name, settings }) => {
    const where = explained.get(name);
    if (where) return `\`${name}\`: as in [${where}](#${anchor(where)})`;
    explained.set(name, title);
    return `\`${name}\`:\n\n${settings.map(bullet).join("\n")}`;
  });
  const own = members.filter(
    ({ name }) => !["forward", "extraRepr", "toString"].includes(name) || title === "nn.Module",
  );
  const parts = [
    `### ${title}`,
    fence("ts", signatures.join("\n")),
    `PyTorch: ${torch.join(", ")} · [source](../../${source})`,
    text,
    ...settings,
    ...(own.length > 0 ? ["Members:", own.map(bullet).join("\n")] : []),
    fence("ts", example.code),
    fence("text", example.output),
  ];
  return parts.join("\n\n");
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const fence = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\``;

function bullet({ signature, text }: Member): string {
  const sentences = text.split(/\n+/).map((line) => line.replace(/^- /, "").replace(/(?<![.:])$/, "."));
  return text ? `- \`${signature}\`: ${sentences.join(" ")}` : `- \`${signature}\``;
}

/** Up to the first full stop or colon that ends a clause, not one in a number, a name or a formula. */
function firstSentence(text: string): string {
  const [paragraph] = text.split("\n");
  return paragraph.replace(/(?<! )[.:](?= |$).*/, "");
}

function pageText({ title, text }: Page, groups: readonly Group[], examples: Map<string, Shown>): string {
  const contents = groups.map(({ heading, items }) => {
    const links = items.map((item) => `[${item.title.replace(/^.*\./, "")}](#${anchor(item.title)})`);
    return `- **[${heading}](#${anchor(heading)})**: ${links.join(" · ")}`;
  });
  const explained = new Map<string, string>();
  const body = groups.flatMap(({ heading, items }) => [
    `## ${heading}`,
    ...items.map((item) => itemText(item, examples.get(item.title) as Shown, explained)),
  ]);
  const mentioned = groups.flatMap(({ items }) => items.flatMap(({ entry }) => entry.types));
  const types = new Map(mentioned.filter(({ name }) => !explained.has(name)).map((type) => [type.name, bullet(type)]));
  const ending = types.size > 0 ? ["## Types", [...types.values()].sort().join("\n")] : [];
  if (types.size > 0) contents.push("- **[Types](#types)**");
  return `${[`# ${title}`, "[All names](README.md)", text, contents.join("\n"), ...body, ...ending].join("\n\n")}\n`;
}

function summaryOf({ heading, items }: Group, file: string): string {
  const lines = items.map(
    ({ title, entry }) => `- [\`${title}\`](${file}#${anchor(title)}): ${firstSentence(entry.text)}`,
  );
  return [`**${heading}**`, lines.join("\n")].join("\n\n");
}
