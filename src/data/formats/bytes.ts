/** Bytes of files, as numbers and as text. */

/** The numbers that lie in the bytes. */
export const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8, or undefined. */
export function readText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
