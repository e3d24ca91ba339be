/** What `transforms` is. */
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
export * as functional from "./functional/index.ts";
export { InterpolationMode } from "./functional/resizing.ts";
export { RandomResizedCrop, type RandomResizedCropOptions, Resize } from "./resizing.ts";
export { ConvertImageDtype, type ImageBatch, Normalize, ToTensor } from "./to-tensor.ts";
export { RandomTransform, Sometimes, type Transform } from "./transform.ts";
