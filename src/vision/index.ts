/** What `transforms` is. */

export { type ImageBatch, PILToTensor, ToTensor } from "../data/to-tensor.ts";
export type { Transform } from "../data/transform.ts";
export { AugMix, type AugMixOptions } from "./aug-mix.ts";
export {
  RandAugment,
  type RandAugmentOptions,
  TrivialAugmentWide,
  type TrivialAugmentWideOptions,
} from "./augmenting.ts";
export { AutoAugment } from "./auto-augment.ts";
export { GaussianBlur } from "./blurring.ts";
export { ColorJitter, type ColorJitterOptions, type FactorRange, Grayscale, RandomGrayscale } from "./colours.ts";
export { Compose, Lambda, RandomApply, RandomChoice, RandomOrder } from "./compose.ts";
export {
  CenterCrop,
  FiveCrop,
  Pad,
  RandomCrop,
  type RandomCropOptions,
  RandomHorizontalFlip,
  RandomVerticalFlip,
  TenCrop,
} from "./cropping.ts";
export { RandomErasing, type RandomErasingOptions } from "./erasing.ts";
export * as functional from "./functional/index.ts";
export { InterpolationMode } from "./functional/resizing.ts";
export type { AugmentOptions } from "./magnitudes.ts";
export { ConvertImageDtype, Normalize } from "./normalize.ts";
export { AutoAugmentPolicy } from "./policies.ts";
export { RandomResizedCrop, type RandomResizedCropOptions, Resize } from "./resizing.ts";
export {
  RandomAdjustSharpness,
  RandomAutocontrast,
  RandomEqualize,
  RandomInvert,
  RandomPosterize,
  RandomSolarize,
} from "./tones.ts";
export {
  type Angles,
  RandomAffine,
  type RandomAffineOptions,
  RandomRotation,
  type RandomRotationOptions,
  type TurningOptions,
} from "./turning.ts";
export {
  ElasticTransform,
  type ElasticTransformOptions,
  RandomPerspective,
  type RandomPerspectiveOptions,
} from "./warping.ts";
export { LinearTransformation } from "./whitening.ts";
