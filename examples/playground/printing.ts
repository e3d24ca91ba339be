/** On paper: the colours of the light theme, whatever the screen has, and in words what was set. Its other half is print.css. */
import { addressOf } from "./address.ts";
import { byId, make } from "./elements.ts";
import { say } from "./language.ts";
import { wholeNumber } from "./numbers.ts";
import { describe } from "./runs.ts";
import type { Session } from "./session.ts";

export function preparePrinting(session: Session): void {
  const { dataset } = document.documentElement;
  let onScreen = dataset.theme;
  addEventListener("beforeprint", () => {
    const { settings, steps } = session;
    const address = `${location.origin}${location.pathname}#${addressOf(settings, steps)}`;
    const set = `${describe(settings)}${say().semicolon}${say().atStep(wholeNumber(steps))}`;
    byId("printed").replaceChildren(set, make("br"), address);
    onScreen = dataset.theme;
    dataset.theme = "light";
    session.redraw();
  });
  addEventListener("afterprint", () => {
    dataset.theme = onScreen;
    session.redraw();
  });
}
