/** Images that are published column by column. */

/** Their planes row by row. @param bytes planes of (W, H) */
export function rowByRow(bytes: Uint8Array, height: number, width: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  const size = height * width;
  for (let plane = 0; plane < bytes.length; plane += size) {
    for (let y = 0, to = plane; y < height; y++) {
      for (let x = 0, from = plane + y; x < width; x++, from += height) out[to++] = bytes[from];
    }
  }
  return out;
}
