/**
 * A tensor as text, PyTorch's to the character, so that a printout here can be compared with one made there.
 *
 * All numbers of a tensor share one notation and one width. So the numbers to be shown are gathered first, then the notation
 * that suits them all is chosen, then the brackets are drawn around them.
 * Read next: tensor.ts, whose toString() this is.
 */
import { check } from "./check.ts";
import { type DType, isFloatingPoint } from "./dtype.ts";
import { readOptions } from "./options.ts";
import { contiguousStrides, type Int, numelOf, type Shape } from "./shape.ts";

/** How tensors are printed. */
export interface PrintOptions {
  /** Digits after the point. Default: 4. */
  precision?: Int;
  /** A tensor of more elements shows some at either end of each dimension, and an ellipsis between. Default: 1000. */
  threshold?: number;
  /** How many at either end. Default: 3. */
  edgeitems?: Int;
  /** Characters of a line. Default: 80. */
  linewidth?: number;
  /** Whether numbers have an exponent. Default: null, by what the numbers are. */
  sciMode?: boolean | null;
  /** The settings to begin with: "short" has 2 digits and 2 at either end, "full" leaves no elements out. Default: as they are. */
  profile?: keyof typeof profiles;
}

const profiles = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Infinity, edgeitems: 3, linewidth: 80 },
} as const;

type Settings = Required<Omit<PrintOptions, "profile">>;

let settings: Settings = { ...profiles.default, sciMode: null };

/**
 * How all tensors are printed from now on. Mirrors `torch.set_printoptions`: what is not said stays as it is, but for `sciMode`.
 * @example
 * setPrintoptions({ precision: 2 });
 * console.log(tensor([1 / 3, 2 / 3]));
 * setPrintoptions({ profile: "default" });
 */
export function setPrintoptions({ profile, ...options }: PrintOptions): void {
  check(profile === undefined || profile in profiles, () => `there is no profile "${profile}": default, short or full`);
  settings = readOptions(options, { ...settings, ...(profile && profiles[profile]), sciMode: null } as Settings);
}

const ellipsis = "...";
const prefix = "tensor(";

/**
 * `tensor([[1., 2.], [3., 4.]], dtype=torch.float64, requires_grad=True)`.
 * @param data the elements in row-major order; a bool is 0 or 1
 * @param suffixes what follows the dtype, such as `grad_fn=<MulBackward0>`
 */
export function formatTensor(
  data: ArrayLike<number>,
  shape: Shape,
  dtype: DType,
  suffixes: readonly string[] = [],
): string {
  const empty = numelOf(shape) === 0;
  const body = empty ? "[]" : formatBody(data, shape, dtype);
  return appendSuffixes(prefix + body, [...impliedSuffixes(shape, dtype, empty), ...suffixes]) + ")";
}

function formatBody(data: ArrayLike<number>, shape: Shape, dtype: DType): string {
  const shown = gather(data, shape, numelOf(shape) > settings.threshold);
  return draw(shown, shape.length, prefix.length, chooseNotation(leaves(shown), dtype));
}

/** What `[1., 2.]` alone does not say. It implies float32, `[True]` bool; `[]` implies float32 and one dimension. */
function impliedSuffixes(shape: Shape, dtype: DType, empty: boolean): string[] {
  const size = empty && shape.length !== 1 ? [`size=(${shape.join(", ")})`] : [];
  const implied = dtype === "float32" || (dtype === "bool" && !empty);
  return implied ? size : [...size, `dtype=torch.${dtype}`];
}

/** Nested like the brackets: a number, an ellipsis, or a list of these. */
type Nested = number | typeof ellipsis | Nested[];

/** The elements that will be printed. Only these decide the notation, as in PyTorch: the hidden ones do not count. */
function gather(data: ArrayLike<number>, shape: Shape, summarize: boolean): Nested {
  const strides = contiguousStrides(shape);
  const visit = (dim: number, offset: number): Nested => {
    if (dim === shape.length) return data[offset];
    const size = shape[dim];
    const items = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => visit(dim + 1, offset + (from + i) * strides[dim]));
    const ends = settings.edgeitems;
    if (!summarize || size <= 2 * ends) return items(0, size);
    return [...items(0, ends), ellipsis, ...items(size - ends, size)];
  };
  return visit(0, 0);
}

function leaves(nested: Nested): number[] {
  if (typeof nested === "number") return [nested];
  return nested === ellipsis ? [] : nested.flatMap(leaves);
}

/** How to write a number, and the width to which each is padded. */
interface Notation {
  readonly write: (value: number) => string;
  readonly width: number;
}

function chooseNotation(values: readonly number[], dtype: DType): Notation {
  if (dtype === "bool") return withWidth(values, (value) => (value ? "True" : "False"));
  if (!isFloatingPoint(dtype)) return withWidth(values, String);
  // nan, inf and 0 look the same in every notation, so they have no say: not even in the width.
  const deciding = values.filter((value) => Number.isFinite(value) && value !== 0);
  const magnitudes = deciding.map(Math.abs);
  const plain = magnitudes.every(Number.isInteger) ? whole : fixed;
  const form = needsExponent(magnitudes) ? scientific : plain;
  const { width } = withWidth(deciding, signed(form));
  // A notation that is asked for does not change the width, as in PyTorch.
  const asked = settings.sciMode === null ? form : settings.sciMode ? scientific : plain;
  return { write: signed(asked), width };
}

function withWidth(values: readonly number[], write: Notation["write"]): Notation {
  return { write, width: values.reduce((width, value) => Math.max(width, write(value).length), 1) };
}

/** Whether the digits after the point would blur some numbers, or others fill the screen. */
function needsExponent(magnitudes: readonly number[]): boolean {
  const smallest = magnitudes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const largest = magnitudes.reduce((a, b) => Math.max(a, b), 0);
  return largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4;
}

/** Adds what the three forms have in common: the sign, that of -0 included, and the words for what is not a number. */
function signed(write: Notation["write"]): Notation["write"] {
  return (value) => {
    if (Number.isNaN(value)) return "nan";
    const sign = value < 0 || Object.is(value, -0) ? "-" : "";
    const magnitude = Math.abs(value);
    return sign + (magnitude === Number.POSITIVE_INFINITY ? "inf" : write(magnitude));
  };
}

/** Digits also beyond 1e21, where JavaScript would write an exponent. */
const whole = (magnitude: number) => `${BigInt(magnitude)}.`;

const fixed = (magnitude: number) => roundHalfEven((digits) => magnitude.toFixed(digits));

/** An exponent has two digits or more: `1.0000e+05`, where JavaScript writes `1.0000e+5`. */
const scientific = (magnitude: number) =>
  roundHalfEven((digits) => magnitude.toExponential(digits)).replace(/[+-](?=\d$)/, "$&0");

/** An even digit, and after it exactly one half of its place: 0.03125 is a tie, 0.00015 is really 0.000149999… */
const tieAfterEven = (precision: number): RegExp =>
  precision === 0 ? /^(\d*[02468])\.50*(e.*)?$/ : new RegExp(`^(.*\\.\\d{${precision - 1}}[02468])50*(e.*)?$`);

/**
 * JavaScript rounds a tie up, PyTorch to the even digit: the two differ where that digit is even already. Sixty digits are
 * enough to tell: no double comes that close to a tie without being one.
 */
function roundHalfEven(write: (digits: number) => string): string {
  const tie = tieAfterEven(settings.precision).exec(write(60));
  return tie ? tie[1] + (tie[2] ?? "") : write(settings.precision);
}

/** The brackets: a vector wraps at the line's end, a matrix has a line a row, every further dimension adds a blank line. */
function draw(nested: Nested, dims: number, indent: number, notation: Notation): string {
  if (typeof nested === "number") return notation.write(nested).padStart(notation.width);
  if (nested === ellipsis) return dims === 0 ? ` ${ellipsis}` : ellipsis;
  const parts = nested.map((item) => draw(item, dims - 1, indent + 1, notation));
  const margin = " ".repeat(indent + 1);
  if (dims > 1) return `[${parts.join("," + "\n".repeat(dims - 1) + margin)}]`;
  const perLine = Math.max(1, Math.floor((settings.linewidth - indent) / (notation.width + ", ".length)));
  return `[${inLines(parts, perLine).join(",\n" + margin)}]`;
}

/** The parts, at most `perLine` of them a line. */
function inLines(parts: readonly string[], perLine: number): string[] {
  const lines: string[] = [];
  for (let i = 0; i < parts.length; i += perLine) lines.push(parts.slice(i, i + perLine).join(", "));
  return lines;
}

/** Each suffix goes on the last line if it fits there, else on a new one under the brackets. */
function appendSuffixes(text: string, suffixes: readonly string[]): string {
  // PyTorch takes the body's last line for two characters longer than it is; so do we, to break where it breaks.
  let column = text.length - (text.lastIndexOf("\n") + 1) + 2;
  for (const suffix of suffixes) {
    const fits = column + ", ".length + suffix.length <= settings.linewidth;
    text += fits ? ", " : ",\n" + " ".repeat(prefix.length);
    column = (fits ? column + ", ".length : prefix.length) + suffix.length;
    text += suffix;
  }
  return text;
}
