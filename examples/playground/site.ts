/** The site that the page is a part of, docs/site: or nothing, when the playground stands by itself. */
import { onLanguage, say } from "./language.ts";

const home = document.querySelector<HTMLAnchorElement>(".brand a");

export const isPartOfSite = home !== null;

/** A page of the site, in the language that is spoken. */
export const pageOfSite = (address: string): string => say().siteFolder + address;

onLanguage(() => {
  if (home) home.href = pageOfSite("index.html");
});
