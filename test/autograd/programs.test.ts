/**
 * Random programs of views, arithmetic, reductions and in-place changes, recorded or not, give PyTorch's numbers.
 *
 * What is compared: the loss, a weighted sum of all values; its gradients with respect to the leaves; which values require
 * a gradient; the gradient of one value that retains it; of some programs, second derivatives; or the error.
 */
import { Answers, torch } from "../support/index.ts";
import { lossOf, type Program, randomPrograms, secondDerivatives, valuesOf } from "./programs.ts";

const { error, withCopies } = torch;

function outcomeOf(program: Program): unknown {
  const values = valuesOf(program);
  const retaining = program.retains === undefined ? null : values[program.retains];
  retaining?.retainGrad();
  const loss = lossOf(values);
  // Of a view that was not recorded, PyTorch says that it requires a gradient, and means no.
  if (program.steps.every(({ isRecorded }) => isRecorded)) for (const x of values) void x.requiresGrad;
  loss.backward();
  const gradients = program.leaves.map((_, i) => values[i].grad);
  return [loss.detach(), gradients, retaining?.grad ?? null, program.hasSecond ? secondDerivatives(program) : null];
}

const answers = new Answers("programs");
for (const program of randomPrograms(4)) {
  const run = () => {
    if (program.isRefused) return void error(() => lossOf(valuesOf(program)), " Given that");
    if (program.isDisturbed) return void error(() => lossOf(valuesOf(program)).backward(), ": ");
    // Also where PyTorch finds that a saved tensor was changed in place, which no pull-back here reads.
    return withCopies(() => outcomeOf(program));
  };
  answers.it(program.name, run, { rtol: 1e-9, atol: 1e-9 });
}
