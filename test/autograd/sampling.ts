/** How sample inputs are made, each of the same random numbers whatever else is in the table. Read next: samples.ts. */
import type { TensorFunction } from "../../src/autograd/gradcheck.ts";
import { Generator, type Tensor } from "../../src/index.ts";
import { isFloatingPoint } from "../../src/tensor/dtype.ts";
import { observed, torch, unobserved } from "../support/index.ts";

const { grad, rand, randn, tensor } = torch;

export interface Sample {
  /** The shapes of its inputs, numbered within the operation. */
  readonly name: string;
  /** The operation on these inputs, or something that it does for others. */
  readonly f: TensorFunction;
  /** Leaves: those in float64 require a gradient. */
  readonly inputs: readonly Tensor[];
  /** The first derivative jumps here, so there is no second. */
  readonly atKink?: boolean;
  /** PyTorch has another gradient, or none, or refuses other changes in place. */
  readonly isUnlike?: boolean;
  /** Whether PyTorch cannot be asked at all: it has no derivative of this. */
  readonly isAlone?: boolean;
  /** Not for true and false: these PyTorch takes or refuses function by function. */
  readonly isOfNumbers?: boolean;
  /** Half the distance between the points of a difference, where float32 has a part. */
  readonly eps?: number;
}

/** As it stands in the table. */
export type Unnamed = Omit<Sample, "name">;

/** The shape of normal numbers, such as "2x3", "" for a single one; or another tensor. */
type Input = string | ((generator: Generator) => Tensor);
type Numbers = (shape: string) => Input;

const dtype = "float64";
const sizes = (shape: string): number[] => (shape.match(/\d+/g) ?? []).map(Number);

export const normal: Numbers = (shape) => shape;
export const between = (low: number, high: number): Numbers => {
  const scaled = (x: Tensor) => x.mul(high - low).add(low);
  return (shape) => (generator) => scaled(rand(sizes(shape), { dtype, generator }));
};
export const positive = between(0.5, 1.5);
export const fraction = between(-0.8, 0.8);
/** These numbers. */
export const numbers = (values: number[]) => () => tensor(values, { dtype });
/** These positions. */
export const at = (positions: number[], shape = [positions.length]) => {
  return () => tensor(positions, { dtype: "int32" }).view(shape);
};
/** For a matrix of 2x3. */
export const mask = () => tensor([true, false, true, false, false, true]).view(2, 3);

/** A leaf with the values of x, in its layout. */
export function leaf(x: Tensor): Tensor {
  const y = unobserved(x).detach();
  return isFloatingPoint(y.dtype) ? y.requiresGrad_() : y;
}

function made(inputs: readonly Input[]): Tensor[] {
  const generator = new Generator(0);
  const make = (input: Input) =>
    typeof input === "string" ? randn(sizes(input), { dtype, generator }) : input(generator);
  return inputs.map((input) => leaf(make(input)));
}

/** f on each of these lists of inputs. */
export const on = (f: TensorFunction, ...lists: readonly Input[][]): Unnamed[] =>
  lists.map((list) => ({ f, inputs: made(list) }));
export const atKink = (f: TensorFunction, ...list: Input[]): Unnamed => ({ f, inputs: made(list), atKink: true });
export const alone = (samples: Unnamed[]): Unnamed[] =>
  samples.map((sample) => ({ ...sample, isUnlike: true, isAlone: true }));
export const unlike = (samples: Unnamed[]): Unnamed[] => samples.map((sample) => ({ ...sample, isUnlike: true }));

/** f, which takes every dtype, on inputs of several shapes. */
export const general = (f: TensorFunction, make = normal): Unnamed[] =>
  on(f, [make("2x3")], [make("1x1")], [make("")], [make("0x3")]);

/** The same of a function of numbers. */
export const unary = (f: TensorFunction, make = normal): Unnamed[] =>
  general(f, make).map((sample) => ({ ...sample, isOfNumbers: true }));

/** f on two inputs that broadcast in every direction. */
export const binary = (f: TensorFunction, makeA = normal, makeB = makeA): Unnamed[] =>
  ["2x3 2x3", "2x3 3", "2x1 2x3", "3 2x1", "2 2x1x2", " 2x2", " ", "0x3 1x3"].flatMap((shapes) => {
    const [a, b] = shapes.split(" ");
    return on(f, [makeA(a), makeB(b)]);
  });

/** The same, of one input twice, and with a number. */
export const arithmetic = (f: (a: Tensor, b: Tensor | number) => Tensor, makeA = normal, makeB = makeA): Unnamed[] => [
  ...binary(f as TensorFunction, makeA, makeB),
  ...on((x) => f(x, x), [makeA("2x2")]),
  ...on((x) => f(x, 2), [makeA("2x3")]),
];

type Along = (x: Tensor, dim: number, options: { keepdim?: boolean }) => Tensor;
type Over = (x: Tensor, dim: number | number[] | undefined, options: { keepdim?: boolean }) => Tensor;

/** f along one dimension, and of inputs with few or no numbers. */
export const along = (f: Along, few = ["0x3", ""]): Unnamed[] => [
  ...[0, 1, -1].flatMap((dim) => on((x) => f(x, dim, {}), ["2x3x2"])),
  ...few.flatMap((shape) => on((x) => f(x, -1, {}), [shape])),
];

/** f over one dimension, kept or not. */
export const over = (f: Along, few?: string[]): Unnamed[] => [
  ...along(f, few),
  ...on((x) => f(x, 1, { keepdim: true }), ["2x3x2"]),
];

/** f over one dimension, several, all. */
export const reduction = (f: Over, few?: string[]): Unnamed[] => [
  ...over(f, few),
  ...on((x) => f(x, [0, 2], {}), ["2x3x2"]),
  ...on((x) => f(x, undefined, {}), ["2x3x2"]),
];

/** The gradient of f as a function of dy: the operation that f's backward is made of. */
export function adjoint(f: (...inputs: Tensor[]) => Tensor, ...inputs: Input[]): Unnamed[] {
  const xs = made(inputs).map(observed);
  const dx: TensorFunction = (dy) => grad(f(...xs), [xs[0]], { gradOutputs: [dy], createGraph: true });
  return on(dx, [f(...xs).shape.join("x")]);
}

/** For each of these methods, as a function, what `make` makes of it. */
export function methods<Name extends keyof Tensor, Made>(
  names: readonly Name[],
  make: (f: (x: Tensor, ...rest: unknown[]) => Tensor) => Made,
): Record<Name, Made> {
  type Called = Record<Name, (...rest: unknown[]) => Tensor>;
  const entries = names.map((name) => [name, make((x, ...rest) => (x as unknown as Called)[name](...rest))]);
  return Object.fromEntries(entries) as Record<Name, Made>;
}

/** A sample under its name. */
export const named = (sample: Unnamed, k: number): Sample => ({
  ...sample,
  name: `${k}, ${sample.inputs.map(({ shape }) => `[${shape}]`).join(" ")}`,
});
