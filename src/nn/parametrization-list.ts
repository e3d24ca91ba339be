/** ParametrizationList: the modules of which a parameter is computed, and the tensors of which they compute it. */
import { noGrad } from "../autograd/grad-mode.ts";
import { become } from "../tensor/become.ts";
import { check } from "../tensor/check.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { typeName } from "../tensor/type-name.ts";
import { ModuleList } from "./container.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

/** A module whose forward computes a tensor from one or, as the first of several, from a list of them. */
export interface Parametrization extends Module {
  /** What its forward computes the value from: lets one set what is computed. A list, if it takes several tensors. */
  rightInverse?(value: Tensor): Tensor | readonly Tensor[];
}

/** @throws unless it is a module */
export function checkParametrization(parametrization: unknown): void {
  const other = () => `a parametrization is a Module, but this is of type ${typeName(parametrization)}`;
  check(parametrization instanceof Module, other, TypeError);
}

/** What a right inverse throws that is not there in all cases: for the first value it is then the identity. */
export class NotImplementedError extends Error {}

/** What the right inverse of a parametrization gives, or the value itself if it has none. */
function invertedIfPossible(value: unknown, parametrization: Parametrization): unknown {
  try {
    return parametrization.rightInverse ? parametrization.rightInverse(value as Tensor) : value;
  } catch (error) {
    if (error instanceof NotImplementedError) return value;
    throw error;
  }
}

/** Whose dtype and shape have to be those of the tensor that is parametrized, and how they are called. */
interface Compared {
  readonly tensor: Tensor;
  readonly is: string;
}

/** @throws in PyTorch's words, unless `made` has the dtype and shape of `known` */
export function checkSame(known: Compared, made: Compared, dtypeWords: string, shapeWords: string): void {
  const dtypes = () => {
    const lines = [known, made].map(({ tensor, is }) => is.replace("$", "dtype").concat(`: torch.${tensor.dtype}`));
    return [dtypeWords, ...lines].join("\n");
  };
  check(made.tensor.dtype === known.tensor.dtype, dtypes);
  const shapes = () => {
    const size = ({ shape }: Tensor) => `torch.Size(${formatShape(shape)})`;
    const lines = [known, made].map(({ tensor, is }) => is.replace("$", "shape").concat(`: ${size(tensor)}`));
    return [shapeWords, ...lines].join("\n");
  };
  check(sameShape(made.tensor.shape, known.tensor.shape), shapes);
}

/** @throws unless a parametrization gave a tensor */
export function checkTensor(made: unknown): asserts made is Tensor {
  check(made instanceof Tensor, () => `A parametrization must return a tensor. Got ${typeName(made)}.`);
}

/**
 * What `parametrizations` of a module has for each parametrized tensor: the modules, one after the other, and, in the field `original`,
 * what the first of them takes; `original0`, `original1`, … if that takes several. `registerParametrization` makes it. Mirrors
 * `torch.nn.utils.parametrize.ParametrizationList`.
 * @example
 * class Positive extends nn.Module {
 *   override forward(x: Tensor): Tensor {
 *     return x.exp();
 *   }
 * }
 * const layer = new nn.Linear(2, 1);
 * const list = new nn.utils.parametrize.ParametrizationList([new Positive()], layer.weight);
 * console.log(list, list.forward().gt(0));
 */
export class ParametrizationList extends ModuleList {
  /** Whether there is one original. */
  readonly isTensor: boolean;
  /** How many originals there are. */
  readonly ntensors: number;
  /** Whether the value may have another dtype and shape than what was parametrized. */
  unsafe: boolean;

  constructor(modules: Iterable<Parametrization>, original: Tensor, unsafe = false) {
    super(modules);
    for (const module of this) checkParametrization(module);
    check(this.length > 0, "ParametrizationList requires one or more modules.");
    this.unsafe = unsafe;
    const before = new Tensor(original.storage, original.dtype, original.shape);
    const inverted = noGrad(() => [...this].reverse().reduce<unknown>(invertedIfPossible, original));
    this.isTensor = !Array.isArray(inverted);
    this.ntensors = Array.isArray(inverted) ? inverted.length : 1;
    if (Array.isArray(inverted)) holdSeveral(this, original, inverted);
    else holdOne(this, original, inverted);
    if (!unsafe) checkValue(this.forward(), before);
  }

  /** What the first module takes. */
  get originals(): Tensor[] {
    const names = this.isTensor ? ["original"] : Array.from({ length: this.ntensors }, (_, i) => `original${i}`);
    return names.map((name): Tensor => Reflect.get(this, name) as Tensor);
  }

  /** The value that the modules compute. */
  override forward(): Tensor {
    const [first, ...others] = this;
    return others.reduce((x: Tensor, module) => module.forward(x), first.forward(...this.originals));
  }

  /** Sets the originals to those of which the modules compute the value. @throws unless each of them has a right inverse */
  rightInverse(value: Tensor): void {
    noGrad(() => {
      let inverted: unknown = value;
      for (const module of [...this].reverse() as Parametrization[]) {
        const missing = () => `parametrization ${module.constructor.name} does not implement right_inverse.`;
        check(module.rightInverse !== undefined, missing);
        inverted = module.rightInverse(inverted as Tensor);
      }
      if (this.isTensor) setOne(this, inverted);
      else setSeveral(this, inverted);
    });
  }
}

/** The tensor that was parametrized stays the object that an optimizer has. */
function holdOne(list: Module, original: Tensor, inverted: unknown): void {
  const notTensor = () =>
    `'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). Got ${typeName(inverted)}`;
  check(inverted instanceof Tensor, notTensor);
  const otherType = () =>
    "When `right_inverse` outputs one tensor, it may not change the dtype.\n" +
    `original.dtype: torch.${original.dtype}\nright_inverse(original).dtype: torch.${inverted.dtype}`;
  check(inverted.dtype === original.dtype, otherType);
  if (inverted !== original) become(original, inverted);
  registerTensor(list, "original", original);
}

function holdSeveral(list: Module, original: Tensor, inverted: readonly unknown[]): void {
  for (const [i, part] of inverted.entries()) {
    const notTensor = () =>
      "'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). " +
      `Got element ${i} of the sequence with type ${typeName(part)}.`;
    check(part instanceof Tensor, notTensor);
    const held = original instanceof Parameter ? new Parameter(part, original.requiresGrad) : part;
    registerTensor(list, `original${i}`, held);
  }
}

function checkValue(value: unknown, before: Tensor): void {
  checkTensor(value);
  const words = (what: string) =>
    `Registering a parametrization may not change the ${what} of the tensor, unless \`unsafe\` flag is enabled.`;
  const made = { tensor: value, is: "parametrized $" };
  checkSame({ tensor: before, is: "unparametrized $" }, made, words("dtype"), words("shape"));
}

function setOne({ originals: [original] }: ParametrizationList, inverted: unknown): void {
  check(inverted instanceof Tensor, () => `\`right_inverse\` should return a tensor. Got ${typeName(inverted)}`);
  const otherType = () =>
    `The tensor returned by \`right_inverse\` has dtype torch.${inverted.dtype} ` +
    `while \`original\` has dtype torch.${original.dtype}`;
  check(inverted.dtype === original.dtype, otherType);
  become(original, inverted);
}

function setSeveral({ originals, ntensors }: ParametrizationList, inverted: unknown): void {
  const notList = () => `'right_inverse' must return a sequence of tensors. Got ${typeName(inverted)}.`;
  check(Array.isArray(inverted), notList);
  const otherLength = () =>
    "'right_inverse' must return a sequence of tensors of length " +
    `${ntensors}. Got a sequence of lenght ${inverted.length}.`;
  check(inverted.length === ntensors, otherLength);
  for (const [i, original] of originals.entries()) {
    const part: unknown = inverted[i];
    const notTensor = () =>
      `\`right_inverse\` must return a sequence of tensors. Got element ${i} of type ${typeName(part)}`;
    check(part instanceof Tensor, notTensor);
    const otherType = () =>
      `Tensor ${i} returned by \`right_inverse\` has dtype torch.${part.dtype} ` +
      `while \`original${i}\` has dtype torch.${original.dtype}`;
    check(part.dtype === original.dtype, otherType);
    become(original, part);
  }
}

/** Puts a tensor into a field, as a parameter if it is one, else as a buffer. */
export function registerTensor(module: Module, name: string, tensor: Tensor): void {
  if (tensor instanceof Parameter) module.registerParameter(name, tensor);
  else module.registerBuffer(name, tensor);
}

/** The tensor in a field. @throws if there is none */
export function tensorIn(module: Module, name: string): Tensor {
  const value: unknown = Reflect.get(module, name);
  check(value instanceof Tensor, () => `Module '${module}' has no parameter or buffer with name '${name}'`);
  return value;
}
