/**
 * What src/index.ts gives of this folder, for Node and browsers alike. What reads files has entry points of its own:
 * datasets.ts, files.ts and image.ts.
 */
export { DataLoader, type DataLoaderOptions } from "./dataloader.ts";
export { Dataset, type RandomSplitOptions, randomSplit, Subset, TensorDataset } from "./dataset.ts";
export * as safetensors from "./formats/safetensors.ts";
export { ImageDataset, type ImageDatasetContents } from "./image-dataset.ts";
export * as transforms from "./transforms.ts";
