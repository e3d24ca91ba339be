/** The functions of `nn`. What a family's file exports by default is what it adds to them. */
import activation from "./activation.ts";
import attention from "./attention.ts";
import convolution from "./convolution.ts";
import dropout from "./dropout.ts";
import linear from "./linear.ts";
import loss from "./loss.ts";
import normalization from "./normalization.ts";
import pooling from "./pooling.ts";

type Families = typeof activation & typeof linear & typeof convolution & typeof pooling & typeof normalization;

/** What layers compute, with weights and options as arguments. Mirrors `torch.nn.functional`. */
export const functional: Families & typeof attention & typeof dropout & typeof loss = {
  ...activation,
  ...attention,
  ...linear,
  ...convolution,
  ...pooling,
  ...normalization,
  ...dropout,
  ...loss,
};
