/** Which line of docs/differences.md explains which records. */
import type { DType } from "../../../src/index.ts";
import { read } from "../tree.ts";
import type { PyTorchRecord, Verdict } from "./ask.ts";

interface Difference {
  /** How the line begins. */
  readonly line: string;
  readonly entries: RegExp;
  /** PyTorch's error, or else the problem. */
  readonly about: RegExp;
  /** Default: any. */
  readonly dtype?: DType;
}

const differences: readonly Difference[] = [
  {
    line: "Activations, softmax and losses take whole numbers and truths",
    entries: /softmax$|(elu|silu|softplus|dropout|_loss|kl_div|cross_entropy|with_logits)$/,
    about:
      /not implemented for|could not infer output dtype|result type Float can't be cast|Integral inputs not supported/,
  },
  {
    line: "Products, powers, rounding, order and padding take truths",
    entries:
      /^(abs|ceil|floor|round|trunc|pow|dot|mv|mm|bmm|matmul|einsum|trace|topk|argmax|argmin|nn.functional.linear)$/,
    about: /not implemented for 'Bool'/,
  },
  {
    line: "Products, powers, rounding, order and padding take truths",
    entries: /pad (reflect|replicate)$/,
    about: /not implemented for '(Int|Bool)'/,
  },
  {
    line: "Convolution and batch norm of whole numbers",
    entries: /conv|batch_norm/,
    about: /^throws .* not implemented for/,
  },
  { line: "Whole numbers are int32, indices too", entries: /gather|scatter/, about: /Expected dtype int64 for index/ },
  { line: "`arange` gives float32", entries: /^arange$/, about: /expected 'float32' to be 'int32'/ },
  {
    line: "Two numbers",
    entries: /^(add|sub|mul|div|where|pow)\b/,
    about: /^result: expected 'float32' to be '(int32|float64)'|pow\(\) received an invalid combination/,
  },
  { line: "`arange` and `linspace` of int32", entries: /^linspace$/, about: /^result: element/, dtype: "int32" },
  { line: "Equal elements keep their order", entries: /^(topk|sort|argsort)$/, about: /^result( 1)?:/ },
  { line: "The second derivatives of `a.pow(b)`", entries: /^pow$/, about: /^second derivative [01]: .* of NaN$/ },
  { line: "Batch norm takes samples of channels", entries: /batch_norm$/, about: /^throws (?!.*not implemented)/ },
  { line: "The gradient of `elu` at NaN", entries: /\.elu$/, about: /^gradient: element \d+ is NaN/ },
  {
    line: "Singular vectors and eigenvectors",
    entries: /(svd|eigh)$/,
    about: /^(result [02]|result 1:|gradient|second)/,
  },
  { line: "`unique` without `sorted`", entries: /^unique$/, about: /^result/ },
  {
    line: "`addmm` and its kin refuse a fraction",
    entries: /^b?add(mm|mv|bmm)$/,
    about: /must not be a floating point/,
  },
  { line: "Of equal elements, `median`", entries: /^(median|nanmedian|kthvalue|mode)$/, about: /^result 1:/ },
  { line: "What int32 cannot hold", entries: /^int$/, about: /of -2147483648$/ },
  {
    line: "The last digits of float32",
    entries: /conv_transpose2d|layer_norm|^norm$|GroupNorm/,
    about: /^(result|second derivative \d): element/,
    dtype: "float32",
  },
];

const page = read("docs/differences.md");
for (const { line } of differences) {
  if (!page.includes(`- ${line}`)) throw new Error(`docs/differences.md has no line "${line}"`);
}

/** The line that explains it, if one does. */
export function explanationOf({ entry, dtype, outcome }: PyTorchRecord, { problem }: Verdict): string | undefined {
  const said = "error" in outcome ? outcome.error : (problem ?? "");
  return differences.find(
    (one) => one.entries.test(entry) && one.about.test(said) && (one.dtype === undefined || one.dtype === dtype),
  )?.line;
}
