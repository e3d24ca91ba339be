/** Datasets and loaders, for Node and browsers alike. Files are read by mnist.ts and image.ts. */
export { DataLoader, type DataLoaderOptions } from "./dataloader.ts";
export { Dataset, randomSplit, Subset, TensorDataset } from "./dataset.ts";
export { ImageDataset, type ImageDatasetContents } from "./image-dataset.ts";
export { Compose, type ImageBatch, Normalize, ToTensor, type Transform } from "./transforms.ts";
