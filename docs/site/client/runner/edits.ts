/** What a reader has changed: kept in the browser by page and block, and packed into a link. */

/** A changed block, and a mark of the text that it was made of: when the guide changes, the change no longer fits. */
export interface Edit {
  readonly block: number;
  readonly of: string;
  readonly code: string;
}

const PREFIX = "#code=";
const keyOf = (page: string): string => `lucidgrad:code:${page}`;

/** Whether this page has something to show that is not in its HTML: then the runner is loaded without being asked for. */
export const hasEdits = (page: string): boolean => location.hash.startsWith(PREFIX) || keptEdits(page).length > 0;

/** FNV-1a, in 32 bits: enough to see that a text is another one. */
export function markOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}

export function keptEdits(page: string): Edit[] {
  try {
    return readEdits(localStorage.getItem(keyOf(page)) ?? "[]");
  } catch {
    return []; // a browser may refuse it, and it may be damaged
  }
}

export function keepEdits(page: string, edits: readonly Edit[]): void {
  try {
    if (edits.length > 0) localStorage.setItem(keyOf(page), JSON.stringify(edits));
    else localStorage.removeItem(keyOf(page));
  } catch {
    // They live as long as the page, then.
  }
}

/** @throws unless it is a list of edits */
function readEdits(text: string): Edit[] {
  const edits: unknown = JSON.parse(text);
  const isEdit = (edit: Partial<Edit>) =>
    typeof edit?.block === "number" && typeof edit.of === "string" && typeof edit.code === "string";
  if (!Array.isArray(edits) || !edits.every(isEdit)) throw new Error("these are no edits");
  return edits;
}

/** This address with the edits in its fragment, which no server sees. */
export async function linkWith(edits: readonly Edit[]): Promise<string> {
  const address = location.href.replace(/#.*$/, "");
  if (edits.length === 0) return address;
  const packed = await through(new Blob([JSON.stringify(edits)]), new CompressionStream("deflate-raw"));
  const text = btoa(String.fromCharCode(...new Uint8Array(packed)));
  return `${address}${PREFIX}${text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** The edits that came with the address; none if there are none, or they are damaged. */
export async function linkedEdits(): Promise<Edit[]> {
  if (!location.hash.startsWith(PREFIX)) return [];
  try {
    const text = location.hash.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/");
    const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const bytes = await through(new Blob([packed]), new DecompressionStream("deflate-raw"));
    return readEdits(new TextDecoder().decode(bytes));
  } catch {
    return [];
  }
}

const through = (blob: Blob, transform: CompressionStream | DecompressionStream): Promise<ArrayBuffer> =>
  new Response(blob.stream().pipeThrough(transform)).arrayBuffer();
