/** How every function reads its options. */

/**
 * All options of a function: those that were given and, for the others, the defaults. One that is given as `undefined`
 * counts as not given.
 *
 *     const { eps, momentum } = readOptions(options, { eps: 1e-5, momentum: 0.1 });
 */
export function readOptions<Options extends object>(
  given: Options | undefined,
  defaults: Required<Options>,
): Required<Options> {
  if (given === undefined) return defaults;
  const options = { ...defaults };
  for (const name in defaults) {
    const value = given[name];
    if (value !== undefined) options[name] = value as Required<Options>[typeof name];
  }
  return options;
}
