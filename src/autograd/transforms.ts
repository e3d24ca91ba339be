/**
 * What the transformations of func.ts share: f is called with arguments of its own, and gradients are pulled back through what it did.
 * Read next: engine.ts, which computes each gradient.
 */
import { check } from "../tensor/check.ts";
import { zerosLike } from "../tensor/create.ts";
import type { Int } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { grad as gradientsOf } from "./engine.ts";
import { enableGrad, isGradEnabled } from "./grad-mode.ts";
import { Node, type Target } from "./graph.ts";
import { historyOf } from "./history.ts";
import { detach } from "./op.ts";
import { view } from "./ops/shape.ts";
import { mapTree, tensorsOf, treeOf } from "./trees.ts";

/** Any function of tensors, or of trees of them. */
// biome-ignore lint/suspicious/noExplicitAny: what it takes and gives is the caller's to know
export type AnyFunction = (...args: any[]) => any;

/** Whether f returns something beside what is differentiated. */
export interface AuxOptions {
  /** f returns [output, aux]; aux is handed through. Default: false. */
  hasAux?: boolean;
}

/** What is differentiated, and by what. */
export interface TransformOptions extends AuxOptions {
  /** The number of the argument to differentiate by, or several, which give a list. Negative ones count from the end. Default: 0. */
  argnums?: Int | readonly Int[];
}

export const transformDefaults = { argnums: 0, hasAux: false } as const;

/** f at given arguments: what is differentiated, by what, and whether the result can be differentiated further. */
export interface Evaluated {
  /** The tensors to differentiate by. */
  readonly xs: readonly Tensor[];
  readonly output: unknown;
  readonly aux: unknown;
  /** Whether f also depends on tensors outside that need gradients, so that its derivatives may be asked for theirs. */
  readonly isTracked: boolean;
}

/**
 * f of copies of some arguments, which need a gradient. A copy of a tensor that needs one outside is connected to it, so that
 * derivatives of derivatives are found.
 */
export function evaluated(
  f: AnyFunction,
  args: readonly unknown[],
  chosen: readonly number[],
  hasAux: boolean,
  name: string,
) {
  const isOutside = isGradEnabled();
  return enableGrad((): Evaluated => {
    const xs: Tensor[] = [];
    const mine = new Set<Target>();
    const own = (x: Tensor) => {
      const isConnected = isOutside && x.requiresGrad;
      const copy = isConnected ? view(x, x.shape) : detach(x);
      if (!isConnected) {
        copy.requiresGrad = true;
        mine.add(copy);
      }
      xs.push(copy);
      return copy;
    };
    for (const i of chosen) tensorsOf(args[i], name); // refuses all else
    const copies = new Map(chosen.map((i) => [i, mapTree(args[i], own)]));
    const inputs = args.map((arg, i) => copies.get(i) ?? arg);
    const result: unknown = f(...inputs);
    const isPair = Array.isArray(result) && result.length === 2;
    check(!hasAux || isPair, `${name}: output of function f should be a tuple: (output, aux) if has_aux is True`);
    const [output, aux] = hasAux ? (result as unknown[]) : [result, null];
    const isTracked = isOutside && tensorsOf(output, name).some((y) => reachesOthers(y, mine));
    return {
      xs,
      output,
      aux: mapTree(aux, (y) => (isOutside && reachesOthers(y, mine) ? y : detach(y))),
      isTracked,
    };
  });
}

/** Whether a tensor was computed from any leaf but these. */
function reachesOthers(y: Tensor, leaves: ReadonlySet<Target>): boolean {
  const start = historyOf(y);
  const seen = new Set<Target>();
  const stack = start ? [start] : [];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (!(next instanceof Node)) {
      if (!leaves.has(next)) return true;
    } else for (const { target } of next.edges ?? []) stack.push(target);
  }
  return false;
}

/** The gradients of several outputs together, zeros where there is none. */
export function pulledBack(
  ys: readonly Tensor[],
  dys: readonly Tensor[],
  xs: readonly Tensor[],
  createGraph: boolean,
): Tensor[] {
  const places = [...ys.keys()].filter((i) => ys[i].requiresGrad);
  if (places.length === 0) return xs.map((x) => zerosLike(x));
  const [outputs, gradOutputs] = [places.map((i) => ys[i]), places.map((i) => dys[i])];
  const options = { gradOutputs, createGraph, retainGraph: true, allowUnused: true };
  return enableGrad(() => gradientsOf(outputs, xs, options)).map((dx, i) => dx ?? zerosLike(xs[i]));
}

/** The numbers of the arguments that are meant. @throws in PyTorch's words */
export function chosenOf(argnums: Int | readonly Int[], count: number): number[] {
  const listed: readonly number[] = [argnums].flat();
  check(listed.length > 0, "argnums must be non-empty");
  const chosen = listed.map((argnum) => {
    check(Number.isInteger(argnum), () => `argnum must be int, got: ${argnum}`, TypeError);
    const noSuch = () => `Got argnum=${argnum}, but only ${count} positional inputs`;
    check(argnum >= -count && argnum < count, noSuch);
    return argnum < 0 ? argnum + count : argnum;
  });
  const twice = () => `argnums elements must be unique, got (${chosen.join(", ")})`;
  check(new Set(chosen).size === chosen.length, twice);
  return chosen;
}

/** Results for the tensors to differentiate by, as the arguments are built: of one argument, or a list of several. */
export function likeArguments(
  args: readonly unknown[],
  argnums: Int | readonly Int[],
  chosen: readonly number[],
  results: readonly unknown[],
) {
  const trees = treeOf(
    chosen.map((i) => args[i]),
    results,
  ) as unknown[];
  return Array.isArray(argnums) ? trees : trees[0];
}
