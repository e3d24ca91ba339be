/** What the editor of the site completes: every public name as users write it, as the pages of the reference have it. */
import { readdirSync, readFileSync } from "node:fs";

/** A name, after what users write before it. */
export interface Completion {
  readonly name: string;
  /** How it is called, a line for each way. */
  readonly signature: string;
  /** What it does: the first paragraph. */
  readonly text: string;
  readonly kind: "function" | "class" | "namespace" | "property";
}

/** A heading, its signatures, PyTorch's name, and a paragraph. */
const ENTRY = /^### (\S+)\n\n```ts\n([\s\S]*?)\n```\n\nPyTorch: .*\n\n(.*)/gm;

const api = new URL("../api/", import.meta.url);

/** By what stands before the name: "", "nn.", "nn.functional.", …, and "x." for members of a tensor. */
export function makeCompletions(): Record<string, Completion[]> {
  const made: Record<string, Completion[]> = {};
  const add = (prefix: string, completion: Completion) => {
    made[prefix] ??= [];
    if (!made[prefix].some(({ name }) => name === completion.name)) made[prefix].push(completion);
  };
  for (const file of readdirSync(api)) {
    const page = readFileSync(new URL(file, api), "utf8");
    for (const [, title, signatures, paragraph] of page.matchAll(ENTRY)) {
      const lines = signatures.split("\n");
      const text = plain(paragraph);
      const [, prefix, name] = /^(.*?)(\w+)$/.exec(title)!;
      const own = lines.filter((line) => !line.startsWith("x."));
      if (prefix !== "Tensor.") add(prefix, { name, signature: own.join("\n"), text, kind: kindOf(own[0]) });
      else for (const line of own) add("x.", { name, signature: line, text, kind: kindOf(line) });
      for (const line of lines.filter((line) => line.startsWith("x."))) {
        const method = /^x\.(\w+)/.exec(line)![1];
        const ways = lines.filter((other) => other.startsWith(`x.${method}(`));
        add("x.", { name: method, signature: ways.join("\n") || line, text, kind: kindOf(line) });
      }
      addNamespaces(prefix, page, add);
    }
  }
  return made;
}

const kindOf = (signature: string): Completion["kind"] => {
  if (/^(new|abstract class) /.test(signature)) return "class";
  return signature.includes("(") ? "function" : "property";
};

/** `functional` after `nn.`, of `nn.functional.`. */
function addNamespaces(prefix: string, page: string, add: (prefix: string, completion: Completion) => void): void {
  const [, before, name] = /^(.*?)(\w+)\.$/.exec(prefix) ?? [];
  if (!name || prefix === "Tensor.") return;
  const [, title] = /^# (.*?):/.exec(page) ?? [];
  add(before, { name, signature: prefix.slice(0, -1), text: title ?? "", kind: "namespace" });
}

/** Markdown as words. */
const plain = (paragraph: string): string => paragraph.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");
