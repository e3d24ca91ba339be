// biome-ignore-all format: made by a program
/** Made by `npm run docs`: what ../data/datasets.ts exports, as users get it. */
import * as engine from "../data/datasets.ts";
import { guarded } from "./guard.ts";

const names = guarded(engine);
export const {
  FakeData, DatasetFolder, ImageFolder, CIFAR10, CIFAR100, MNIST, FashionMNIST, KMNIST, EMNIST, STL10, SVHN,
} = names;
