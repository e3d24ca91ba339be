/** The editor of a block, CodeMirror: loaded when somebody wants to edit. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { namesOfTheEngine } from "./completion.ts";
import type { Language } from "./texts.ts";

export interface EditorOptions {
  /** What a screen reader calls it. */
  readonly label: string;
  readonly language: Language;
  changed(text: string): void;
  run(): void;
}

export interface Editor {
  setText(text: string): void;
  /** Marks lines, from 1, and shows the first; none to take the marks away. */
  mark(lines: readonly number[]): void;
  /** Puts the caret behind so many characters, or selects as far as there; without them it is where it was. */
  focus(caret?: number, head?: number): void;
}

/** The colours of the page's other code. */
const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--code-comment)" },
  { tag: [tags.keyword, tags.self], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-constant)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--code-name)" },
  { tag: [tags.typeName, tags.className], color: "var(--code-name)" },
]);

const selection = "color-mix(in srgb, var(--accent) 28%, transparent)";
const theme = EditorView.theme({
  "&": { color: "var(--ink)" },
  "&.cm-focused": { outline: "none" }, // its place has a border
  ".cm-content": { fontFamily: "inherit", caretColor: "var(--ink)" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "inherit" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--muted)", border: "none" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: selection,
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: selection },
  ".cm-problem": {
    backgroundColor: "color-mix(in srgb, var(--error) 16%, transparent)",
    boxShadow: "inset 3px 0 0 var(--error)",
  },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--panel)", border: "1px solid var(--control)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--code)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--on-accent)",
    backgroundColor: "var(--accent)",
  },
  ".cm-completionInfo": {
    maxWidth: "min(30rem, 80vw)",
    padding: "0.5rem 0.75rem",
    font: "0.8125rem / 1.5 var(--plain)",
  },
  ".cm-completionInfo pre": {
    margin: "0 0 0.5rem",
    padding: "0",
    border: "0",
    background: "none",
    font: "0.8125rem / 1.5 var(--code)",
    whiteSpace: "pre-wrap",
  },
  ".cm-completionInfo p": { margin: "0" },
});

const setMarks = StateEffect.define<readonly number[]>();
const problem = Decoration.line({ class: "cm-problem", attributes: { "aria-invalid": "true" } });

/** Lines with an error stay marked until they are edited. */
const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marked, { docChanged, state, effects }) {
    const set = effects.find((effect) => effect.is(setMarks));
    if (!set) return docChanged ? Decoration.none : marked;
    const lines = (set.value as number[]).filter((line) => line >= 1 && line <= state.doc.lines).sort((a, b) => a - b);
    return Decoration.set(lines.map((line) => problem.range(state.doc.line(line).from)));
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function openEditor(parent: HTMLElement, text: string, { label, changed, run }: EditorOptions): Editor {
  // A block ends with a line feed, which an editor would show as an empty line.
  const runs = () => {
    run();
    return true;
  };
  const shown = (source: string) => source.replace(/\n$/, "");
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: shown(text),
      extensions: [
        keymap.of([{ key: "Mod-Enter", run: runs }]),
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        javascript({ typescript: true }),
        autocompletion(),
        EditorState.languageData.of(() => [{ autocomplete: namesOfTheEngine }]),
        syntaxHighlighting(colours),
        theme,
        marks,
        // Escape, then Tab, leaves: CodeMirror sees to that.
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(`${update.state.doc}\n`);
        }),
      ],
    }),
  });
  return {
    setText(source) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: shown(source) } });
    },
    mark(lines) {
      view.dispatch({ effects: setMarks.of(lines) });
    },
    focus(caret, head = caret) {
      const inside = (place: number) => Math.min(place, view.state.doc.length);
      if (caret !== undefined && head !== undefined)
        view.dispatch({ selection: { anchor: inside(caret), head: inside(head) } });
      view.focus();
    },
  };
}
