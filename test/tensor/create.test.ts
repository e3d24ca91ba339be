/** Functions that make tensors give PyTorch's. */
import { checkCases } from "../autograd/ops/cases.ts";

checkCases("tensor_ops_creation.json");
