/** What names are in Python. */
import { check } from "../tensor/check.ts";

/** What Python has as a name, or as a number in a list. */
const NAME = /^([A-Za-z_]\w*|\d+)$/;

/** What no attribute in Python may be called. */
const KEYWORDS: ReadonlySet<string> = new Set(
  "and as assert async await break class continue def del elif else except finally for from global if import in is lambda"
    .split(" ")
    .concat("nonlocal not or pass raise return try while with yield".split(" ")),
);

/** @throws unless it is a name in Python, too */
export function checkName(name: string): void {
  check(!KEYWORDS.has(name), () => `"${name}" is a word of Python's: give it another name`);
  check(NAME.test(name), () => `${JSON.stringify(name)} is no name in Python: give it another one`);
}
