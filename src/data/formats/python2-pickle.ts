/**
 * The pickles of Python 2 in which CIFAR is published: a dict of texts, numbers, lists of them, and of NumPy's arrays of bytes. A text has
 * no encoding there, and the bytes of an array are one.
 */
import { check } from "../../tensor/check.ts";
import { type Expect, expectationsOf, isSize } from "./expect.ts";
import { unpickle } from "./pickle.ts";

/** An array of NumPy's. */
export class ByteArray {
  shape: readonly number[] = [];
  bytes: Uint8Array = new Uint8Array(0);
}

/** An array's type: what is read are bytes. */
class Type {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const makers: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  "numpy.core.multiarray._reconstruct": () => new ByteArray(),
  "numpy.dtype": ([name]) => new Type(textOf(name) ?? ""),
  "numpy.ndarray": () => undefined,
};

/** A text, be it bytes without an encoding. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : undefined;
}

/** The items of the dict, by their names. @param name of the file, for errors @throws if it is none, or holds something else */
export function parsePython2(file: Uint8Array, name: string): Map<string, unknown> {
  const expect: Expect = expectationsOf(name, "pickle of CIFAR");
  const dict = unpickle(
    file,
    {
      named(global) {
        check(Object.hasOwn(makers, global), () => `${name}: it holds ${global}, which is not read here`);
        return makers[global];
      },
      called(what, args) {
        expect(typeof what === "function", () => "its pickle calls what is no function");
        return what(args);
      },
      kept: () => expect(false, () => "its pickle asks for something else"),
      python2Text: (bytes) => bytes,
      setAttributes(value, attributes) {
        if (value instanceof Type) return;
        const isArray = value instanceof ByteArray && Array.isArray(attributes) && attributes.length === 5;
        expect(isArray, () => "its pickle gives attributes to what has none");
        const [, shape, type, isFortran, bytes] = attributes;
        expect(Array.isArray(shape) && shape.every(isSize) && isFortran === false, () => "it has an array of no shape");
        expect(type instanceof Type && /^\|?u1$/.test(type.name), () => "it has an array of something else than bytes");
        const size = shape.reduce((product: number, length: number) => product * length, 1);
        expect(bytes instanceof Uint8Array && bytes.length === size, () => `it has an array without its ${size} bytes`);
        [value.shape, value.bytes] = [shape, bytes];
      },
    },
    file.length,
    expect,
  );
  expect(dict instanceof Map, () => "it is no dict");
  return new Map([...dict].map(([key, value]) => [textOf(key) ?? "", value]));
}
