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
  /** By how much they differ at most, as a share of the larger of 1 and what is wanted. Default: any. */
  readonly share?: number;
}

const differences: readonly Difference[] = [
  {
    line: "Activations, softmax and losses take whole numbers and truths",
    entries:
      /softm(ax|in)$|(elu|glu|silu|mish|softplus|soft(sign|shrink)|hard(swish|sigmoid|tanh|shrink)|threshold|logsigmoid|adaptive_max_pool\dd|dropout(\dd)?( with_train)?|_loss|kl_div|cross_entropy|with_logits)$/,
    about:
      /not implemented for|could not infer output dtype|result type Float can't be cast|Integral inputs not supported/,
  },
  {
    line: "Activations, softmax and losses take whole numbers and truths",
    entries: /hinge_embedding_loss$/,
    about: /^result: expected 'float32' to be 'int32'/,
  },
  {
    line: "What linear algebra and `adaptiveAvgPool1d` have no algorithm for",
    entries:
      /^(cholesky|linalg\.(eigh|eigvalsh|matrix_power|multi_dot)|nn\.functional\.(bilinear|adaptive_avg_pool1d)|kthvalue)$/,
    about: /^throws .*(not implemented for '(Int|Bool)'|Got (Int|Bool)\b)/,
  },
  {
    line: "`aminmax` of a single number",
    entries: /^aminmax$/,
    about: /^result 0: expected shape \[1\], but it is \[\]$/,
  },
  { line: "`addbmm_` keeps the shape", entries: /^addbmm$/, about: /^throws output with shape \[1?\] doesn't match/ },
  {
    line: "The order of `linalg.vectorNorm`",
    entries: /^linalg\.vector_norm$/,
    about: /^result: element/,
    dtype: "float64",
  },
  {
    line: "`cov` with weights in float32",
    entries: /^cov$/,
    about: /^(result|second derivative \d): element/,
    dtype: "float64",
  },
  {
    line: "The second derivatives of norms of zeros",
    entries: /^linalg\.norm( subgradients_at_zero)?$/,
    about: /^second derivative \d: element \d+ is 0, .* of NaN$/,
  },
  {
    line: "The second derivatives of `prelu`",
    entries: /prelu$/,
    about: /^second derivative 1: .* of NaN$/,
  },
  {
    line: "The printed form of a layer",
    entries: /^nn\.(Threshold|Softshrink|ConstantPad\dd|Transformer(En|De)coderLayer)$/,
    about: /^prints .*[=(]\d+(\.0)?[,)].*, not .*[=(]\d+(\.0)?[,)]/,
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
    entries: /^(add|sub|mul|div|where|pow|remainder)\b/,
    about: /^result: expected 'float32' to be '(int32|float64)'|(pow|remainder)\(\) received an invalid combination/,
  },
  { line: "`arange` and `linspace` of int32", entries: /^linspace$/, about: /^result: element/, dtype: "int32" },
  { line: "Equal elements keep their order", entries: /^(topk|sort|argsort)$/, about: /^result( 1)?:/ },
  {
    line: "The second derivatives of `a.pow(b)`",
    entries: /^(float_)?pow(er)?$/,
    about: /^second derivative [01]: .* of NaN$/,
  },
  { line: "Batch norm takes samples of channels", entries: /batch_norm$/, about: /^throws (?!.*not implemented)/ },
  {
    line: "`polygamma`",
    entries: /^(polygamma|digamma|lgamma|mvlgamma)\b/,
    about: /^(result|gradient|second derivative \d): element/,
  },
  { line: "`erfinv` is right", entries: /^erfinv$/, about: /^(gradient|second derivative \d): element/ },
  { line: '`norm` has no `"nuc"`', entries: /^norm nuc$/, about: /there is no nuclear norm/ },
  {
    line: "The gradients of `elu`, `celu` and `selu` at NaN",
    entries: /\.[cs]?elu$/,
    about: /^gradient: element \d+ is NaN/,
  },
  {
    line: "The gradients of `hardtanh`, `relu6`, `hardshrink` and `softshrink` at NaN",
    entries: /(hardtanh|relu6|shrink|hardswish)$/,
    about: /^gradient: element \d+ is (0|NaN),/,
  },
  {
    line: "The gradient of `celu` has 1/alpha with all digits",
    entries: /celu$/i,
    about: /^(gradient|second derivative \d): element/,
    dtype: "float64",
  },
  {
    line: "The slope of `hardsigmoid` is 1/6",
    entries: /hardsigmoid$/i,
    about: /^gradient: element|derivative for aten::hardsigmoid_backward/,
  },
  {
    line: "The gradient of `asStridedScatter`",
    entries: /^as_strided_scatter$/,
    about: /^(gradient|second derivative) /,
  },
  {
    line: "The gradients of `choleskySolve` and `choleskyInverse`",
    entries: /^cholesky_(solve|inverse)$/,
    about: /^gradient( 1)?: element \d+ is 0,/,
  },
  { line: "`ldexp_` is recorded", entries: /^ldexp$/, about: /functions with out=/ },
  { line: "The second derivatives of `mish`", entries: /mish$/i, about: /^second derivative 0: .* of NaN$/ },
  {
    line: "Singular vectors and eigenvectors",
    entries: /svd$/, // those that fullMatrices adds
    about: /^result [02]: element/,
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
    entries:
      /grid_sample$|conv_transpose[23]d|Conv(Transpose)?3d|layer_norm|^norm$|GroupNorm|^hypot$|GRU|LSTM|RNN|TransformerDecoder|TransformerEncoder|^cov$|^linalg\.(norm|vector_norm|pinv( hermitian)?)$|^pinverse$|^matrix_exp$|normalize$|^linalg\.lstsq$|^cdist$|ctc_loss$|svd$|^linalg\.(eigh|tensorsolve|lu_factor_ex|householder_product)$|^ormqr$/,
    about: /^(result|gradient( \d)?|second derivative \d+): element/,
    dtype: "float32",
    share: 1e-3,
  },
  {
    line: "`householderProduct` is computed in float64",
    entries: /^linalg\.householder_product$/,
    about: /^gradient 0: element/,
    dtype: "float32",
    share: 2e-3,
  },
  {
    line: "`householderProduct` is computed in float64",
    entries: /^linalg\.householder_product$/,
    about: /^second derivative 0: element/,
    dtype: "float64",
    share: 1e-8,
  },
  { line: "The powers of `ldexp`", entries: /^ldexp$/, about: /^(result|gradient 1): element/, share: 1e-4 },
  {
    line: "The last digits of float32",
    entries: /^sinc$/, // near 0
    about: /^second derivative 0: element/,
    dtype: "float32",
    share: 1e-2,
  },
];

const page = read("docs/differences.md");
for (const { line } of differences) {
  if (!page.includes(`- ${line}`)) throw new Error(`docs/differences.md has no line "${line}"`);
}

/** The line that explains it, if one does. */
export function explanationOf({ entry, dtype, outcome }: PyTorchRecord, { problem }: Verdict): string | undefined {
  const said = "error" in outcome ? outcome.error : (problem ?? "");
  const isOf = (one: Difference) => one.entries.test(entry) && one.about.test(said);
  const isInDtype = (one: Difference) => one.dtype === undefined || one.dtype === dtype;
  return differences.find((one) => isOf(one) && isInDtype(one) && (!one.share || isNear(said, one.share)))?.line;
}

/** Whether the two numbers of the problem are. */
function isNear(problem: string, share: number): boolean {
  const [found, wanted] = (/ is (\S+), not within .* of (\S+)$/.exec(problem) ?? []).slice(1).map(Number);
  return Math.abs(found - wanted) <= share * Math.max(1, Math.abs(wanted));
}
