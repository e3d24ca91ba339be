/** Functions of your own, with gradients of your own. */
import { copyOf } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import { seen } from "../tensor/watch.ts";
import { noGrad } from "./grad-mode.ts";
import type { PullBack } from "./graph.ts";
import { type Applied, record } from "./history.ts";
import { clone, to } from "./ops/shape.ts";

/** What stands before the name of such a function where it is seen: it may be that of an operation, too. */
export const OWN_FUNCTION = "own ";

/**
 * Makes a differentiable function of its forward and its gradients. Mirrors `torch.autograd.Function`; there is no context,
 * since the pull-backs close over what they need.
 *
 * `forward` runs unrecorded, so its own operations leave no trace. `grads` has each differentiable input with its pull-back,
 * which gives dLoss/dInput for `dy` = dLoss/dOutput, or null if there is none; written in operations, it can be differentiated
 * again. What it reads belongs into `saves`, so that an in-place change before backward is noticed. `gradcheck` tells whether
 * it is right.
 *
 * @param name `cube` makes nodes `CubeBackward0`
 * @throws when backward runs, if a gradient has not its input's shape
 * @example
 * const cube = defineFunction("cube", (x: Tensor) => ({
 *   y: x.pow(3),
 *   saves: [x],
 *   grads: [[x, (dy) => dy.mul(x.pow(2).mul(3))]],
 * }));
 * const x = tensor(2, { requiresGrad: true });
 * const y = cube(x);
 * y.backward();
 * console.log(y, x.grad);
 */
export function defineFunction<Args extends unknown[]>(name: string, forward: (...args: Args) => Applied) {
  const run = (...args: Args): Tensor => {
    const applied = noGrad(() => forward(...args));
    const grads = applied.grads.map(
      ([x, pullBack, saves = []], i) => [x, checked(x, pullBack, name, i), saves] as const,
    );
    const isInput = grads.some(([x]) => x.storage === applied.y.storage);
    return record(name, { ...applied, y: isInput ? copyOf(applied.y) : applied.y, grads });
  };
  return (...args: Args): Tensor => seen(OWN_FUNCTION + name, args, () => run(...args), run);
}

/**
 * The pull-back, its result checked and in the input's dtype; on copies, since a user may keep what comes and what goes, or have
 * it from elsewhere.
 */
function checked({ shape, dtype }: Tensor, pullBack: PullBack, name: string, i: number): PullBack {
  return (dy) => {
    const dx: unknown = pullBack(clone(dy));
    if (dx === null) return null;
    const invalid = `Function ${name}Backward returned an invalid gradient at index ${i} - got`;
    const notTensor = () => `${invalid} ${typeName(dx)} but expected a tensor, or null for no gradient`;
    check(dx instanceof Tensor, notTensor, TypeError);
    const wrongShape = () =>
      `${invalid} ${formatShape(dx.shape)} but expected shape compatible with ${formatShape(shape)}`;
    check(sameShape(dx.shape, shape), wrongShape);
    return dx.dtype === dtype ? clone(dx) : to(dx, dtype);
  };
}
