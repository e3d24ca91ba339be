/** State dicts: every parameter and buffer of a module by name, and how one is loaded. */
import { select } from "../autograd/ops/parts.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import { isUninitialized, materialize } from "./uninitialized.ts";

/** Every parameter and buffer by name, such as `fc1.weight`. What a module's getExtraState gives is at `_extra_state`, tensor or not. */
export type StateDict = Record<string, Tensor>;

/** Options of loadStateDict. */
export interface LoadStateDictOptions {
  /** Whether a name that only one side has is an error. Default: true. */
  strict?: boolean;
}

/** What loadStateDict returns: the names that only one side has. */
export interface IncompatibleKeys {
  /** Those that the state dict does not have. */
  missingKeys: string[];
  /** Those that the module does not have. */
  unexpectedKeys: string[];
}

/** The last part of the name of what a module keeps beside its tensors. */
export const extraState = "_extra_state";

/** A module that a state is loaded into, as a walk comes to it and as it leaves it, all below being loaded. */
export interface Part {
  /** What the names of all in it begin with: `layers.0.`, of the whole "". */
  readonly prefix: string;
  readonly isEnd: boolean;
  /** Its own tensors by name, and what takes its extra state. */
  readonly own: ReadonlyMap<string, Tensor | ((state: unknown) => void)>;
  /** What is called when it has been loaded. */
  readonly hooks: readonly ((incompatibleKeys: IncompatibleKeys) => unknown)[];
}

/**
 * Copies the values of a state dict into a module's own tensors.
 * @throws in PyTorch's words: before anything is changed, or, of keys that a hook may take out of the lists, after all hooks
 */
export function loadState(parts: readonly Part[], state: StateDict, owner: string, strict: boolean): IncompatibleKeys {
  const modules = parts.filter(({ isEnd }) => !isEnd);
  const isKnown = (key: string) => modules.some(({ own }) => own.has(key));
  const unexpected = Object.keys(state).filter((key) => !isKnown(key));
  // In PyTorch's order: that of the innermost modules to which they would belong.
  const partOf = new Map(unexpected.map((key) => [key, modules.findLast(({ prefix }) => key.startsWith(prefix))]));
  const keys: IncompatibleKeys = { missingKeys: [], unexpectedKeys: [] };
  const note = (part: Part) => {
    keys.missingKeys.push(...[...part.own.keys()].filter((key) => !Object.hasOwn(state, key)));
    const others = unexpected.filter((key) => partOf.get(key) === part);
    const isExtra = (key: string) => key === part.prefix + extraState;
    keys.unexpectedKeys.push(...others.filter(isExtra), ...others.filter((key) => !isExtra(key)));
  };
  const refuse = (problems: readonly string[]) =>
    check(problems.length === 0, () => `Error(s) in loading state_dict for ${owner}:\n\t${problems.join("\n\t")}`);
  const hasHooks = parts.some(({ hooks }) => hooks.length > 0);
  if (!hasHooks) modules.forEach(note);
  const ofTensors = modules.flatMap(({ own }) =>
    [...own].flatMap(([key, value]) =>
      value instanceof Tensor && Object.hasOwn(state, key)
        ? (problemOf(key, value, fitted(state[key], value)) ?? [])
        : [],
    ),
  );
  refuse([...(strict ? problemsOf(keys) : []), ...ofTensors]);
  for (const part of parts) {
    if (part.isEnd) runHooks(part, keys);
    else {
      if (hasHooks) note(part);
      fill(part, state);
    }
  }
  if (strict) refuse(problemsOf(keys));
  return keys;
}

/** What is wrong if both sides must have the same names. */
const problemsOf = ({ missingKeys, unexpectedKeys }: IncompatibleKeys): string[] =>
  Object.entries({ Missing: missingKeys, Unexpected: unexpectedKeys }).flatMap(([kind, keys]) =>
    keys.length > 0 ? `${kind} key(s) in state_dict: ${keys.map((key) => `"${key}"`).join(", ")}. ` : [],
  );

function fill({ own }: Part, state: StateDict): void {
  for (const [key, value] of own) {
    if (!Object.hasOwn(state, key)) continue;
    if (!(value instanceof Tensor)) value(state[key]);
    else if (isUninitialized(value)) materialize(value, state[key]);
    else copyInto(value, fitted(state[key], value));
  }
}

function runHooks({ hooks }: Part, keys: IncompatibleKeys): void {
  for (const hook of hooks) {
    const given = hook(keys);
    const words =
      "Hooks registered with ``register_load_state_dict_post_hook`` are not" +
      "expected to return new values, if incompatible_keys need to be modified," +
      "it should be done inplace.";
    check(given === undefined || given === null, words);
  }
}

/** Older versions of PyTorch have vectors of one element where there is now a scalar. */
const fitted = (given: Tensor, own: Tensor): Tensor =>
  own.ndim === 0 && given instanceof Tensor && given.ndim === 1 && given.numel > 0 ? select(given, 0, 0) : given;

function problemOf(name: string, own: Tensor, given: Tensor): string | null {
  if (!(given instanceof Tensor))
    return (
      `While copying the parameter named "${name}", expected torch.Tensor or Tensor-like object from checkpoint but ` +
      `received ${typeName(given)}.`
    );
  if (sameShape(own.shape, given.shape) || isUninitialized(own)) return null;
  return (
    `size mismatch for ${name}: copying a param with shape torch.Size(${formatShape(given.shape)}) from ` +
    `checkpoint, the shape in current model is torch.Size(${formatShape(own.shape)}).`
  );
}
