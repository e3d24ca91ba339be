/** Models of one class as one: their parameters stacked, for a function that is mapped over them. */

import { detach } from "../autograd/op.ts";
import { stack } from "../autograd/ops/parts.ts";
import { check } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Module } from "./module.ts";
import type { StateDict } from "./state-dict.ts";

/**
 * The parameters, and the buffers, of several models of one class, by name, each with a new first dimension: vmap of a functionalCall
 * runs them all. The stacked parameters are leaves, which need a gradient if those of the models do. Mirrors
 * `torch.func.stack_module_state`.
 * @throws unless all are of one class, in one mode, and need gradients for the same parameters
 * @example
 * const models = [1, 2, 3].map(() => new nn.Linear(2, 1));
 * const [params] = func.stackModuleState(models);
 * const run = func.vmap((own: typeof params, x: Tensor) => func.functionalCall(models[0], own, x), { inDims: [0, null] });
 * console.log(run(params, ones([5, 2])).shape);
 */
export function stackModuleState(models: readonly Module[]): [params: StateDict, buffers: StateDict] {
  check(models.length > 0, "stack_module_state: Expected at least one model, got 0.");
  const [first] = models;
  const otherMode = "stack_module_state: Expected all models to have the same training/eval mode.";
  check(
    models.every(({ training }) => training === first.training),
    otherMode,
  );
  const otherClass = "stack_module_state: Expected all models to be of the same class.";
  check(
    models.every((model) => model.constructor === first.constructor),
    otherClass,
  );
  const stacked = (named: (model: Module) => readonly (readonly [name: string, tensor: Tensor])[]): StateDict => {
    const all = models.map(named);
    return Object.fromEntries(
      all[0].map(([name], i) => [
        name,
        leafOf(
          name,
          all.map((own) => own[i][1]),
        ),
      ]),
    );
  };
  return [stacked((model) => model.namedParameters()), stacked((model) => model.namedBuffers())];
}

/** One tensor of those of all models. */
function leafOf(name: string, tensors: readonly Tensor[]): Tensor {
  const { requiresGrad } = tensors[0];
  check(
    tensors.every((own) => own.requiresGrad === requiresGrad),
    () => `Expected ${name} from each model to have the same .requires_grad`,
  );
  const leaf = stack(tensors.map(detach));
  leaf.requiresGrad = requiresGrad;
  return leaf;
}
