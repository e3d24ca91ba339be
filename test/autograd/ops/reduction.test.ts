/** Reductions, softmaxes and positions of extremes give PyTorch's values, gradients and errors. */
import { checkCases } from "./cases.ts";

checkCases("tensor_ops_reduction.json");
