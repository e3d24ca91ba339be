/** The search: a dialog with a field and the passages that fit, found in the index that the site was built with. */
import MiniSearch from "minisearch";
import { type Entry, options } from "../search.ts";
import type { Language } from "../texts.ts";
import { texts } from "./texts.ts";

const SHOWN = 20;

let box: Promise<SearchBox> | undefined;

/** @param site the folder that the index's addresses start from */
export async function openSearch(site: URL, language: Language): Promise<void> {
  box ??= make(site, language);
  try {
    (await box).open();
  } catch (error) {
    box = undefined; // the next wish tries again
    throw error;
  }
}

async function make(site: URL, language: Language): Promise<SearchBox> {
  const response = await fetch(new URL(`assets/search-${language}.json`, site));
  return new SearchBox(await MiniSearch.loadJSONAsync(await response.text(), options), site, language);
}

class SearchBox {
  readonly #index: MiniSearch<Entry>;
  readonly #site: URL;
  readonly #say: (typeof texts)[Language];
  readonly #dialog = document.createElement("dialog");
  readonly #field = document.createElement("input");
  readonly #list = document.createElement("ul");
  readonly #count = document.createElement("p");
  #chosen = -1;

  constructor(index: MiniSearch<Entry>, site: URL, language: Language) {
    this.#index = index;
    this.#site = site;
    this.#say = texts[language];
    this.#list.id = "search-results";
    this.#list.role = "listbox";
    this.#list.ariaLabel = this.#say.searchField;
    this.#field.type = "search";
    this.#field.role = "combobox";
    this.#field.ariaLabel = this.#field.placeholder = this.#say.searchField;
    this.#field.setAttribute("aria-controls", this.#list.id);
    this.#field.setAttribute("aria-autocomplete", "list");
    this.#field.autocomplete = "off";
    this.#count.role = "status";
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = this.#say.close;
    close.addEventListener("click", () => this.#dialog.close());
    this.#dialog.className = "search";
    this.#dialog.ariaLabel = this.#say.searchField;
    this.#dialog.append(this.#field, close, this.#count, this.#list);
    document.body.append(this.#dialog);
    this.#field.addEventListener("input", () => this.#find());
    this.#field.addEventListener("keydown", (event) => this.#press(event));
    this.#dialog.addEventListener("click", ({ target }) => {
      if (target === this.#dialog || (target as Element).closest("a")) this.#dialog.close(); // beside it, or a result
    });
    this.#find();
  }

  open(): void {
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#field.select();
  }

  #find(): void {
    const query = this.#field.value.trim();
    const found = query ? this.#index.search(query) : [];
    this.#list.replaceChildren(
      ...found.slice(0, SHOWN).map(({ id, heading, page }, i) => this.#item(id, heading, page, i)),
    );
    this.#list.hidden = found.length === 0;
    this.#count.textContent = query ? this.#say.results(found.length) : "";
    this.#field.ariaExpanded = String(found.length > 0);
    this.#choose(found.length > 0 ? 0 : -1);
  }

  #item(address: string, heading: string, page: string, i: number): HTMLElement {
    const [item, link, place] = [
      document.createElement("li"),
      document.createElement("a"),
      document.createElement("span"),
    ];
    item.id = `search-result-${i}`;
    item.role = "option";
    link.href = new URL(address, this.#site).href;
    link.tabIndex = -1; // arrows choose, Enter opens
    link.append(heading);
    place.textContent = page;
    if (page !== heading) link.append(place);
    item.append(link);
    return item;
  }

  #press(event: KeyboardEvent): void {
    const { length } = this.#list.children;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && length > 0) {
      event.preventDefault();
      this.#choose((this.#chosen + step + length) % length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#list.children[this.#chosen]?.querySelector("a")?.click();
    } else if (event.key === "Escape") {
      this.#dialog.close(); // the field alone would only be emptied
    }
  }

  #choose(i: number): void {
    this.#chosen = i;
    [...this.#list.children].forEach((item, j) => {
      item.ariaSelected = String(i === j);
      if (i === j) item.scrollIntoView({ block: "nearest" });
    });
    if (i < 0) this.#field.removeAttribute("aria-activedescendant");
    else this.#field.setAttribute("aria-activedescendant", this.#list.children[i].id);
  }
}
