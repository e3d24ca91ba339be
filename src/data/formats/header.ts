/** The header of a safetensors file as JSON: how long it may be, and that it has no name twice. */
import { check } from "../../tensor/check.ts";
import { readText } from "./bytes.ts";

/** No header is longer, as in the reference implementation. */
export const LONGEST_HEADER = 100_000_000;

/** The JSON of what goes into a header. @throws if it is longer than a text can be */
export function headerJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new Error(tooLong("too many"), { cause });
  }
}

/** The bytes of a header. @throws if there is no room for them */
export function headerBytes(value: unknown): Uint8Array {
  const bytes = new TextEncoder().encode(headerJson(value));
  check(bytes.length <= LONGEST_HEADER, () => tooLong(`${bytes.length}`));
  return bytes;
}

const tooLong = (bytes: string): string =>
  `names, shapes and everything that is no tensor take ${bytes} bytes, but a safetensors file has room for ` +
  `${LONGEST_HEADER}: keep long lists of numbers as tensors`;

/** What the bytes say as JSON; undefined if they are not JSON. */
export function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(readText(bytes) ?? "");
  } catch {
    return undefined;
  }
}

/**
 * How many names the JSON has, of tensors and in their entries; what is deeper nobody reads. JSON.parse keeps only the last of
 * equal ones. Each stands before a colon that is in no text; and in a text, a backslash goes with the next byte.
 */
export function namesWritten(json: Uint8Array): number {
  const [quote, colon, backslash, open, close] = new TextEncoder().encode('":\\{}');
  let [count, depth, inText] = [0, 0, false];
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) inText = !inText;
    else if (byte === backslash) at++;
    else if (inText) continue;
    else if (byte === open) depth++;
    else if (byte === close) depth--;
    else if (byte === colon && depth <= 2) count++;
  }
  return count;
}

/** How many it has after reading. */
export const namesRead = (header: Record<string, unknown>): number =>
  Object.values(header).reduce<number>((sum, value) => sum + 1 + Object.keys(value ?? {}).length, 0);
