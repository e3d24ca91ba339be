/**
 * What operations compute, and what their pull-backs do, as textbooks write it.
 *
 * In a formula {0}, {1} … are the operands, {y} is the result and {dy} its gradient; [0] and [y] are their names, for which no
 * numbers are put. {n} is how many elements of the first operand go into one of the result.
 */
import { numelOf } from "../../../../src/tensor/shape.ts";
import { Tensor } from "../../../../src/tensor/tensor.ts";
import { shortNumber } from "./format.ts";
import { areClasses, type Operand, operandsOf } from "./operands.ts";
import type { Call } from "./recording.ts";
import type { Formula, Part } from "./types.ts";

/** The right side of `y = …`, and what each operand gets. */
interface Written {
  readonly y: string;
  readonly back: readonly string[];
}

const written = (y: string, ...back: string[]): Written => ({ y, back });

const powers = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const power = (n: number): string =>
  n === 1 ? "{0}" : Number.isInteger(n) && n > 0 && n < 10 ? `{0}${powers[n]}` : `{0}^(${n})`;

/** Element by element: an operand that was broadcast gets the sum of what its copies get. */
const elementwise: Readonly<Record<string, Written>> = {
  add: written("{0} + {1}", "{dy}", "{dy}"),
  sub: written("{0} − {1}", "{dy}", "−{dy}"),
  mul: written("{0} · {1}", "{dy} · {1}", "{dy} · {0}"),
  div: written("{0} / {1}", "{dy} / {1}", "−{dy} · {0} / {1}²"),
  neg: written("−{0}", "−{dy}"),
  exp: written("exp({0})", "{dy} · {y}"),
  log: written("log({0})", "{dy} / {0}"),
  sqrt: written("√{0}", "{dy} / (2 · {y})"),
  rsqrt: written("1 / √{0}", "−{dy} · {y}³ / 2"),
  reciprocal: written("1 / {0}", "−{dy} · {y}²"),
  abs: written("|{0}|", "{dy} · sign({0})"),
  sin: written("sin({0})", "{dy} · cos({0})"),
  cos: written("cos({0})", "−{dy} · sin({0})"),
  tanh: written("tanh({0})", "{dy} · (1 − {y}²)"),
  sigmoid: written("1 / (1 + exp(−{0}))", "{dy} · {y} · (1 − {y})"),
  relu: written("max({0}, 0)", "{dy} · ({0} > 0)"),
  maximum: written("max({0}, {1})", "{dy} · ({0} > {1})", "{dy} · ({1} > {0})"),
  minimum: written("min({0}, {1})", "{dy} · ({0} < {1})", "{dy} · ({1} < {0})"),
};

/** With a dimension and options or without: each element of x gets what its sum gets. */
const reductions: Readonly<Record<string, Written>> = {
  sum: written("Σ {0}", "{dy}"),
  mean: written("Σ {0} / {n}", "{dy} / {n}"),
};

/** What is written so without options. */
const whole: Readonly<Record<string, Written>> = {
  matmul: written("{0} @ {1}", "{dy} @ {1}ᵀ", "{0}ᵀ @ {dy}"),
  t: written("{0}ᵀ", "{dy}ᵀ"),
  clone: written("{0}", "{dy}"),
  softmax: written("softmax({0})", "{y} · ({dy} − Σ {dy} · {y})"),
  logSoftmax: written("log softmax({0})", "{dy} − softmax({0}) · Σ {dy}"),
  crossEntropy: written("−log softmax({0})[{1}]", "{dy} · (softmax({0}) − onehot({1}))"),
  "F.mseLoss": written("Σ ({0} − {1})² / {n}", "{dy} · 2 · ({0} − {1}) / {n}", "−{dy} · 2 · ({0} − {1}) / {n}"),
};

/** The operations that batch norm's node opens into (inside.ts). */
const parts: Readonly<Record<string, Written>> = {
  "part mean": written("Σ {0} / {n}", "{dy} / {n}"),
  "part centre": written("{0} − {1}", "{dy}", "−Σ {dy}"),
  "part variance": written("Σ {0}² / {n}", "{dy} · 2 · {0} / {n}"),
  "part 1/√(σ² + ε)": written("1 / √({0} + ε)", "−{dy} · {y}³ / 2"),
  "part normalise": written("{0} · {1}", "{dy} · {1}", "Σ {dy} · {0}"),
  "part scale": written("{0} · {1}", "{dy} · {1}", "Σ {dy} · {0}"),
  "part shift": written("{0} + {1}", "{dy}", "Σ {dy}"),
  "part product": written("{0} @ {1}ᵀ", "{dy} @ {1}", "{dy}ᵀ @ {0}"),
  "part log softmax": written("{0} − log Σ exp({0})", "{dy} − softmax({0}) · Σ {dy}"),
  "part pick": written("−{0}[{1}]", "−{dy} · onehot({1})"),
};

/** γ (x − μ) / √(σ² + ε) + β, as far as there are γ and β */
function normalization([, weight, bias]: readonly Operand[]): Written {
  const xhat = "({0} − μ) / √(σ² + ε)";
  const y = (weight ? "{1} · " : "") + xhat + (bias ? " + {2}" : "");
  const dx = `${weight ? "{1}" : "1"} / √(σ² + ε) · ({dy} − mean({dy}) − x̂ · mean({dy} · x̂))`;
  return written(y, dx, "Σ {dy} · x̂", "Σ {dy}");
}

const linear = ([, , bias]: readonly Operand[]): Written =>
  written(`{0} @ {1}ᵀ${bias ? " + {2}" : ""}`, "{dy} @ {1}", "{dy}ᵀ @ {0}", "Σ {dy}");

/** Of classes that all count; {m} is how many samples there are. */
const crossEntropy = ([, target]: readonly Operand[]): Written | null =>
  target instanceof Tensor && areClasses(target)
    ? written("Σ −log softmax({0})[{1}] / {m}", "{dy} · (softmax({0}) − onehot({1})) / {m}")
    : null;

/** For what depends on the operands. */
const byOperands: Readonly<Record<string, (operands: readonly Operand[]) => Written | null>> = {
  pow: ([, n]) =>
    typeof n === "number" ? written(power(n), n === 2 ? "{dy} · 2 · {0}" : `{dy} · ${n} · ${power(n - 1)}`) : null,
  "F.crossEntropy": crossEntropy,
  linear,
  "F.linear": linear,
};

const shortName = ({ name }: Call): string => name.replace(/^F\./, "");

/** Their options are among the operands already. */
const byNorm: Readonly<Record<string, (operands: readonly Operand[]) => Written | null>> = {
  batchNorm: normalization,
  "F.batchNorm": (operands) => (operands.length === 3 ? normalization(operands) : null),
};

/** `relu` for F.relu, and `reshape(x)`, what has no formula here, with the chain rule for its pull-back. */
function writtenOf(call: Call, operands: readonly Operand[]): Written {
  const { name, args } = call;
  const short = shortName(call);
  const isPlain = !args.some((arg) => typeof arg === "object" && !(arg instanceof Tensor) && arg !== null);
  const found =
    parts[name] ??
    reductions[name] ??
    byNorm[name]?.(operands) ??
    (isPlain ? (byOperands[name]?.(operands) ?? elementwise[short] ?? whole[name] ?? whole[short]) : null);
  if (found) return found;
  const names = operands.flatMap((operand, i) => (operand === null ? [] : [`{${i}}`]));
  return written(`${short}(${names.join(", ")})`, ...operands.map((_, i) => `{dy} · ∂[y]/∂[${i}]`));
}

/** The formulas of one node: what it computes, and what each of its operands gets. */
export interface Formulas {
  readonly y: Formula;
  readonly back: readonly Formula[];
}

/**
 * @param numberOf the node of a tensor
 * @param nameOf and its name
 */
export function formulasOf(
  call: Call,
  y: Tensor,
  numberOf: (x: Tensor) => number,
  nameOf: (x: Tensor) => string,
): Formulas {
  const operands = operandsOf(call);
  const { y: formula, back } = writtenOf(call, operands);
  const [first] = operands;
  const n = first instanceof Tensor ? first.numel / numelOf(y.shape) : 1;
  const part = (token: string): Part => {
    if (token === "{y}") return { of: "value", node: numberOf(y) };
    if (token === "{dy}") return { of: "gradient", node: numberOf(y) };
    if (token === "{n}") return shortNumber(n);
    if (token === "{m}")
      return shortNumber(first instanceof Tensor && first.ndim > 1 ? first.numel / first.shape[1] : 1);
    if (token === "[y]") return nameOf(y);
    const operand = operands[Number(token[1])];
    if (!(operand instanceof Tensor)) return operand === null ? "" : shortNumber(operand);
    return token[0] === "[" ? nameOf(operand) : { of: "value", node: numberOf(operand) };
  };
  const parsed = (text: string): Formula =>
    text
      .split(/(\{\w+\}|\[[y\d]\])/)
      .filter(Boolean)
      .map((piece) => (/^\{\w+\}$|^\[[y\d]\]$/.test(piece) ? part(piece) : piece));
  const isSummed = (operand: Operand) =>
    shortName(call) in elementwise && operand instanceof Tensor && numelOf(operand.shape) < numelOf(y.shape);
  return {
    y: parsed(formula),
    back: operands.map((operand, i) => parsed(isSummed(operand) ? `Σ ${back[i]}` : (back[i] ?? ""))),
  };
}
