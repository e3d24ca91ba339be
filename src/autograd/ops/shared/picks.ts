/** The positions that several index tensors and masks pick together, one for each of some dimensions. */
import { check } from "../../../tensor/check.ts";
import { tensor } from "../../../tensor/create.ts";
import {
  broadcastShapes,
  broadcastStrides,
  contiguousStrides,
  formatShape,
  type Shape,
} from "../../../tensor/shape.ts";
import { Tensor } from "../../../tensor/tensor.ts";
import { type Pick, positionsOf } from "./positions.ts";

/** What an index tensor, or each dimension of a mask, picks from the dimensions from `dim` on of a tensor of `shape`. */
export function picksAt(index: Tensor, shape: Shape, dim: number): Pick[] {
  const indices = index.dtype === "bool" ? nonzeroOf(index, shape, dim) : [index];
  return indices.map((index, k) => ({ dim: dim + k, index }));
}

/** The positions that they pick in a tensor of shape `source`, in the shape of what they pick. */
export function positionsOfPicks(source: Shape, picks: readonly Pick[]): Tensor {
  const floats = picks.find(({ index }) => index.dtype !== "int32");
  check(
    floats === undefined,
    () =>
      `tensors used as indices must be long, byte or bool tensors: here int32 or bool, but got ${floats?.index.dtype}`,
    RangeError,
  );
  const picked = picks.map(({ dim }) => dim);
  const shape = commonShape(picks.map(({ index }) => index.shape));
  const neighbours = picked.every((dim, k) => dim === picked[0] + k);
  const at = neighbours ? picked[0] : 0; // where the result's picked dimensions begin
  const kept = source.map((_, d) => d).filter((d) => !picked.includes(d));
  const arrange = (ofKept: Shape, ofPicked: Shape) => [...ofKept.slice(0, at), ...ofPicked, ...ofKept.slice(at)];
  const ofKept = (values: Shape) => kept.map((d) => values[d]);
  const zeros = (values: Shape) => values.map(() => 0);
  const result = arrange(ofKept(source), shape);
  const steps = arrange(ofKept(contiguousStrides(source)), zeros(shape));
  const spread = picks.map(({ dim, index }) => {
    const along = arrange(zeros(kept), broadcastStrides(index.shape, index.strides, shape));
    return { dim, index: new Tensor(index.storage, "int32", result, along, index.offset) };
  });
  return positionsOf(source, result, steps, spread);
}

function commonShape(shapes: readonly Shape[]): Shape {
  try {
    return shapes.reduce((a, b) => broadcastShapes(a, b, "index"));
  } catch {
    const listed = shapes.map(formatShape).join(", ");
    throw new RangeError(`shape mismatch: indexing tensors could not be broadcast together with shapes ${listed}`);
  }
}

/** Where a mask is true, for the dimensions from `dim` on of a tensor of `shape`. */
function nonzeroOf(mask: Tensor, shape: Shape, dim: number): Tensor[] {
  const differs = mask.shape.findIndex((size, d) => size !== shape[dim + d]);
  check(
    differs < 0,
    () =>
      `The shape of the mask ${formatShape(mask.shape)} at index ${differs} does not match the shape of the indexed tensor ` +
      `${formatShape(shape)} at index ${dim + differs}`,
    RangeError,
  );
  return coordinates(mask);
}

/** Where x is not 0: one int32 vector for each of its dimensions. */
export function coordinates(x: Tensor): Tensor[] {
  const { data, shape } = x;
  const found = [...data.keys()].filter((k) => data[k] !== 0);
  return contiguousStrides(shape).map((stride, d) =>
    tensor(Int32Array.from(found, (k) => Math.floor(k / stride) % shape[d])),
  );
}
