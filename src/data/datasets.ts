/**
 * What "lucidgrad/datasets" gives: the datasets of pictures that torchvision has. An entry point of its own, because it reads files.
 * This file names things and defines none.
 */
import "../autograd/methods.ts";

export * from "./datasets/cifar.ts";
export { FakeData, type FakeDataOptions } from "./datasets/fake-data.ts";
export { DatasetFolder, type DatasetFolderOptions, ImageFolder, type ImageFolderOptions } from "./datasets/folder.ts";
export * from "./datasets/mnist.ts";
export type { DatasetOptions, LoadOptions } from "./datasets/options.ts";
export * from "./datasets/stl10.ts";
export * from "./datasets/svhn.ts";
