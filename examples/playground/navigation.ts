/** The address of the page is the experiment that it shows: Back, Forward, reload and a copied link lead to it, and to its step. */
import { addressOf, type Misread, readAddress } from "./address.ts";
import { misreadCaption } from "./captions.ts";
import { byId, flash } from "./elements.ts";
import { onLanguage, say } from "./language.ts";
import type { Session, Watcher } from "./session.ts";
import type { Settings } from "./settings.ts";

export class Navigation implements Watcher {
  readonly #session: Session;
  /** What is shown, as it is when something else is to be shown. */
  #left = "";
  /** What the address said in vain. */
  #misread: readonly Misread[] = [];

  /** @param show shows the settings of an address, before their networks are there */
  constructor(session: Session, show: (settings: Settings) => void) {
    this.#session = session;
    const go = () => {
      const { settings, step, misread } = readAddress(location.hash.slice(1));
      this.#misread = misread;
      show(settings);
      session.start(settings, step);
    };
    addEventListener("popstate", go);
    addEventListener("pagehide", () => this.#replace(this.#now)); // a reload comes back to this step
    const copy = byId("copy-link");
    copy.addEventListener("click", async () => {
      this.#replace(this.#now);
      const hasWorked = await navigator.clipboard.writeText(location.href).then(
        () => true,
        () => false, // the browser does not allow it
      );
      flash(copy, hasWorked ? say().copied : say().copyLinkFailed, () => say().copyLink);
    });
    go();
    onLanguage(() => this.#writeMisread());
  }

  /** Other settings are a new entry of the history; the same ones again stay where they are. */
  started(): void {
    const { settings, until } = this.#session;
    const isSame = addressOf(readAddress(location.hash.slice(1)).settings) === addressOf(settings);
    const step = Number.isFinite(until) ? until : 0;
    if (isSame) this.#replace(addressOf(settings, step));
    else {
      this.#misread = [];
      this.#replace(this.#left);
      history.pushState(null, "", inPlace(addressOf(settings, step)));
    }
    this.#left = addressOf(settings, step);
    this.#writeMisread();
  }

  reported(): void {
    this.#left = this.#now;
  }

  statusChanged(): void {
    if (this.#session.status === "paused") this.#replace(this.#now);
  }

  #writeMisread(): void {
    byId("misread").textContent = misreadCaption(this.#misread, this.#session.settings);
  }

  get #now(): string {
    return addressOf(this.#session.settings, this.#session.steps);
  }

  #replace(address: string): void {
    history.replaceState(null, "", inPlace(address));
  }
}

/** The address of this page with this behind its #. */
const inPlace = (address: string): string => (address ? `#${address}` : location.pathname + location.search);
