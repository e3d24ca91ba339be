/** The languages that programs speak: English, and Chinese with --language zh. Terms are those of docs/glossary.md. */
export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];
