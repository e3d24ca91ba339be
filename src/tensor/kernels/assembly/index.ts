export * from "./channels";
export * from "./elementwise";
export { multiply, pack, useScratch } from "./matmul";
export * from "./softmax";
export * from "./sums";
