/**
 * The segments of a JPEG file: each begins with 0xff and a byte that says what it is, and most have a length. A scan of the picture
 * follows its segment until the next marker; a 0xff of its own is followed by 0. https://www.w3.org/Graphics/JPEG/itu-t81.pdf, Annex B
 */
import { check } from "../../tensor/check.ts";
import { viewOf } from "./bytes.ts";

/** What a JPEG file says of its picture. */
export interface JpegFrame {
  readonly width: number;
  readonly height: number;
  /** How many components a pixel has: 1 for grey, 3 for colours, 4 for those of a printer. */
  readonly components: number;
  /** Whether three components are brightness and two differences of colours, and not red, green and blue. */
  readonly isYCbCr: boolean;
  /** The segments that say how to understand the components, from where to where. */
  readonly says: readonly (readonly [begin: number, end: number])[];
}

const MARKER = { restart: 0xd0, start: 0xd8, end: 0xd9, scan: 0xda, app0: 0xe0, app14: 0xee } as const;

/** Begins a frame, which has the sizes: 0xc0 to 0xcf but for tables of Huffman's, of arithmetic coding, and an extension. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Markers without a length: those within a scan, begin and end, and one for private use. */
const isAlone = (marker: number): boolean => marker === 1 || (marker >= MARKER.restart && marker <= MARKER.end);

/** Whoever writes one takes ten, and hardly anybody a hundred; each is a way over the whole picture. */
const MOST_SCANS = 1000;

const incomplete = "Image is incomplete or truncated";

/** @throws unless there is one frame, and all is there until the end's marker */
export function readFrame(file: Uint8Array): JpegFrame {
  const view = viewOf(file);
  const says: (readonly [number, number])[] = [];
  let [frame, ids]: [at: number, ids: Uint8Array] = [0, new Uint8Array(0)];
  let [isJfif, adobe, scans] = [false, -1, 0];
  for (let at = 2; ; ) {
    at = nextMarker(file, at);
    const marker = file[at - 1];
    if (marker === MARKER.end) break;
    if (isAlone(marker)) continue;
    check(at + 2 <= file.length, incomplete);
    const end = at + view.getUint16(at);
    check(end <= file.length, incomplete);
    const content = file.subarray(at + 2, end);
    if (isFrame(marker)) {
      check(frame === 0, "Invalid JPEG file structure: two SOF markers");
      check(content.length >= 6 && content.length === 6 + 3 * content[5], "Bogus marker length");
      [frame, ids] = [at + 3, content.subarray(6).filter((_, i) => i % 3 === 0)];
    } else if (marker === MARKER.scan) {
      check(++scans <= MOST_SCANS, `there are more than ${MOST_SCANS} scans`);
    } else if (marker === MARKER.app0 && begins(content, "JFIF\0")) {
      isJfif = true;
      says.push([at - 2, end]);
    } else if (marker === MARKER.app14 && begins(content, "Adobe") && content.length >= 12) {
      adobe = content[11];
      says.push([at - 2, end]);
    }
    at = end;
  }
  check(frame > 0, "JPEG datastream contains no image");
  const isNamedRgb = `${ids}` === "82,71,66"; // "RGB"
  const isRgb = !isJfif && (adobe >= 0 ? adobe === 0 : isNamedRgb);
  const [height, width] = [view.getUint16(frame), view.getUint16(frame + 2)];
  return { width, height, components: ids.length, isYCbCr: ids.length === 3 && !isRgb, says };
}

/** Where the next marker ends, of those that are no part of a scan. */
function nextMarker(file: Uint8Array, from: number): number {
  let at = from;
  do {
    at = file.indexOf(0xff, at) + 1;
    check(at > 0, incomplete);
    while (file[at] === 0xff) at++;
    check(at < file.length, incomplete);
    at++;
  } while (file[at - 1] === 0);
  return at;
}

const begins = (content: Uint8Array, text: string): boolean =>
  [...text].every((character, i) => content[i] === character.charCodeAt(0));

/** The same file, but that its three components are said to be red, green and blue: they are decoded as they are. */
export function saidToBeRgb(file: Uint8Array, { says }: JpegFrame): Uint8Array {
  const adobe = Uint8Array.of(0xff, MARKER.app14, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0);
  const parts = [file.subarray(0, 2), adobe];
  let at = 2;
  for (const [begin, end] of says) {
    parts.push(file.subarray(at, begin));
    at = end;
  }
  return Buffer.concat([...parts, file.subarray(at)]);
}
