/** Small helpers for the page: elements by id, new elements, colours, canvases. */

/** The element of that id. @throws if index.html has none, or one of another kind */
export function byId<T extends HTMLElement = HTMLElement>(id: string, kind?: new () => T): T {
  const element = document.getElementById(id);
  if (!element || (kind && !(element instanceof kind))) throw new Error(`index.html has no such element: #${id}`);
  return element as T;
}

/** A new element with attributes and contents. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...contents: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...contents);
  return element;
}

/** A colour of style.css, in the theme that is shown now. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export function context(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const found = canvas.getContext("2d", { willReadFrequently: canvas.id === "drawing" });
  if (!found) throw new Error("this browser cannot draw on a canvas");
  return found;
}

/**
 * How the contestants are called in class names and colours, in their order. What a view has for the third has the class "third",
 * and style.css hides it while there are two.
 */
export const NETWORKS = ["first", "second", "third"] as const;

/** Shows a text beside a button for two seconds, as the button's own. */
export function flash(button: HTMLElement, text: string, usual: () => string): void {
  button.textContent = text;
  setTimeout(() => {
    button.textContent = usual();
  }, 2000);
}
