/**
 * Pickle, Python's format for objects, as far as it is data: a program for a machine with a stack, whose instructions put a number,
 * a text or an empty list there, or put what is on top into what is below. Protocol 2, which PyTorch writes.
 * https://github.com/python/cpython/blob/main/Lib/pickletools.py
 *
 * In Python, a file may name any function and have it called. Here a name means what the reader of the file says, or the file is
 * refused. Read next: pickle-write.ts, and ../../python/read.ts, which says what PyTorch's names mean.
 */
import { readText, viewOf } from "./bytes.ts";
import type { Expect } from "./expect.ts";

/** What a pickle says of what is outside it. Each throws if it is something that is not known. */
export interface Meaning {
  /** What a name stands for, such as "collections.OrderedDict". */
  named(name: string): unknown;
  /** What that gives for arguments. */
  called(what: unknown, args: readonly unknown[]): unknown;
  /** What is kept elsewhere, under this name. */
  kept(id: unknown): unknown;
  /** Gives a value attributes. */
  setAttributes(value: unknown, attributes: unknown): void;
  /** What a text of Python 2's is, which has bytes and no encoding; without this, there may be none. */
  python2Text?(bytes: Uint8Array): unknown;
}

/** How many bytes of memory the lists and texts of a file of that size may take: four times that, and a little. */
export const roomFor = (fileSize: number): number => 4 * fileSize + 2 ** 26;

/**
 * The value of a pickle: a dict is a Map, a list or a tuple is an array.
 * @param fileSize of the file that it is in
 */
export function unpickle(bytes: Uint8Array, meaning: Meaning, fileSize: number, expect: Expect): unknown {
  const machine = new Machine(bytes, meaning, roomFor(fileSize), expect);
  for (let code = machine.byte(); code !== ".".charCodeAt(0); code = machine.byte()) {
    const instruction = instructions.get(code);
    expect(instruction !== undefined, () => unknownInstruction(code));
    instruction(machine);
  }
  return machine.result();
}

const unknownInstruction = (code: number): string =>
  `its pickle has the instruction ${code}, which PyTorch does not write`;

/** About how many bytes of memory a place in a list takes, a text without its characters, and a list or a dict. */
const [PLACE, TEXT, OBJECT] = [8, 24, 64];

class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly meaning: Meaning;
  readonly expect: Expect;
  /** The next instruction. */
  #at = 0;
  /** What lies above the last mark. */
  #stack: unknown[] = [];
  /** What lies below each mark. */
  readonly #below: unknown[][] = [];
  /** What was noted for later, by number. */
  readonly #memo = new Map<number, unknown>();
  /** How many bytes of memory may still be taken: instructions of one byte make objects of many. */
  #room: number;

  constructor(bytes: Uint8Array, meaning: Meaning, room: number, expect: Expect) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.meaning = meaning;
    this.#room = room;
    this.expect = expect;
  }

  /** Where the next bytes begin, of which there are so many. */
  #skip(length: number): number {
    const begin = this.#at;
    this.expect(begin + length <= this.#bytes.length, () => "its pickle is cut off");
    this.#at += length;
    return begin;
  }

  byte = (): number => this.#bytes[this.#skip(1)];
  uint16 = (): number => this.#view.getUint16(this.#skip(2), true);
  int32 = (): number => this.#view.getInt32(this.#skip(4), true);
  uint32 = (): number => this.#view.getUint32(this.#skip(4), true);
  float64 = (): number => this.#view.getFloat64(this.#skip(8), false);

  bytes(length: number): Uint8Array {
    const begin = this.#skip(length);
    this.take(TEXT + 2 * length);
    return this.#bytes.subarray(begin, begin + length);
  }

  text(length: number): string {
    const found = readText(this.bytes(length));
    this.expect(found !== undefined, () => "a text in its pickle is not UTF-8");
    return found;
  }

  python2Text(length: number, code: number): unknown {
    const read = this.meaning.python2Text;
    this.expect(read !== undefined, () => unknownInstruction(code));
    return read(this.bytes(length));
  }

  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    this.expect(end >= 0, () => "its pickle is cut off");
    const found = this.text(end - this.#at);
    this.#skip(1);
    return found;
  }

  take(size: number): void {
    this.#room -= size;
    this.expect(this.#room >= 0, () => "its lists and texts would take more memory than four times its size");
  }

  push(value: unknown): void {
    this.take(PLACE);
    this.#stack.push(value);
  }

  /** Pushes a new object. */
  make(value: unknown): void {
    this.take(OBJECT);
    this.push(value);
  }

  pop(): unknown {
    this.expect(this.#stack.length > 0, () => "its pickle takes what is not there");
    return this.#stack.pop();
  }

  /** The last so many, which are taken off the stack. */
  popLast(count: number): unknown[] {
    this.expect(this.#stack.length >= count, () => "its pickle takes what is not there");
    return this.#stack.splice(this.#stack.length - count);
  }

  top(): unknown {
    this.expect(this.#stack.length > 0, () => "its pickle looks at what is not there");
    return this.#stack[this.#stack.length - 1];
  }

  mark(): void {
    this.take(OBJECT);
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  popToMark(): unknown[] {
    const items = this.#stack;
    const below = this.#below.pop();
    this.expect(below !== undefined, () => "its pickle goes back to a mark that is not there");
    this.#stack = below;
    return items;
  }

  note(index: number): void {
    this.take(4 * PLACE);
    this.#memo.set(index, this.top());
  }

  pushNoted(index: number): void {
    this.expect(this.#memo.has(index), () => "its pickle asks for what it has not noted");
    this.push(this.#memo.get(index));
  }

  /** Into the list on top. */
  append(items: readonly unknown[]): void {
    const list = this.top();
    this.expect(Array.isArray(list), () => "its pickle appends to what is no list");
    this.take(PLACE * items.length);
    for (const item of items) list.push(item);
  }

  /** Keys and values, one after the other, into the dict on top. */
  setItems(items: readonly unknown[]): void {
    const dict = this.top();
    this.expect(dict instanceof Map && items.length % 2 === 0, () => "its pickle sets an item of what is no dict");
    this.take(PLACE * 2 * items.length);
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  }

  result(): unknown {
    const isOne = this.#stack.length === 1 && this.#below.length === 0;
    this.expect(isOne, () => "its pickle ends in the middle of something");
    return this.#stack[0];
  }
}

/** What each instruction does, by its character. */
const instructions = new Map<number, (machine: Machine) => void>(
  Object.entries({
    "\x80": protocol,
    N: (machine) => machine.push(null),
    "\x88": (machine) => machine.push(true),
    "\x89": (machine) => machine.push(false),
    K: (machine) => machine.push(machine.byte()),
    M: (machine) => machine.push(machine.uint16()),
    J: (machine) => machine.push(machine.int32()),
    "\x8a": (machine) => machine.push(whole(machine.bytes(machine.byte()))),
    "\x8b": (machine) => machine.push(whole(machine.bytes(machine.uint32()))),
    G: (machine) => machine.push(machine.float64()),
    X: (machine) => machine.push(machine.text(machine.uint32())),
    U: (machine) => machine.push(machine.python2Text(machine.byte(), 0x55)),
    T: (machine) => machine.push(machine.python2Text(machine.uint32(), 0x54)),
    "]": (machine) => machine.make([]),
    "}": (machine) => machine.make(new Map()),
    ")": (machine) => machine.make([]),
    "\x85": (machine) => machine.make(machine.popLast(1)),
    "\x86": (machine) => machine.make(machine.popLast(2)),
    "\x87": (machine) => machine.make(machine.popLast(3)),
    "(": (machine) => machine.mark(),
    t: (machine) => machine.make(machine.popToMark()),
    a: (machine) => machine.append(machine.popLast(1)),
    e: (machine) => machine.append(machine.popToMark()),
    s: (machine) => machine.setItems(machine.popLast(2)),
    u: (machine) => machine.setItems(machine.popToMark()),
    q: (machine) => machine.note(machine.byte()),
    r: (machine) => machine.note(machine.uint32()),
    h: (machine) => machine.pushNoted(machine.byte()),
    j: (machine) => machine.pushNoted(machine.uint32()),
    "0": (machine) => machine.pop(),
    "1": (machine) => machine.popToMark(),
    c: (machine) => machine.make(machine.meaning.named(`${machine.line()}.${machine.line()}`)),
    R: call,
    Q: (machine) => machine.make(machine.meaning.kept(machine.pop())),
    b: (machine) => {
      const attributes = machine.pop();
      machine.meaning.setAttributes(machine.top(), attributes);
    },
  } satisfies Record<string, (machine: Machine) => void>).map(([character, run]) => [character.charCodeAt(0), run]),
);

function protocol(machine: Machine): void {
  const version = machine.byte();
  const other = () => `its pickle is of protocol ${version}, and only 2 is read, torch.save's default`;
  machine.expect(version === 2, other);
}

function call(machine: Machine): void {
  const args = machine.pop();
  machine.expect(Array.isArray(args), () => "its pickle calls something without a list of arguments");
  machine.take(PLACE * placesOf(args));
  machine.make(machine.meaning.called(machine.pop(), args));
}

/** How many places the lists, dicts and sets among arguments have, and those in lists among them: what is called may copy each. */
const placesOf = (args: readonly unknown[]): number =>
  [...args, ...args.flat()].reduce<number>((sum, arg) => {
    if (Array.isArray(arg)) return sum + arg.length;
    return arg instanceof Map || arg instanceof Set ? sum + arg.size : sum;
  }, 0);

/** A whole number in two's complement, the lowest byte first: a number, or a bigint if it is beyond those that are exact. */
function whole(bytes: Uint8Array): number | bigint {
  const hexadecimal = Buffer.from(bytes).reverse().toString("hex");
  const value = BigInt.asIntN(8 * bytes.length, BigInt(`0x${hexadecimal || 0}`));
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
