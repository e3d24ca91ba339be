/**
 * Einstein's summation: a product of tensors written by naming dimensions. "ij,jk->ik" is the matrix product
 * y[i, k] = Σ over j of a[i, j] · b[j, k]: what is named on the right stays, the rest is summed.
 *
 * Operands are contracted in pairs from the left, each pair as one batched matrix product, so the gradient is matmul's.
 */
import { check } from "../../tensor/check.ts";
import { numelOf } from "../../tensor/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { matmul } from "./matmul.ts";
import { sum } from "./reduction.ts";
import { expand, permute, reshape } from "./shape.ts";
import { diagonal } from "./windows.ts";

/** A letter; or ".0", ".1", … for the dimensions that an ellipsis stands for. */
type Label = string;

/** A tensor whose dimensions have names, all different. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: readonly Label[];
}

/**
 * The sum of products that `equation` describes: `einsum("bij,bjk->bik", a, b)`. Mirrors `torch.einsum`.
 *
 * A letter twice in one operand means its diagonal, "..." stands for all dimensions that have no letter, which broadcast.
 * Without "->", the result has those of "..." and then, in alphabetical order (capitals first), the letters that come once.
 * @throws if the equation is not of this form, or does not fit the operands
 * @example
 * const [a, b] = [arange(6).view(2, 3), ones([3, 2])];
 * console.log(einsum("ij,jk->ik", a, b)); // the matrix product
 * console.log(einsum("ij->j", a)); // sums of columns
 */
export function einsum(equation: string, ...operands: Tensor[]): Tensor {
  checkEinsum(operands.length > 0, () => "must provide at least one operand");
  const { inputs, output } = parse(equation, operands);
  checkSizes(operands, inputs);
  const [first, ...others] = operands.map((x, k) => withoutRepeats({ x, labels: inputs[k] }));
  const product = others.reduce((left, right, k) => {
    const needed = [...output, ...others.slice(k + 1).flatMap(({ labels }) => labels)];
    return contract(left, right, needed);
  }, first);
  return arranged(sumExcept(product, output), output);
}

const checkEinsum = (holds: boolean, message: () => string): void => check(holds, () => `einsum(): ${message()}`);

/** The names of each operand's dimensions and of the result's, with an ellipsis replaced by what it stands for. */
function parse(equation: string, operands: readonly Tensor[]): { inputs: Label[][]; output: Label[] } {
  const [left, ...right] = equation.split("->");
  const parts = left.split(",");
  const provided = (amount: string) => () => `${amount} operands were provided than specified in the equation`;
  checkEinsum(parts.length <= operands.length, provided("fewer"));
  checkEinsum(parts.length >= operands.length, provided("more"));
  const startOf = (k: number) => parts.slice(0, k).reduce((sum, { length }) => sum + length + 1, 0);
  const letters = parts.map((part, k) => labelsOf(part, startOf(k), `operand ${k}`));
  const hidden = letters.map((labels, k) => hiddenDimensions(labels, operands[k].ndim, k));
  const most = Math.max(...hidden);
  const inputs = letters.map((labels, k) => withEllipsis(labels, most - hidden[k], most));
  if (right.length === 0) return { inputs, output: implicitOutput(inputs, most) };
  const output = labelsOf(right.join("->"), left.length + 2, "output");
  checkOutput(output, letters);
  return { inputs, output: withEllipsis(output, 0, most) };
}

/** The letters and "..." of one part, which begins at `start` of the equation. */
function labelsOf(part: string, start: number, where: string): Label[] {
  const labels: Label[] = [];
  for (const { 0: label, index } of part.matchAll(/\.{3}|[^ ]/g)) {
    const isDot = label[0] === ".";
    const again = () => `found '.' for ${where} for which an ellipsis was already found`;
    const single = () => `found '.' for ${where} that is not part of any ellipsis`;
    const invalid = () =>
      `invalid subscript given at index ${start + index} in the equation string, subscripts must be in [a-zA-Z]`;
    checkEinsum(!isDot || !labels.includes("..."), again);
    checkEinsum(label !== ".", single);
    checkEinsum(isDot || /[a-zA-Z]/.test(label), invalid);
    labels.push(label);
  }
  return labels;
}

/** How many dimensions of operand k an ellipsis stands for: those without a letter. */
function hiddenDimensions(labels: readonly Label[], ndim: number, k: number): number {
  const hasEllipsis = labels.includes("...");
  const named = labels.length - Number(hasEllipsis);
  const [differs, reason] = hasEllipsis ? ["is more than", ""] : ["does not match", " and no ellipsis was given"];
  const mismatch = () =>
    `the number of subscripts in the equation (${named}) ${differs} the number of dimensions (${ndim}) ` +
    `for operand ${k}${reason}`;
  checkEinsum(hasEllipsis ? named <= ndim : named === ndim, mismatch);
  return ndim - named;
}

/** Replaces "..." by the names ".first" … ".(end - 1)": like all that broadcasts, hidden dimensions align at the last. */
function withEllipsis(labels: readonly Label[], first: number, end: number): Label[] {
  const hidden = Array.from({ length: end - first }, (_, k) => `.${first + k}`);
  return labels.flatMap((label) => (label === "..." ? hidden : [label]));
}

function implicitOutput(inputs: readonly Label[][], hidden: number): Label[] {
  const all = inputs.flat().filter((label) => label[0] !== ".");
  const single = all.filter((label) => all.indexOf(label) === all.lastIndexOf(label));
  return withEllipsis(["...", ...single.sort()], 0, hidden);
}

function checkOutput(output: readonly Label[], inputs: readonly Label[][]): void {
  output.forEach((label, k) => {
    const again = () => `output subscript ${label} appears more than once in the output`;
    const unknown = () => `output subscript ${label} does not appear in the equation for any input operand`;
    checkEinsum(output.indexOf(label) === k, again);
    checkEinsum(label === "..." || inputs.some((labels) => labels.includes(label)), unknown);
  });
}

function checkSizes(operands: readonly Tensor[], inputs: readonly Label[][]): void {
  const sizes = new Map<Label, number>();
  inputs.forEach((labels, k) => {
    const { shape } = operands[k];
    labels.forEach((label, d) => {
      const [size, first, before] = [shape[d], shape[labels.indexOf(label)], sizes.get(label) ?? 1];
      const differs = () =>
        `subscript ${label} is repeated for operand ${k} but the sizes don't match, ${size} != ${first}`;
      const where =
        label[0] === "."
          ? `dimension ${label.slice(1)} covered by ellipsis in operand ${k} has size ${size}`
          : `subscript ${label} has size ${size} for operand ${k}`;
      const mismatch = () => `${where} which does not broadcast with previously seen size ${before}`;
      checkEinsum(size === first, differs);
      checkEinsum(size === before || size === 1 || before === 1, mismatch);
      if (before === 1) sizes.set(label, size);
    });
  });
}

/** Of dimensions that have the same name, the diagonal. */
function withoutRepeats({ x, labels }: Labelled): Labelled {
  const second = labels.findIndex((label, d) => labels.indexOf(label) !== d);
  if (second < 0) return { x, labels };
  const first = labels.indexOf(labels[second]);
  const others = labels.filter((_, d) => d !== first && d !== second);
  return withoutRepeats({ x: diagonal(x, 0, first, second), labels: [...others, labels[first]] });
}

/** Sums over the dimensions that are not among `needed`. */
function sumExcept({ x, labels }: Labelled, needed: readonly Label[]): Labelled {
  const dims = labels.flatMap((label, d) => (needed.includes(label) ? [] : [d]));
  if (dims.length === 0) return { x, labels };
  return { x: sum(x, dims), labels: labels.filter((label) => needed.includes(label)) };
}

/** The product of two tensors, summed over what is not needed later. */
function contract(left: Labelled, right: Labelled, needed: readonly Label[]): Labelled {
  const a = sumExcept(left, [...needed, ...right.labels]);
  const b = sumExcept(right, [...needed, ...left.labels]);
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => needed.includes(label));
  const inner = shared.filter((label) => !needed.includes(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const sizeOf = (label: Label) => {
    const [m, n] = [a, b].map(({ x, labels }) => x.shape[labels.indexOf(label)] ?? 1);
    return m === 1 ? n : m;
  };
  const merged = (operand: Labelled, groups: readonly (readonly Label[])[]) => {
    const order = groups.flat();
    const whole = expand(arranged(operand, order), order.map(sizeOf));
    const sizes = groups.map((labels) => numelOf(labels.map(sizeOf)));
    return reshape(whole, sizes);
  };
  const y = matmul(merged(a, [batch, rows, inner]), merged(b, [batch, inner, columns])); // (batch, rows, columns)
  const labels = [...batch, ...rows, ...columns];
  return { x: reshape(y, labels.map(sizeOf)), labels };
}

/** With its dimensions in the order of `labels`. */
function arranged(operand: Labelled, labels: readonly Label[]): Tensor {
  const order = labels.map((label) => operand.labels.indexOf(label));
  return permute(operand.x, order);
}
