/** Completion of the engine's names, with how they are called and what they do. */

import names from "virtual:names";
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";

type Name = (typeof names)[string][number];

const kinds: Record<Name["kind"], string> = {
  function: "function",
  class: "class",
  namespace: "namespace",
  property: "property",
};

const optionOf = ({ name, signature, text, kind }: Name): Completion => ({
  label: name,
  type: kinds[kind],
  info: () => described(signature, text),
});

function described(signature: string, text: string): HTMLElement {
  const [place, code, words] = [
    document.createElement("div"),
    document.createElement("pre"),
    document.createElement("p"),
  ];
  code.textContent = signature;
  words.textContent = text;
  place.append(code, words);
  return place;
}

const options = new Map(Object.entries(names).map(([prefix, all]) => [prefix, all.map(optionOf)]));

/** What stands before a dot, if it is one of our namespaces; `F` is what PyTorch's users call nn.functional. */
function prefixOf(before: string): string {
  const prefix = before === "F." ? "nn.functional." : before;
  return options.has(prefix) ? prefix : "x."; // after any other dot there may be a tensor
}

export function namesOfTheEngine(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[\w$.]*/);
  const text = word?.text ?? "";
  const dot = text.lastIndexOf(".") + 1;
  if (!word || (text === "" && !context.explicit) || /^\d/.test(text)) return null;
  const isAfterCall = dot === 1 || (dot === 0 && context.matchBefore(/\.[\w$]*/) !== null);
  const prefix = dot === 0 && !isAfterCall ? "" : prefixOf(text.slice(0, dot));
  return { from: word.from + dot, options: options.get(prefix) ?? [], validFor: /^[\w$]*$/ };
}
