/** Augmentation by a mixture: a picture with several changed ones laid over it. */
import { add, mul } from "../autograd/ops/elementwise.ts";
import { narrow } from "../autograd/ops/parts.ts";
import { expand, reshape, to, unsqueeze } from "../autograd/ops/shape.ts";
import { dirichlet } from "../distributions/random-gamma.ts";
import { check } from "../tensor/check.ts";
import { tensor } from "../tensor/create.ts";
import { isFloatingPoint } from "../tensor/dtype.ts";
import { readOptions } from "../tensor/options.ts";
import { pythonBool, pythonFloat } from "../tensor/python-text.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { drawn, fillText, modeText } from "./augmenting.ts";
import { integer } from "./draws.ts";
import type { PictureFill } from "./functional/grids.ts";
import { getDimensions } from "./functional/picture.ts";
import type { InterpolationMode } from "./functional/resizing.ts";
import { type AugmentOptions, changes, mixedMagnitudes } from "./magnitudes.ts";
import { RandomTransform } from "./random-transform.ts";

/** Options of AugMix, which reads pictures with "bilinear" by default. */
export interface AugMixOptions extends AugmentOptions {
  /** How far changes go, from 1 to 10. Default: 3. */
  severity?: Int;
  /** How many changed pictures are mixed. Default: 3. */
  mixtureWidth?: Int;
  /** How many changes each has; one, two or three, as it is drawn, unless it is above 0. Default: -1. */
  chainDepth?: Int;
  /** The larger, the more alike are the weights of the mixture. Default: 1. */
  alpha?: number;
  /** Whether brightness, contrast, saturation and sharpness are among the changes. Default: true. */
  allOps?: boolean;
}

/**
 * y = m₀ x + m₁ Σ wᵢ xᵢ: a picture x of bytes, which are int32 here, (…, H, W) or (…, C, H, W), and pictures xᵢ to each of which some
 * changes were made (Hendrycks et al. 2019); the weights m and w are drawn from Dirichlet's distribution.
 * Mirrors `torchvision.transforms.AugMix`. It draws the same.
 * @throws for a severity that there is not
 * @example
 * manualSeed(0);
 * const bytes = randint(0, 256, [3, 8, 8], { dtype: "int32" });
 * console.log(new transforms.AugMix({ severity: 5 }).apply(bytes).shape);
 */
export class AugMix extends RandomTransform {
  /** How far changes go. */
  readonly severity: number;
  /** How many changed pictures are mixed. */
  readonly mixtureWidth: number;
  /** How many changes each has, if it is above 0. */
  readonly chainDepth: number;
  /** The larger, the more alike are the weights. */
  readonly alpha: number;
  /** Whether colours are changed, too. */
  readonly allOps: boolean;
  /** How pixels are found. */
  readonly interpolation: InterpolationMode;
  /** What is outside of the picture. */
  readonly fill: PictureFill | null;

  constructor(options?: AugMixOptions) {
    super();
    const defaults: Required<AugMixOptions> = {
      severity: 3,
      mixtureWidth: 3,
      chainDepth: -1,
      alpha: 1,
      allOps: true,
      interpolation: "bilinear",
      fill: null,
    };
    const { severity, mixtureWidth, chainDepth, alpha, allOps, interpolation, fill } = readOptions(options, defaults);
    const isSeverity = severity >= 1 && severity <= 10;
    check(isSeverity, () => `The severity must be between [1, 10]. Got ${severity} instead.`);
    this.severity = severity;
    this.mixtureWidth = mixtureWidth;
    this.chainDepth = chainDepth;
    this.alpha = alpha;
    this.allOps = allOps;
    this.interpolation = interpolation;
    this.fill = fill;
  }

  override apply(x: Tensor): Tensor {
    const [, height, width] = getDimensions(x);
    const table = mixedMagnitudes(height, width, this.allOps);
    let batch = x;
    while (batch.ndim < 4) batch = unsqueeze(batch, 0);
    const weightOf = (weights: Tensor, i: number): Tensor =>
      reshape(narrow(weights, 1, i, 1), [batch.shape[0], ...batch.shape.slice(1).map(() => 1)]);
    const weighted = (weight: Tensor, y: Tensor) => mul(weight, isFloatingPoint(y.dtype) ? y : to(y, "float32"));

    const original = this.#weights(batch.shape[0], 2);
    const mixing = mul(this.#weights(batch.shape[0], this.mixtureWidth), narrow(original, 1, 1, 1));
    let mix = weighted(weightOf(original, 0), batch);
    for (let i = 0; i < this.mixtureWidth; i++) {
      const depth = this.chainDepth > 0 ? this.chainDepth : integer(1, 4);
      let changed = batch;
      for (let k = 0; k < depth; k++) {
        const [name, magnitude] = drawn(table, () => integer(0, this.severity));
        changed = changes[name](changed, magnitude, { interpolation: this.interpolation, fill: this.fill });
      }
      mix = add(mix, weighted(weightOf(mixing, i), changed));
    }
    return to(reshape(mix, x.shape), x.dtype);
  }

  /** (N, count), each row with the sum 1. */
  #weights(n: number, count: number): Tensor {
    return dirichlet(expand(tensor([Array<number>(count).fill(this.alpha)]), [n, count]));
  }

  override toString(): string {
    return (
      `AugMix(severity=${this.severity}, mixture_width=${this.mixtureWidth}, chain_depth=${this.chainDepth}, ` +
      `alpha=${pythonFloat(this.alpha)}, all_ops=${pythonBool(this.allOps)}, interpolation=${modeText(this.interpolation)}, ` +
      `fill=${fillText(this.fill)})`
    );
  }
}
