/**
 * Protocol buffers, the encoding of messages that TensorBoard's files are made of: a field is a key, which is its number · 8 and how its
 * value lies, and the value. What has its default is left out. https://protobuf.dev/programming-guides/encoding
 */

/** A field, or several, in bytes: a message is all of its fields. */
export type Encoded = Uint8Array;

const VARINT = 0;
const BITS64 = 1;
const LENGTH = 2;
const BITS32 = 5;

const nothing: Encoded = new Uint8Array(0);

/** Whole, seven bits a byte, the lowest first; every byte but the last has its eighth bit set. */
function varint(value: number): Encoded {
  let rest = BigInt.asUintN(64, BigInt(value)); // a negative one has all ten bytes
  const bytes: number[] = [];
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

const key = (field: number, kind: number): Encoded => varint(field * 8 + kind);

/** Float32 or float64, little-endian. */
function number(value: number, bytes: 4 | 8): Encoded {
  const view = new DataView(new ArrayBuffer(bytes));
  if (bytes === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return new Uint8Array(view.buffer);
}

/** The fields of a message, one after the other. */
export const message = (...fields: Encoded[]): Encoded => Buffer.concat(fields);

/** An int32, int64 or a value of an enumeration. */
export const int = (field: number, value: number): Encoded =>
  value === 0 ? nothing : message(key(field, VARINT), varint(value));

/** A double. */
export const double = (field: number, value: number): Encoded =>
  Object.is(value, 0) ? nothing : chosenDouble(field, value);

/** A double that is one of several possible fields, and so there also if it is 0. */
export const chosenDouble = (field: number, value: number): Encoded => message(key(field, BITS64), number(value, 8));

/** A float that is one of several possible fields, and so there also if it is 0. */
export const chosenFloat = (field: number, value: number): Encoded => message(key(field, BITS32), number(value, 4));

/** A message inside a message, there also if it is empty; or bytes in a list. */
export const inside = (field: number, content: Encoded): Encoded =>
  message(key(field, LENGTH), varint(content.length), content);

/** Bytes. */
export const bytes = (field: number, content: Encoded): Encoded =>
  content.length === 0 ? nothing : inside(field, content);

/** A text, in UTF-8. */
export const text = (field: number, content: string): Encoded => bytes(field, Buffer.from(content));

/** A text that is one of several possible fields, or in a list, and so there also if it is empty. */
export const chosenText = (field: number, content: string): Encoded => inside(field, Buffer.from(content));

/** A list of doubles. */
export const doubles = (field: number, values: readonly number[]): Encoded =>
  bytes(field, message(...values.map((value) => number(value, 8))));

/** A list of floats. */
export const floats = (field: number, values: readonly number[]): Encoded =>
  bytes(field, message(...values.map((value) => number(value, 4))));
