/** Mathematical functions give PyTorch's values and gradients, also at the edges of their domains. */
import { checkCases } from "./cases.ts";

checkCases("tensor_ops_functions.json");
