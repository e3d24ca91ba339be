/** State dicts: every parameter and buffer of a module by name, and how one is loaded. */
import { select } from "../autograd/ops/parts.ts";
import { copyInto } from "../tensor/apply.ts";
import { check } from "../tensor/check.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import { isUninitialized, materialize } from "./uninitialized.ts";

/** Every parameter and buffer by name, such as `fc1.weight`. */
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

/** Whose state it is. */
interface Owner {
  readonly name: string;
  /** The names of the modules in it, itself first. */
  readonly modules: readonly string[];
}

/** Copies the values of a state dict into a module's own tensors. @throws in PyTorch's words, before anything is changed */
export function loadState(own: Map<string, Tensor>, state: StateDict, owner: Owner, strict: boolean): IncompatibleKeys {
  const missingKeys = [...own.keys()].filter((name) => !Object.hasOwn(state, name));
  // In PyTorch's order: that of the innermost modules to which they would belong.
  const prefixes = owner.modules.map((name) => name && `${name}.`);
  const placeOf = (name: string) => prefixes.findLastIndex((prefix) => name.startsWith(prefix));
  const unexpectedKeys = Object.keys(state)
    .filter((name) => !own.has(name))
    .sort((a, b) => placeOf(a) - placeOf(b));
  const problems: string[] = [];
  for (const [kind, names] of Object.entries({ Missing: missingKeys, Unexpected: unexpectedKeys })) {
    const quoted = names.map((name) => `"${name}"`).join(", ");
    if (strict && quoted) problems.push(`${kind} key(s) in state_dict: ${quoted}. `);
  }
  const pairs = [...own].flatMap(([name, value]) =>
    Object.hasOwn(state, name) ? [{ name, value, given: fitted(state[name], value) }] : [],
  );
  problems.push(...pairs.flatMap(({ name, value, given }) => problemOf(name, value, given) ?? []));
  check(problems.length === 0, () => `Error(s) in loading state_dict for ${owner.name}:\n\t${problems.join("\n\t")}`);
  for (const { value, given } of pairs) {
    if (isUninitialized(value)) materialize(value, given);
    else copyInto(value, given);
  }
  return { missingKeys, unexpectedKeys };
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
