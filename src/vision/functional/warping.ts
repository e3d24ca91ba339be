/** Pictures seen in perspective, and through waves. */
import { add } from "../../autograd/ops/elementwise.ts";
import { lstsq } from "../../autograd/ops/linalg/functions.ts";
import { check } from "../../tensor/check.ts";
import { tensor } from "../../tensor/create.ts";
import { isFloatingPoint } from "../../tensor/dtype.ts";
import { readOptions } from "../../tensor/options.ts";
import { pythonTuple } from "../../tensor/python-text.ts";
import { formatShape } from "../../tensor/shape.ts";
import { elementsOf, type Tensor } from "../../tensor/tensor.ts";
import {
  checkGridOptions,
  type GridReadingOptions,
  identityGrid,
  type PictureFill,
  perspectiveGrid,
  readAt,
} from "./grids.ts";
import { getDimensions } from "./picture.ts";
import type { InterpolationMode } from "./resizing.ts";

/** How a picture is read where it is warped. */
export interface WarpOptions {
  /** How pixels are found, which "bicubic" is not for. Default: "bilinear". */
  interpolation?: InterpolationMode;
  /** What is outside of the picture. Default: null, zeros. */
  fill?: PictureFill | null;
}

const warpDefaults: Required<GridReadingOptions> = { interpolation: "bilinear", fill: null };

/** Places [x, y], of the upper left corner, the upper right, the lower right and the lower left. */
export type Corners = readonly (readonly number[])[];

/**
 * A picture (C, H, W) or (N, C, H, W) in such a perspective that four places get to four others.
 * Mirrors `torchvision.transforms.functional.perspective`.
 * @throws unless there are as many numbers to fill with as channels, or one
 * @example
 * const corners = [[0, 0], [3, 0], [3, 3], [0, 3]];
 * console.log(transforms.functional.perspective(ones([1, 4, 4]), corners, [[1, 0], [2, 0], [3, 3], [0, 3]]));
 */
export function perspective(x: Tensor, startpoints: Corners, endpoints: Corners, options?: WarpOptions): Tensor {
  const { interpolation, fill } = readOptions(options, warpDefaults);
  checkGridOptions(x, interpolation, fill);
  const [, height, width] = getDimensions(x);
  const dtype = isFloatingPoint(x.dtype) ? x.dtype : "float32";
  const grid = perspectiveGrid(coefficientsOf(startpoints, endpoints), [width, height], dtype);
  return readAt(x, grid, interpolation as "nearest" | "bilinear", fill);
}

/** The perspective that takes end points to starting points: two equations for each, linear in the eight coefficients. */
function coefficientsOf(startpoints: Corners, endpoints: Corners): number[] {
  const others = "A perspective needs four places, and where each of them gets to";
  check(startpoints.length === 4 && endpoints.length === 4, others);
  const equations = endpoints.flatMap(([x, y], i) => {
    const [toX, toY] = startpoints[i];
    return [
      [x, y, 1, 0, 0, 0, -toX * x, -toX * y],
      [0, 0, 0, x, y, 1, -toY * x, -toY * y],
    ];
  });
  const A = tensor(equations, { dtype: "float64" });
  const b = tensor(startpoints.flat(), { dtype: "float64" });
  return Array.from(elementsOf(lstsq(A, b).solution), Number);
}

/**
 * A picture (C, H, W) or (N, C, H, W) whose pixels are read elsewhere by a displacement (1, H, W, 2), of which 2 is the width, and the height, of
 * the picture. Mirrors `torchvision.transforms.functional.elastic_transform`.
 * @throws unless the displacement has that shape
 * @example transforms.functional.elasticTransform(arange(4).view(1, 2, 2), full([1, 2, 2, 2], 0.5))
 */
export function elasticTransform(x: Tensor, displacement: Tensor, options?: WarpOptions): Tensor {
  const { interpolation, fill } = readOptions(options, warpDefaults);
  checkGridOptions(x, interpolation, fill);
  const [, height, width] = getDimensions(x);
  const shape = [1, height, width, 2];
  const otherShape = () =>
    `Argument displacement shape should be ${pythonTuple(shape)}, but given torch.Size(${formatShape(displacement.shape)})`;
  check(formatShape(displacement.shape) === formatShape(shape), otherShape);
  return readAt(x, add(identityGrid(width, height), displacement), interpolation as "nearest" | "bilinear", fill);
}
