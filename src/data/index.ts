/**
 * What src/index.ts gives of this folder, for Node and browsers alike. What reads files has entry points of its own:
 * datasets.ts, files.ts and image.ts.
 */
export { type Collated, type Converted, defaultCollate, defaultConvert } from "./collate.ts";
export { DataLoader, type DataLoaderOptions } from "./dataloader.ts";
export { Dataset, type Samples, TensorDataset } from "./dataset.ts";
export * as safetensors from "./formats/safetensors.ts";
export { ImageDataset, type ImageDatasetContents } from "./image-dataset.ts";
export * from "./iterable-dataset.ts";
export {
  BatchSampler,
  type Indices,
  RandomSampler,
  type RandomSamplerOptions,
  Sampler,
  type SamplerOptions,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
  type WeightedRandomSamplerOptions,
} from "./samplers.ts";
export * from "./subsets.ts";
