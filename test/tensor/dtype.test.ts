/** Mixing dtypes gives PyTorch's dtype, values and gradients: with whole numbers as int32. */
import { checkCases } from "../autograd/ops/cases.ts";

checkCases("tensor_ops_promotion.json");
