/** The functions of `nn`. What a family's file exports by default is what it adds to them. */
import activation from "./activation.ts";
import convolution from "./convolution.ts";
import dropout from "./dropout.ts";
import linear from "./linear.ts";
import loss from "./loss.ts";
import normalization from "./normalization.ts";
import pooling from "./pooling.ts";

/** What layers compute, with weights and options as arguments. Mirrors `torch.nn.functional`. */
export const functional = {
  ...activation,
  ...linear,
  ...convolution,
  ...pooling,
  ...normalization,
  ...dropout,
  ...loss,
};
