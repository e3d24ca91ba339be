/** The site that the page is a part of, docs/site: or nothing, when the playground stands by itself. */
import { byId } from "./elements.ts";
import { onLanguage, say } from "./language.ts";

const home = document.querySelector<HTMLAnchorElement>(".brand a");

export const isPartOfSite = home !== null;

/** A page of the site, in the language that is spoken. */
export const pageOfSite = (address: string): string => say().siteFolder + address;

byId("site").hidden = !isPartOfSite;
onLanguage(() => {
  if (home) home.href = pageOfSite("index.html");
  for (const link of byId("site").querySelectorAll("a")) link.href = pageOfSite(link.dataset.page ?? "");
});
