/** How large pictures may be: a file of some kilobytes may say that it has millions of pixels, and may have them. */
import { check } from "../../tensor/check.ts";

/** As Pillow has it, with which torchvision reads pictures: twice a quarter of a gigabyte at three bytes a pixel. */
const MOST_PIXELS = 178_956_970;

/** Before anything is allocated for them. @throws if there are too many pixels */
export function checkPixelCount(width: number, height: number): void {
  const size = width * height;
  const tooMany = () =>
    `Image size (${size} pixels) exceeds limit of ${MOST_PIXELS} pixels, could be decompression bomb DOS attack`;
  check(size <= MOST_PIXELS, tooMany);
}
