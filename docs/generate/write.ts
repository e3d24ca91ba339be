/** Makes the pages of docs/api of what read.ts finds in the source, and of the examples. */
import { commentExample, mirroredName } from "./comments.ts";
import { runExamples, runWritten, type Shown } from "./examples.ts";
import { type Page, pages } from "./pages.ts";
import { type Entry, exportsOf, fileOf, readExport, readTensor } from "./read.ts";
import type { Member } from "./signatures.ts";
import { isTorchName, snakeCase, torchName } from "./torch-names.ts";

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
  readonly example: Shown;
}

/** The pages by file name. Every example is run. */
export async function makePages(): Promise<Map<string, string>> {
  const examples = await runExamples();
  for (const [title, code] of examplesInComments()) examples.set(title, await runWritten(code));
  const made = new Map<string, string>();
  const contents: string[] = [];
  for (const [file, page] of Object.entries(pages)) {
    const members = file === "tensor.md" ? tensorGroups(examples) : [];
    const groups = [...groupsOf(page, examples), ...members].filter(({ items }) => items.length > 0);
    made.set(file, pageText(page, groups));
    contents.push(`## [${page.title}](${file})`, ...groups.map((group) => summaryOf(group, file)));
  }
  const text = `Every public name, with what it does, what PyTorch calls it, where it is written, and an example that is run when these pages are made. They are made of the comments in the source, by \`npm run docs\`: change those.\n\nExamples use what they need of \`lucidgrad\`, for example after \`import { arange, nn, optim, tensor } from "lucidgrad";\`, and begin with \`manualSeed(0)\`, whether they show it or not.`;
  return made.set("README.md", `${["# Reference", text, ...contents].join("\n\n")}\n`);
}

/** The examples that stand where a name is defined. */
function examplesInComments(): Map<string, string> {
  const found = new Map<string, string>();
  for (const { prefix, sections } of Object.values(pages)) {
    for (const [name, node] of sections.flatMap(({ from }) => [...exportsOf(from)])) {
      const code = commentExample(node);
      if (code) found.set(prefix + name, code);
    }
  }
  return found;
}

function groupsOf(page: Page, examples: Map<string, Shown>): Group[] {
  const { prefix, torch, only } = page;
  return page.sections.map(({ heading, from, files }) => {
    const chosen = [...exportsOf(from, only)].filter(([name, node]) => {
      const isNamespace = node.getKindName() === "SourceFile";
      return !isNamespace && name !== "Tensor" && (!files || files.test(fileOf(node)));
    });
    chosen.sort(([, a], [, b]) => compare(fileOf(a), fileOf(b)) || a.getPos() - b.getPos());
    const items = chosen.map(([name, node]) => {
      const mirrored = torchName(prefix, name, torch, mirroredName(node));
      return itemOf(prefix + name, readExport(name, node, prefix), [mirrored], examples);
    });
    return { heading, items };
  });
}

/** Members of Tensor as they are grouped in the source; `exp_` stands beside `exp`. */
function tensorGroups(examples: Map<string, Shown>): Group[] {
  const internal = ["viewOf", "historyVersion"];
  const entries = new Map(readTensor().map((entry) => [entry.name, entry]));
  const groups = new Map<string, Item[]>();
  const mirrored = (name: string) => torchName("Tensor.", name, ["torch.Tensor", "torch"]);
  for (const entry of entries.values()) {
    const { name, group } = entry;
    if (internal.includes(name) || (name.endsWith("_") && entries.has(name.slice(0, -1)))) continue;
    const twin = entries.get(`${name}_`);
    const signatures = [...entry.signatures, ...(twin?.signatures ?? [])];
    const torch = twin ? [mirrored(name), mirrored(twin.name)] : [mirrored(name)];
    const item = itemOf(`Tensor.${name}`, { ...entry, signatures }, torch, examples);
    groups.set(group, [...(groups.get(group) ?? []), item]);
  }
  return [...groups].map(([group, items]) => ({ heading: group[0].toUpperCase() + group.slice(1), items }));
}

/** @throws for a name without a description or an example */
function itemOf(title: string, entry: Entry, torch: readonly string[], examples: Map<string, Shown>): Item {
  const example = examples.get(title);
  if (!entry.text) throw new Error(`${title} has no comment, in ${entry.source}`);
  if (!example?.output)
    throw new Error(`${title} has no example that prints something, in its comment or docs/generate/examples`);
  return { title, entry, torch, example };
}

/** `explained` has the options that the page has listed so far, and the name that they are listed under. */
function itemText({ title, entry, torch, example }: Item, explained: Map<string, string>): string {
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
    ...(own.length > 0
      ? ["Members:", own.map((member) => bullet(member) + inTorch(torch[0], member.name)).join("\n")]
      : []),
    fence("ts", example.code),
    fence("text", example.output),
  ];
  return parts.join("\n\n");
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What PyTorch's class calls a member, where its name is another. */
function inTorch(mirrored: string, member: string): string {
  const name = snakeCase(member);
  return name !== member && isTorchName(`${mirrored.replaceAll("`", "")}.${name}`) ? ` PyTorch: \`${name}\`.` : "";
}

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

/** GitHub's anchor for a heading. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");

function pageText({ title, text }: Page, groups: readonly Group[]): string {
  const contents = groups.map(({ heading, items }) => {
    const links = items.map((item) => `[${item.title.replace(/^.*\./, "")}](#${anchor(item.title)})`);
    return `- **[${heading}](#${anchor(heading)})**: ${links.join(" · ")}`;
  });
  const explained = new Map<string, string>();
  const body = groups.flatMap(({ heading, items }) => [
    `## ${heading}`,
    ...items.map((item) => itemText(item, explained)),
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
