/** What the datasets may be told, and how they print themselves. */
import { check } from "../../tensor/check.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type ImageBatch, ToTensor } from "../to-tensor.ts";
import type { Transform } from "../transform.ts";

/** What `load` of every dataset may be told. */
export interface LoadOptions {
  /** The folder in which the dataset's files are, or will be, as torchvision lays them out. Default: "data". */
  root?: string;
  /** Fetch what is missing. Default: false. */
  download?: boolean;
  /** What makes a tensor of a batch of bytes; one that draws is given one sample at a time. Default: ToTensor. */
  transform?: Transform<ImageBatch, Tensor>;
  /** What changes the labels (N) of a batch; one that draws is given one at a time. Default: null, nothing. */
  targetTransform?: Transform<Tensor, Tensor> | null;
}

/** What `load` of a dataset may be told that has a part to train on and one to test on. */
export interface DatasetOptions extends LoadOptions {
  /** The training images, or the test images. Default: true. */
  train?: boolean;
}

/** What these options are by default. */
export const loadDefaults = (): Required<LoadOptions> => ({
  root: "data",
  download: false,
  transform: new ToTensor(),
  targetTransform: null,
});
export const datasetDefaults = (): Required<DatasetOptions> => ({ ...loadDefaults(), train: true });

/** @throws unless there is such a part */
export function checkSplit<Split extends string>(split: Split, splits: readonly Split[]): void {
  const unknown = () =>
    `Unknown value '${split}' for argument split. Valid values are {${splits.map((name) => `'${name}'`).join(", ")}}.`;
  check(splits.includes(split), unknown);
}

/** As torchvision prints which part of a dataset it is. */
export const partName = (train: boolean): string => (train ? "Train" : "Test");
