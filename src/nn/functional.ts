/** The functions of `nn`. What a family's file exports by default is what it adds to them. */
import { seen } from "../tensor/watch.ts";
import activation from "./activation.ts";
import inPlace from "./activation-in-place.ts";
import attention from "./attention.ts";
import convolution from "./convolution.ts";
import distance from "./distance.ts";
import dropout from "./dropout.ts";
import embedding from "./embedding.ts";
import embeddingBag from "./embedding-bag.ts";
import folding from "./folding.ts";
import gridSample from "./grid-sample.ts";
import instanceNorm from "./instance-norm.ts";
import linear from "./linear.ts";
import loss from "./loss.ts";
import lossCtc from "./loss-ctc.ts";
import lossEmbedding from "./loss-embedding.ts";
import lossLikelihood from "./loss-likelihood.ts";
import lossMargin from "./loss-margin.ts";
import normalization from "./normalization.ts";
import oneHot from "./one-hot.ts";
import piecewise from "./piecewise.ts";
import pixelShuffle from "./pixel-shuffle.ts";
import pooling from "./pooling.ts";
import adaptivePooling from "./pooling-adaptive.ts";
import fractionalPooling from "./pooling-fractional.ts";
import pooling1d from "./pooling1d.ts";
import responseNorm from "./response-norm.ts";
import rmsNorm from "./rms-norm.ts";
import unpooling from "./unpooling.ts";
import upsampling from "./upsampling.ts";

type Layers = typeof activation &
  typeof inPlace &
  typeof attention &
  typeof convolution &
  typeof linear &
  typeof piecewise &
  typeof pooling &
  typeof pooling1d;
type Images = typeof fractionalPooling &
  typeof unpooling &
  typeof adaptivePooling &
  typeof folding &
  typeof gridSample &
  typeof pixelShuffle &
  typeof upsampling;
type Vectors = typeof distance & typeof embedding & typeof embeddingBag & typeof oneHot;
type Losses = typeof loss & typeof lossCtc & typeof lossEmbedding & typeof lossLikelihood & typeof lossMargin;
type Others = typeof dropout & typeof normalization & typeof instanceNorm & typeof responseNorm & typeof rmsNorm;

/** What layers compute, with weights and options as arguments. Mirrors `torch.nn.functional`. */
export const functional: Layers & Images & Vectors & Losses & Others = {
  ...activation,
  ...piecewise,
  ...inPlace,
  ...attention,
  ...linear,
  ...convolution,
  ...pooling,
  ...pooling1d,
  ...adaptivePooling,
  ...fractionalPooling,
  ...unpooling,
  ...folding,
  ...gridSample,
  ...pixelShuffle,
  ...upsampling,
  ...normalization,
  ...responseNorm,
  ...instanceNorm,
  ...rmsNorm,
  ...dropout,
  ...distance,
  ...embedding,
  ...embeddingBag,
  ...loss,
  ...lossCtc,
  ...lossEmbedding,
  ...lossLikelihood,
  ...lossMargin,
  ...oneHot,
};

/** Not seen as one call: what PyTorch 1.13 does not have, and what changes its input in place. */
const takenApart = /^(scaledDotProductAttention|rmsNorm|.*_)$/;

for (const [name, f] of Object.entries(functional)) {
  if (takenApart.test(name)) continue;
  const call = f as (...args: unknown[]) => unknown;
  Object.assign(functional, { [name]: (...args: unknown[]) => seen(`F.${name}`, args, () => call(...args), call) });
}
