/** The functions of `nn`. What a family's file exports by default is what it adds to them. */
import activation from "./activation.ts";
import convolution from "./convolution.ts";
import dropout from "./dropout.ts";
import linear from "./linear.ts";
import loss from "./loss.ts";
import normalization from "./normalization.ts";
import oneHot from "./one-hot.ts";
import pooling from "./pooling.ts";

type Families = typeof activation & typeof linear & typeof convolution & typeof pooling & typeof normalization;

/** What layers compute, with weights and options as arguments. Mirrors `torch.nn.functional`. */
export const functional: Families & typeof dropout & typeof loss & typeof oneHot = {
  ...activation,
  ...linear,
  ...convolution,
  ...pooling,
  ...normalization,
  ...dropout,
  ...loss,
  ...oneHot,
};
