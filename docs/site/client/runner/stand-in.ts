/**
 * What one types into while the editor is loading: a plain field with the same text, in the place of the code. The editor takes over
 * what stands in it, and the caret.
 */
interface Start {
  readonly text: string;
  readonly caret: number;
  /** What a screen reader calls it. */
  readonly label: string;
}

export const standInOf = (figure: Element): HTMLTextAreaElement | null => figure.querySelector("textarea.stand-in");

/** The field of a program; made, if there is none. */
export function standIn(figure: Element, { text, caret, label }: Start): HTMLTextAreaElement {
  const before = standInOf(figure);
  if (before) return before;
  const field = document.createElement("textarea");
  const grow = () => {
    field.rows = field.value.split("\n").length;
  };
  Object.assign(field, { className: "stand-in", value: text.replace(/\n$/, ""), wrap: "off", spellcheck: false });
  field.setAttribute("aria-label", label);
  field.addEventListener("input", grow);
  field.addEventListener("compositionstart", () => field.toggleAttribute("data-composing", true));
  field.addEventListener("compositionend", () => field.toggleAttribute("data-composing", false));
  grow();
  const code = figure.querySelector<HTMLElement>("pre.code")!;
  code.after(field);
  code.hidden = true;
  field.focus({ preventScroll: true });
  field.setSelectionRange(caret, caret);
  return field;
}

/** Resolves when no word is half typed, as with an input method for Chinese. */
export async function composed(field: HTMLTextAreaElement): Promise<void> {
  if (!field.hasAttribute("data-composing")) return;
  await new Promise((resolve) => field.addEventListener("compositionend", resolve, { once: true }));
}
