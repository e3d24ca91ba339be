/**
 * The IDX format of MNIST's files: a magic number that says the type and the number of dimensions, the sizes, the bytes.
 * Numbers are big-endian. Source: http://yann.lecun.com/exdb/mnist/
 */
import { check } from "../../tensor/check.ts";

/** The magic numbers of unsigned bytes in three dimensions, and in one. */
const MAGIC = { images: 0x00000803, labels: 0x00000801 };

/** What an error says to do. */
const ADVICE = "The file is damaged or is another one: delete it, and fetch it again with download: true.";

/** N images of one size, a byte a pixel. */
export interface IdxImages {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** @param name of the file, for errors @throws if the contents are not exactly a file of images */
export function parseIdxImages(file: Uint8Array, name: string): IdxImages {
  const [[count, height, width], bytes] = parse(file, name, "images", 3);
  return { bytes, count, height, width };
}

/** @throws if the contents are not exactly a file of labels, each of one of so many classes */
export function parseIdxLabels(file: Uint8Array, name: string, classes: number = 10): Int32Array {
  const [, bytes] = parse(file, name, "labels", 1);
  const wrong = bytes.findIndex((label) => label >= classes);
  const other = () =>
    `${name}: label number ${wrong} is ${bytes[wrong]}, but labels are 0 to ${classes - 1}. ${ADVICE}`;
  check(wrong < 0, other);
  return Int32Array.from(bytes);
}

/** The sizes, and a view of the bytes: nothing is allocated, whatever the header says. */
function parse(file: Uint8Array, name: string, kind: keyof typeof MAGIC, ndim: number): [number[], Uint8Array] {
  const expect = (condition: boolean, problem: () => string) =>
    check(condition, () => `${name}: expected ${problem()}. ${ADVICE}`);
  const { length } = file;
  const header = 4 + 4 * ndim;
  expect(length >= header, () => `a header of ${header} bytes, but the file has ${length}`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const magic = view.getUint32(0);
  expect(magic === MAGIC[kind], () => `${kind} (magic number ${MAGIC[kind]}), but found ${magic}`);
  const sizes = Array.from({ length: ndim }, (_, d) => view.getUint32(4 + 4 * d));
  const bytes = header + sizes.reduce((product, size) => product * size, 1);
  expect(length === bytes, () => `${bytes} bytes for ${sizes.join("x")} ${kind}, but the file has ${length}`);
  return [sizes, file.subarray(header)];
}
