/** What the engine uses of `node:os`. */
export const hostname = (): string => "browser";
export const totalmem = (): number => 2 ** 30;
