/**
 * The graph that recording builds: one Node for every operation whose output needs a gradient, pointing back at where
 * its inputs came from. backward (engine.ts) walks it from the loss to the leaves.
 * Read next: history.ts, which makes the nodes.
 */
import { check } from "../tensor/check.ts";
import { scalarName } from "../tensor/dtype.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";
import type { GradFn, Tensor } from "../tensor/tensor.ts";
import { callIfDetecting, forwardCall } from "./anomaly.ts";

/**
 * The gradient of the loss with respect to one input, given `dy`, the gradient with respect to the output.
 *
 * What it returns is new memory that nothing else holds, or else dy's own (dy itself, a view of it): so backward can tell
 * what a leaf may keep. Where a user's function has a say, that is made true by a copy (function.ts, hooks.ts).
 * Null means that there is no gradient.
 */
export type PullBack = (dy: Tensor) => Tensor | null;

/** Where a gradient can arrive: at the operation that made a tensor or, for a leaf, at the tensor itself. */
export type Target = Node | Tensor;

export interface Edge {
  readonly target: Target;
  readonly pullBack: PullBack;
}

interface Saved {
  readonly tensor: Tensor;
  readonly version: number;
  /** The operation that had made it when it was saved; null for a leaf. */
  readonly origin: GradFn | null;
}

let nodesMade = 0;

/** The number that the next operation gets: what has a smaller one is older. */
export const nextSequence = (): number => nodesMade;

/** One recorded operation. */
export class Node implements GradFn {
  /** `MulBackward0` for mul, PyTorch's style. */
  readonly name: string;
  /** The shape of its output. */
  readonly shape: Shape;
  /** Counts up, so a node's inputs have smaller numbers: sorting by it is a topological order. */
  readonly sequence = nodesMade++;
  /** One for every input that needs a gradient; null once freed. */
  edges: readonly Edge[] | null;
  /** The tensors whose values the pull-backs read, with their storage's version when they were saved. */
  #saved: readonly Saved[] = [];
  /** The output, if `retainGrad()` was called on it. */
  retainedBy: Tensor | null = null;
  /** Which call made it, while anomalies are being looked for. */
  readonly call = callIfDetecting();

  constructor(operation: string, shape: Shape, edges: readonly Edge[]) {
    this.shape = shape;
    this.name = `${operation[0].toUpperCase()}${operation.slice(1)}Backward0`;
    this.edges = edges;
  }

  /** Notes that the pull-backs read these tensors. */
  save(tensors: readonly Tensor[]): void {
    this.#saved = tensors.map((tensor) => ({ tensor, version: tensor.storage.version, origin: tensor.gradFn }));
  }

  /** Lets go of the pull-backs and with them of the tensors they read. One that reads none can be run again. */
  free(): void {
    if (this.#saved.length === 0) return;
    this.edges = null;
    this.#saved = [];
  }

  /** @throws if a value that a pull-back reads was changed in place since the operation ran */
  checkSavedTensors(): void {
    for (const { tensor, version, origin } of this.#saved) {
      const now = tensor.storage.version;
      check(now === version, () => {
        const what = `[torch.${scalarName[tensor.dtype]}Tensor ${formatShape(tensor.shape)}]`;
        const maker = origin ? `, which is output 0 of ${origin.name},` : "";
        return (
          "one of the variables needed for gradient computation has been modified by an inplace operation: " +
          `${what}${maker} is at version ${now}; expected version ${version} instead. Hint: ${this.name} reads it; use the ` +
          `operation without the underscore, or clone() it before changing it.${forwardCall(this.call)}`
        );
      });
    }
  }
}
