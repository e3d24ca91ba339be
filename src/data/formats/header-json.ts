/** The JSON of what goes into the header of a safetensors file, and how long that may be. */

/** In bytes, as in the reference implementation. */
export const LONGEST_HEADER = 100_000_000;

/** @throws if it is longer than a text can be */
export function headerJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new Error(tooLong("too many"), { cause });
  }
}

export const tooLong = (bytes: string): string =>
  `names, shapes and everything that is no tensor take ${bytes} bytes, but a safetensors file has room for ` +
  `${LONGEST_HEADER}: keep long lists of numbers as tensors`;
