/**
 * Random programs of views, arithmetic, reductions and in-place changes, recorded or not, give PyTorch's numbers.
 *
 * What is compared: the loss, a weighted sum of all values; its gradients with respect to the leaves; which values require
 * a gradient; the gradient of one value that retains it; of some programs, second derivatives; or the error.
 */
import { Answers } from "../support/index.ts";
import { outcomeOf, randomPrograms } from "./programs.ts";

const answers = new Answers("programs");
for (const program of randomPrograms(4)) {
  answers.it(program.name, () => outcomeOf(program), { rtol: 1e-9, atol: 1e-9 });
}
