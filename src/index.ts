/**
 * lucidgrad: what users import. This file names things and defines none.
 * `MNIST`, `CIFAR10` and other datasets are in "lucidgrad/datasets", PNG and JPEG files in "lucidgrad/image", saving and loading in
 * "lucidgrad/files", torchvision's networks in "lucidgrad/models".
 */
import "./autograd/methods.ts";

export * from "./core.ts";
export * as distributions from "./distributions/index.ts";
