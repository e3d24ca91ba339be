/**
 * lucidgrad under observation: every call that a test makes on `torch` is written down as it runs, so that PyTorch can be
 * asked to do the same. A case is thereby written once, as ordinary code; answers.py runs what is written down here.
 *
 * A program is a list of steps, each of which makes a value: `[3, "method", 2, "mul", [{ $: 1 }, 0.5]]` is value 3, the
 * product of the values 2 and 1 times 0.5. Read next: answers.ts.
 */
import { createHash } from "node:crypto";
import { FakeData, type FakeDataOptions } from "../../src/data/datasets/fake-data.ts";
import { parseNpy, parseNpz } from "../../src/data/formats/npy.ts";
import { makeGrid } from "../../src/data/image-grid.ts";
import { decodeImage, type ImageReadMode } from "../../src/data/read-image.ts";
import { encodeJpeg } from "../../src/data/write-image.ts";
import * as lucidgrad from "../../src/index.ts";
import { Slice, Tensor } from "../../src/index.ts";
import * as models from "../../src/models/index.ts";
import { PackedSequence } from "../../src/nn/packed-sequence.ts";
import { parsePyTorch } from "../../src/python/read.ts";
import { isPlain as isPlainObject } from "../../src/tensor/plain.ts";

export type Step = [value: number, kind: "call" | "method" | "get" | "set" | "literal", ...rest: unknown[]];

export interface Program {
  steps: Step[];
  /** The steps whose values the program came to see. */
  observe: number[];
  result: unknown;
}

/** A number, text, truth or null that the program came to see: PyTorch must see the same. */
export interface Observation {
  readonly step: number;
  readonly value: unknown;
  /** The text of an error, of which PyTorch's text need only be a part. */
  readonly isError: boolean;
}

export interface Recorded {
  readonly program: Program;
  readonly observations: readonly Observation[];
  /** What the code returned. */
  readonly result: unknown;
}

class Recording {
  readonly observations: Observation[] = [];
  readonly #values = new WeakMap<object, number>();
  #count = 0;
  steps: Step[] = [];

  /** Notes a step, before it runs: one that fails is the last of its list. */
  begin(kind: Step[1], ...rest: unknown[]): number {
    const value = this.#count++;
    this.steps.push([value, kind, ...rest]);
    return value;
  }

  /** What a step made, under observation. */
  end(value: number, made: unknown, isError = false): unknown {
    if (made === undefined) return undefined;
    if (typeof made === "object" && made !== null) {
      this.#values.set(made, value);
      return observed(made);
    }
    this.observations.push({ step: value, value: made, isError });
    return made;
  }

  /** The number of a value; one that comes from elsewhere is written down as it is. */
  valueOf(made: object): number {
    const known = this.#values.get(made);
    if (known !== undefined) return known;
    const name = shared.get(made);
    const value = name ? this.begin("call", name, []) : this.begin("literal", literalOf(made));
    this.#values.set(made, value);
    return value;
  }

  argument(arg: unknown): unknown {
    if (arg === undefined || arg === null) return null;
    if (typeof arg === "bigint" || (typeof arg === "number" && !isWritten(arg))) return { $number: named(arg) };
    if (typeof arg === "function" && paths.has(arg)) return { $name: paths.get(arg) };
    if (typeof arg === "function") return "text" in arg ? { $lambda: arg.text } : { $function: this.#functionOf(arg) };
    if (typeof arg !== "object") return arg;
    if (arg instanceof Slice) return { $slice: [arg.start ?? null, arg.end ?? null, arg.step ?? null] };
    const target = unobserved(arg);
    if (this.#values.has(target) || shared.has(target)) return { $: this.valueOf(target) };
    if (target instanceof lucidgrad.Dataset) return this.argument(samplesOf(target));
    if (isInstance(target)) return { $: this.valueOf(target) };
    if (Array.isArray(arg) || ArrayBuffer.isView(arg))
      return Array.from(arg as unknown[], (item) => this.argument(item));
    return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, this.argument(value)]));
  }

  readonly #bodies = new Map<unknown, { params: number[]; steps: Step[]; result: unknown }>();

  #functionOf(f: unknown) {
    const body = { params: [], steps: [], result: null };
    this.#bodies.set(f, body);
    return body;
  }

  /** f for lucidgrad to call: what it does the first time is written down as its body. */
  watched(f: (...args: unknown[]) => unknown) {
    return (...args: unknown[]): unknown => {
      const body = this.#bodies.get(f);
      this.#bodies.delete(f);
      const outer = { recording, steps: this.steps };
      if (body) this.steps = body.steps;
      else recording = null;
      try {
        const params = args.map((arg) => {
          if (!body) return observed(arg as object);
          const value = this.#count++;
          body.params.push(value);
          return this.end(value, arg);
        });
        const result = f(...params);
        if (body) body.result = this.argument(result);
        return withoutObservation(result);
      } finally {
        this.steps = outer.steps;
        recording = outer.recording;
      }
    };
  }
}

let recording: Recording | null = null;

/** Runs code that uses `torch`, and writes down what it does. */
export function record(run: () => unknown): Recorded {
  const outer = recording;
  const own = new Recording();
  recording = own;
  try {
    const result = run();
    const { steps, observations } = own;
    const made = steps.length;
    const program = { steps, observe: observations.map(({ step }) => step), result: own.argument(result) };
    if (steps.length > made) throw new Error("the case returns a tensor that was not made on torch: use observed()");
    return { program, observations, result: withoutObservation(result) };
  } finally {
    recording = outer;
  }
}

let isWatched = true;

/** Runs code whose results no case uses: they are not put under observation, which takes longer than most operations. */
export function unwatched<T>(run: () => T): T {
  const outer = isWatched;
  isWatched = false;
  try {
    return run();
  } finally {
    isWatched = outer;
  }
}

const isPlain = (x: object): boolean => Array.isArray(x) || Object.getPrototypeOf(x) === Object.prototype;
/** Of a class of lucidgrad's: a tensor, a module, an optimizer. */
const isInstance = (x: object): boolean => !isPlain(x) && !ArrayBuffer.isView(x);

/** Whether JSON has this number. */
const isWritten = (x: number): boolean => Number.isFinite(x) && !Object.is(x, -0);
const named = (x: number | bigint): string => (Object.is(x, -0) ? "-0" : String(x));

/** A tensor's elements; with strides, all of its storage. */
function literalOf(x: object): unknown {
  if (!(x instanceof Tensor)) throw new Error(`a ${x.constructor.name} has to be made in the case that uses it`);
  const { shape, dtype, requiresGrad } = x;
  const isWhole = x.isContiguous && x.numel === x.storage.data.length;
  const layout = isWhole ? {} : { strides: x.strides, offset: x.offset };
  const data = Array.from(x.storage.data, (value) => (isWritten(value) ? value : named(value)));
  return { shape, dtype, requiresGrad, data, ...layout };
}

/** What a dataset of the test's own has. */
const samplesOf = (dataset: lucidgrad.Dataset): Tensor[][] =>
  Array.from({ length: dataset.length }, (_, i) => dataset.get(i));

/** What spelling.py makes by itself, by the names of its functions. */
const shared = new WeakMap<object, string>();

/** An object that is too large to be written down, and that spelling.py has, too, as what `name` gives. */
export function share<T extends object>(name: string, made: T): T {
  shared.set(made, name);
  return made;
}

const targets = new WeakMap<object, object>();
const proxies = new WeakMap<object, object>();
/** The names of functions and classes that are observed. */
const paths = new WeakMap<object, string>();

/** The object itself, of one that is observed. */
export const unobserved = <T extends object>(x: T): T => (targets.get(x) ?? x) as T;

function withoutObservation(x: unknown): unknown {
  if (typeof x === "function" && paths.has(x)) return unobserved(x);
  if (typeof x === "function") return recording && !("text" in x) ? recording.watched(x as () => unknown) : x;
  if (typeof x !== "object" || x === null) return x;
  const target = unobserved(x);
  if (!isPlain(target) || x !== target) return target;
  if (Array.isArray(target)) return target.map(withoutObservation);
  return Object.fromEntries(Object.entries(target).map(([key, value]) => [key, withoutObservation(value)]));
}

/** Properties that tests read to find their way, and that PyTorch need not be asked for. */
const unasked = new Set("shape strides data storage gradFn viewOf length".split(" "));
/** Plain values that PyTorch is asked for. */
const asked = new Set(["requiresGrad", "isLeaf", "training", "lastEpoch"]);

/** An object of which it is written down what is done with it. */
export function observed<T extends object>(target: T): T {
  if (!isWatched) return target;
  const known = targets.has(target) ? target : proxies.get(target);
  if (known) return known as T;
  const proxy = new Proxy(target, {
    get(_, name) {
      if (name === Symbol.toPrimitive) return undefined; // `${x}` is its toString
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value === "function") {
        return Array.isArray(target) ? value : (...args: unknown[]) => method(target, name, value as Method, args);
      }
      const isAsked = typeof name === "string" && (!unasked.has(name) || target instanceof PackedSequence);
      const isObject = typeof value === "object" && !(Array.isArray(value) && typeof value[0] === "number");
      if (!recording || !isAsked || !(isObject || isPlain(target) || asked.has(name))) return value;
      return recording.end(recording.begin("get", recording.valueOf(target), name), value);
    },
    set(_, name, value) {
      recording?.begin("set", recording.valueOf(target), name, recording.argument(value));
      return Reflect.set(target, name, withoutObservation(value), target);
    },
  });
  proxies.set(target, proxy);
  targets.set(proxy, target);
  return proxy;
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

function method(target: object, name: string | symbol, call: Method, args: unknown[]): unknown {
  if (typeof name === "symbol") return Reflect.apply(call, target, args);
  return run("method", [recording?.valueOf(target), name], args, (given) => Reflect.apply(call, target, given));
}

function run(kind: Step[1], what: unknown[], args: unknown[], call: (args: unknown[]) => unknown): unknown {
  if (!recording) {
    const made = call(args.map(withoutObservation));
    return typeof made === "object" && made !== null ? observed(made) : made;
  }
  const step = recording.begin(kind, ...what, []);
  const [list] = recording.steps.splice(recording.steps.length - 1, 1); // what the arguments need comes first
  list[list.length - 1] = args.map((arg) => recording?.argument(arg));
  recording.steps.push(list);
  return recording.end(step, call(args.map(withoutObservation)), what[0] === "error");
}

/** The functions and classes of a namespace, and the namespaces in it. */
function observedNamespace(namespace: object, path: string): object {
  return new Proxy(namespace, {
    get(_, name: string) {
      const value = Reflect.get(namespace, name);
      const own = path ? `${path}.${name}` : name;
      if (typeof value === "object" && value !== null) return observedNamespace(value, own);
      if (typeof value !== "function") return value;
      const named: object = new Proxy(value, {
        apply: (_, __, args) => run("call", [own], args, (given) => Reflect.apply(value, namespace, given)),
        construct: (_, args) => run("call", [own], args, (given) => Reflect.construct(value, given)) as object,
      });
      paths.set(named, own);
      targets.set(named, value);
      return named;
    },
  });
}

/** The models that programs were written of. */
export const written = new Map<string, lucidgrad.nn.Module>();

/** The losses of a training here, by what the first file is for whose program PyTorch is asked. */
export const trained = new Map<string, number[][]>();

type Forward = (...inputs: Tensor[]) => Tensor | Tensor[];

/** What a case needs beside lucidgrad itself; spelling.py has the same. */
const tools = {
  /** The text of the error that a call ends in, in PyTorch up to `_end`, or whole: what follows may be other words here. */
  error(call: () => unknown, _end: string | null = ". "): string {
    try {
      call();
    } catch (problem) {
      return (problem as Error).message;
    }
    return "no error";
  },
  /** How a tensor lies in memory: its strides, 0 where a dimension has one element, and its offset. */
  layout: ({ shape, strides, offset }: Tensor): number[] => [
    ...strides.map((stride, d) => (shape[d] > 1 ? stride : 0)),
    offset,
  ],
  /** The gradients of y, zeros where it does not depend on an input. */
  gradients: (y: Tensor, xs: readonly Tensor[]): Tensor[] => {
    const found = y.requiresGrad ? lucidgrad.grad(y, xs, { allowUnused: true }) : [];
    return xs.map((x, i) => found[i] ?? lucidgrad.zerosLike(x));
  },
  /** In PyTorch, operations save copies: that a tensor is changed in place later does not matter to them. */
  withCopies: <T>(run: () => T): T => run(),
  /** How many samples a dataset has, or batches a loader. */
  lengthOf: ({ length }: { length: number }): number => length,
  /** Begins to pass over a loader. */
  iterate: (loader: lucidgrad.DataLoader): Iterator<Tensor[]> => loader[Symbol.iterator](),
  /** What comes next, null after the last. */
  next: (pass: Iterator<Tensor[]>): Tensor[] | null => pass.next().value ?? null,
  /** The batches of one pass. */
  batches: (loader: lucidgrad.DataLoader): Tensor[][] => [...loader],
  /** The bytes of all elements, where there are too many to list. */
  digest: (x: Tensor): string => createHash("sha256").update(x.data).digest("hex"),
  /** What there is to a module that is too large to be listed: its text, its names and shapes, and weighted sums of its state. */
  fingerprint(module: lucidgrad.nn.Module) {
    const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
    const state = Object.entries(module.stateDict());
    const sums = new Float64Array(16);
    for (const [k, [, { data, numel }]] of state.entries()) {
      let sum = 0;
      for (let i = 0; i < numel; i++) sum += data[i] * ((i % 1009) + 1);
      sums[k % 16] += sum;
    }
    return {
      text: hash(String(module)),
      state: hash(state.map(([name, { shape }]) => `${name} ${shape.join(",")}`).join()),
      sums: lucidgrad.tensor([...sums], { dtype: "float64" }).div(1009),
    };
  },
  /** Whether PyTorch has a name: here, what the test expects. */
  isTorchName: (_name: string, expected = true): boolean => expected,
  /** What a file of torch.save holds. */
  // biome-ignore lint/suspicious/noExplicitAny: as load
  readSaved: (file: Uint8Array): any => parsePyTorch(file, "file"),
  /** The array of a .npy file of NumPy's. */
  readArray: (file: Uint8Array): Tensor => parseNpy(file, "file"),
  /** The arrays of a .npz file, by name. */
  readArrays: (file: Uint8Array): Record<string, Tensor> => parseNpz(file, "file"),
  /** What a file holds of a picture: its shape, and its numbers together. */
  decodedImage(file: Uint8Array, mode: ImageReadMode): { shape: number[]; digest: string } {
    const x = decodeImage(file, mode);
    return { shape: [...x.shape], digest: tools.digest(x) };
  },
  /** The bytes of a JPEG file of a picture. */
  jpegDigest: (x: Tensor, quality: number): string =>
    createHash("sha256").update(encodeJpeg(x, { quality })).digest("hex"),
  makeGrid,
  /** A sample of torchvision's noise. */
  fakeData: (index: number, options: FakeDataOptions): Tensor[] => new FakeData(options).get(index),
  /** The dtypes that elements of files become here. */
  asHere: <T>(value: T): T => value,
  /** What a model gives, here and as the program for PyTorch that was written of it, whose weights are these, in base64. */
  inPython: (source: string, _weights: string, inputs: readonly unknown[]): unknown =>
    lucidgrad.noGrad(() =>
      written
        .get(source)
        ?.eval()
        .forward(...inputs),
    ),
  /** The losses that train.py prints, in one process and then in two, of a folder of these files, in base64. */
  trains: (files: readonly (readonly [name: string, content: string])[], _processes: readonly number[]): number[][] =>
    trained.get(files[0][1]) ?? [],
  /** What a program in Python prints: here, what it should. */
  prints: (_program: string, expected: string): string => expected,
  /** Maps as lists of pairs, sets as sorted lists, which an answer has no other word for. */
  listed(value: unknown): unknown {
    if (value instanceof Map) return Array.from(value, (pair) => tools.listed(pair));
    if (value instanceof Set) return Array.from(value, tools.listed).toSorted((a, b) => (`${a}` < `${b}` ? -1 : 1));
    if (Array.isArray(value)) return value.map(tools.listed);
    if (!isPlainObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tools.listed(item)]));
  },
  /** What an optimizer remembers of each parameter, by name. */
  stateOf: (optimizer: lucidgrad.optim.Optimizer<object>) =>
    Object.fromEntries(
      Object.entries(optimizer.stateDict().state).map(([id, own]) => [
        id,
        Object.fromEntries(Object.entries(own).sort()),
      ]),
    ),
  /** A module of a class of one's own, with these fields; a right inverse is for parametrizations. */
  custom(
    name: string,
    fields: object,
    extraRepr = "",
    forward: Forward = (x) => x,
    rightInverse: Forward | null = null,
  ): lucidgrad.nn.Module {
    const { [name]: Custom } = {
      [name]: class extends lucidgrad.nn.Module {
        override forward(...inputs: Tensor[]): Tensor | Tensor[] {
          return forward(...inputs);
        }
        override extraRepr(): string {
          return extraRepr;
        }
      },
    };
    if (rightInverse) Object.assign(Custom.prototype, { rightInverse });
    const module = new Custom();
    for (const [field, value] of Object.entries(fields)) {
      const isBuffer = value instanceof Tensor && !(value instanceof lucidgrad.nn.Parameter);
      if (isBuffer) module.registerBuffer(field, value);
      else Object.assign(module, { [field]: value });
    }
    return module;
  },
};

/** All that a program may name. */
export const namespace = { ...lucidgrad, models, ...tools };

export const torch = observedNamespace(namespace, "") as typeof namespace;

/** A function of one number, in words that JavaScript and Python share: `formula("epoch", "0.95 ** epoch")`. */
export function formula(parameter: string, text: string): (x: number) => number {
  const f = new Function(parameter, `return ${text};`) as (x: number) => number;
  return Object.assign(f, { text: [parameter, text] });
}
