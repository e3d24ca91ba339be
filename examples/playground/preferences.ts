/** The two preferences: language and theme. */
import { byId } from "./elements.ts";
import { onLanguage, say, switchLanguage } from "./language.ts";

/** @param redraw draws all that has colours of its own anew */
export function prepareLook(redraw: () => void): void {
  const root = document.documentElement;
  byId("language").addEventListener("click", switchLanguage);
  byId("theme").addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    write();
    redraw();
  });
  /** The buttons say what they lead to. */
  const write = () => {
    byId("language").textContent = say().otherLanguage;
    byId("theme").textContent = root.dataset.theme === "dark" ? say().lightMode : say().darkMode;
  };
  onLanguage(write);
}
