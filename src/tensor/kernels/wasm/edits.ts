/**
 * One form of the module, made of the other, whose bytes are nearly all of it: a list of edits, each three numbers and bytes. It
 * copies so many bytes from a place in the other form, and puts so many of its own behind them. ../assembly/edits.mjs makes it.
 */
export function edited(from: Uint8Array, edits: Uint8Array): Uint8Array<ArrayBuffer> {
  let at = 0;
  /** Seven bits a byte, the low ones first (LEB128). */
  const nextNumber = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = edits[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const bytes: number[] = [];
  while (at < edits.length) {
    const [start, copied, own] = [nextNumber(), nextNumber(), nextNumber()];
    for (let i = start; i < start + copied; i++) bytes.push(from[i]);
    for (const end = at + own; at < end; at++) bytes.push(edits[at]);
  }
  return Uint8Array.from(bytes);
}
