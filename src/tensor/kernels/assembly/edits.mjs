// @ts-check
/**
 * How one form of the module is made of the other: most of its bytes stand there already. An edit is three numbers: where in the
 * other form to copy from, how many bytes, and how many bytes of its own follow. ../wasm/edits.ts does them.
 */

/** As many bytes have to be the same: less is not worth an edit. */
const WINDOW = 12;

/**
 * @param {Uint8Array} from
 * @param {Uint8Array} to
 */
export function editsOf(from, to) {
  /** @param {Uint8Array} bytes @param {number} at */
  const windowAt = (bytes, at) => Buffer.from(bytes.subarray(at, at + WINDOW)).toString("latin1");
  /** @type {Map<string, number>} */
  const places = new Map();
  for (let at = from.length - WINDOW; at >= 0; at--) places.set(windowAt(from, at), at);
  /** @type {number[]} */
  const edits = [];
  /** @type {number[]} */
  const own = [];
  let [start, length] = [0, 0];
  const write = () => edits.push(...numberBytes(start), ...numberBytes(length), ...numberBytes(own.length), ...own.splice(0));
  for (let at = 0; at < to.length; ) {
    const goesOn = start + length + own.length; // bytes that were replaced one for one
    const place = same(from, goesOn, to, at) >= WINDOW ? goesOn : places.get(windowAt(to, at));
    const count = place === undefined ? 0 : same(from, place, to, at);
    if (place === undefined || count < WINDOW) {
      own.push(to[at++]);
      continue;
    }
    write();
    [start, length] = [place, count];
    at += count;
  }
  write();
  return Uint8Array.from(edits);
}

/**
 * How many bytes are the same.
 * @param {Uint8Array} a @param {number} i @param {Uint8Array} b @param {number} j
 */
function same(a, i, b, j) {
  let count = 0;
  while (i + count < a.length && j + count < b.length && a[i + count] === b[j + count]) count++;
  return count;
}

/** Seven bits a byte, the low ones first, as in WebAssembly (LEB128). @param {number} value */
function numberBytes(value) {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}
