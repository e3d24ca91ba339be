/**
 * The language that a program speaks: English, and Chinese with --language zh. It is known before the other arguments are read, since
 * what is wrong with them is said in it, too. Terms are those of docs/glossary.md.
 */
import { parseArgs } from "node:util";

export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];

const { language: wanted } = parseArgs({ options: { language: { type: "string" } }, strict: false }).values;
export const language: Language = languages.find((name) => name === wanted) ?? "en";
