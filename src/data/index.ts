/** Datasets and loaders, for Node and browsers alike. What reads files has entry points of its own: mnist.ts, image.ts. */
export { DataLoader, type DataLoaderOptions } from "./dataloader.ts";
export { Dataset, randomSplit, Subset, TensorDataset } from "./dataset.ts";
export { ImageDataset, type ImageDatasetContents } from "./image-dataset.ts";
export * as transforms from "./transforms.ts";
