/** Choices of settings, of which a test tries all. */

/** All choices of one item of each list, the last changing fastest. */
export const product = <T extends unknown[]>(...lists: { [K in keyof T]: readonly T[K][] }): T[] =>
  lists.reduce<unknown[][]>((found, list) => found.flatMap((front) => list.map((x) => [...front, x])), [[]]) as T[];

/** Every choice of a value for each setting; one that is undefined is not given. */
export const choicesOf = (settings: Record<string, readonly unknown[]>): object[] =>
  product(...Object.values(settings)).map((chosen) => {
    const given = Object.keys(settings).map((key, i) => [key, chosen[i]]);
    return Object.fromEntries(given.filter(([, value]) => value !== undefined));
  });
