/** The tables that the JPEG standard proposes (ITU-T T.81, Annex K), for brightness and for colours, and the order of coefficients. */

/** Where the coefficients of a block, row by row, are in a file: those of slow changes first. */
export const ZIGZAG: readonly number[] = zigzag();

function zigzag(): number[] {
  const places: number[] = [];
  for (let diagonal = 0; diagonal < 15; diagonal++) {
    const cells = Array.from({ length: diagonal + 1 }, (_, i) => [i, diagonal - i]); // row, column: downwards
    const inside = cells.filter(([row, column]) => row < 8 && column < 8);
    places.push(...(diagonal % 2 ? inside : inside.reverse()).map(([row, column]) => 8 * row + column));
  }
  return places;
}

const bytes = (text: string): Uint8Array => Buffer.from(text.replaceAll(/\s/g, ""), "hex");

/** How coarse coefficients are at quality 50, in the order of files. */
export const QUANTIZATION: readonly Uint8Array[] = [
  `100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c3933
   383740485c4e404457453738506d51575f626768673e4d71797064785c656763`,
  `1112121815182f1a1a2f63423842636363636363636363636363636363636363
   6363636363636363636363636363636363636363636363636363636363636363`,
].map(bytes);

/** How many codes of Huffman's have 1 bit to 16 bits, and then what they stand for, the shortest first. */
const huffmanTables = [
  "00010501010101010100000000000000 000102030405060708090a0b",
  `0002010303020403050504040000017d 01020300041105122131410613516107227114328191a1082342b1c11552d1f0
   2433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a63646566676869
   6a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5
   c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa`,
  "00030101010101010101010000000000 000102030405060708090a0b",
  `00020102040403040705040400010277 0001020311040521310612415107617113223281081442 91a1b1c109233352f0
   156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a636465666768
   696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3
   c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa`,
].map(bytes);

/** Codes of Huffman's: for each value, its bits and how many they are. */
export interface Codes {
  /** As a file has them. */
  readonly table: Uint8Array;
  readonly bits: Uint16Array;
  readonly lengths: Uint8Array;
}

function codesOf(table: Uint8Array): Codes {
  const [bits, lengths] = [new Uint16Array(256), new Uint8Array(256)];
  let [code, at] = [0, 16];
  for (let length = 1; length <= 16; length++) {
    for (let k = 0; k < table[length - 1]; k++) {
      const value = table[at++];
      [bits[value], lengths[value]] = [code++, length];
    }
    code *= 2;
  }
  return { table, bits, lengths };
}

const [brightDc, brightAc, colourDc, colourAc] = huffmanTables.map(codesOf);

/** Of the constant part of blocks and of their changes, for brightness and for colours. */
export const CODES: readonly { readonly dc: Codes; readonly ac: Codes }[] = [
  { dc: brightDc, ac: brightAc },
  { dc: colourDc, ac: colourAc },
];
