/** What transforms compute, with all that is drawn as arguments. */
export { adjustSharpness, gaussianBlur } from "./blurring.ts";
export { adjustBrightness, adjustContrast, adjustGamma, adjustSaturation, rgbToGrayscale } from "./colours.ts";
export {
  centerCrop,
  crop,
  fiveCrop,
  hflip,
  type PicturePadding,
  type PicturePaddingMode,
  type PicturePadOptions,
  pad,
  tenCrop,
  vflip,
} from "./cropping.ts";
export { convertImageDtype } from "./dtype.ts";
export { type EraseOptions, erase } from "./erasing.ts";
export type { GridReadingOptions, PictureFill } from "./grids.ts";
export { adjustHue } from "./hue.ts";
export { type ChannelValues, type NormalizeOptions, normalize } from "./normalize.ts";
export { getDimensions, getImageNumChannels, getImageSize } from "./picture.ts";
export { InterpolationMode, type ResizedCropOptions, type ResizeOptions, resize, resizedCrop } from "./resizing.ts";
export type { PictureSize } from "./sizes.ts";
export { autocontrast, equalize, invert, posterize, solarize } from "./tones.ts";
export { affine, type PictureAffineOptions, type RotateOptions, rotate } from "./turning.ts";
export { type Corners, elasticTransform, perspective, type WarpOptions } from "./warping.ts";
