/**
 * Cases of one call each: an operation and its arguments. PyTorch is asked for the result, how it lies in memory, and the
 * gradients of the floating point tensors among the arguments; or for its error.
 */
import * as lucidgrad from "../../../src/index.ts";
import { Tensor } from "../../../src/index.ts";
import { isFloatingPoint } from "../../../src/tensor/dtype.ts";
import { Storage } from "../../../src/tensor/tensor.ts";
import { Answers, type Comparing, observed, torch, unobserved } from "../../support/index.ts";

const { error, layout } = torch;

export interface CallOptions extends Comparing {
  /** Ask for the gradients, too. Default: true. */
  grads?: boolean;
  /** Ask how the result lies in memory. Default: false. */
  view?: boolean;
}

type Methods = Record<string, (...args: unknown[]) => unknown>;

/** Declares the calls that PyTorch's answers in test/fixtures/`file` are about: one by a name, or many that show theirs. */
export function callsOf(file: string, comparing: Comparing = {}) {
  const answers = new Answers(file);
  const times = new Map<string, number>();

  function check(name: string, op: string, args: readonly unknown[], options: CallOptions = {}): void {
    const title = `${op}: ${name}`;
    const count = (times.get(title) ?? 0) + 1;
    times.set(title, count);
    const run = () => {
      const given = args.map(copied);
      return resultsOf(() => call(op, given), given.flat().filter(isTensor), options);
    };
    answers.it(count > 1 ? `${title} (${count})` : title, run, { ...comparing, ...options });
  }

  const seriesWith =
    (options: CallOptions) =>
    (op: string, x: unknown, ...lists: readonly unknown[][]) => {
      const calls = lists.length > 0 ? lists.map((list) => [x, ...list]) : [[x]];
      for (const args of calls) check(listed(args), op, args, options);
    };
  const series = seriesWith({});
  return Object.assign(check, {
    /** An operation on x, with each of these lists of other arguments. */
    series,
    /** The same, and how the results lie in memory. */
    views: seriesWith({ view: true }),
    /** The same, without gradients. */
    values: seriesWith({ grads: false }),
    /** An operation on each of these tensors, with the same other arguments. */
    across: (op: string, xs: readonly Tensor[], ...args: unknown[]) => {
      for (const x of xs) series(op, x, args);
    },
  });
}

/** Arguments as text. */
export const listed = (args: readonly unknown[]): string => args.map(shown).join(", ") || "()";

/** One of them: of a tensor what it is, not what is in it. */
function shown(arg: unknown): string {
  if (Array.isArray(arg)) return `[${arg.map(shown)}]`;
  if (arg instanceof lucidgrad.Slice) return `${arg.start ?? ""}:${arg.end ?? ""}:${arg.step ?? ""}`;
  if (!(arg instanceof Tensor)) return typeof arg === "number" ? String(arg) : JSON.stringify(arg);
  const { shape, dtype, strides, offset, isContiguous } = arg;
  return `${dtype}[${shape}]${isContiguous && offset === 0 ? "" : ` by ${strides} from ${offset}`}`;
}

/** What an operation makes of tensors, and their gradients; or its error. */
export function resultsOf(run: () => unknown, tensors: Tensor[], { grads = true, view = false }: CallOptions = {}) {
  const inputs = grads ? tensors.filter(({ dtype }) => isFloatingPoint(dtype)) : [];
  for (const x of inputs) x.requiresGrad_();
  let result: unknown;
  const message = error(() => {
    result = run();
  }, "\n");
  if (message !== "no error") return null;
  const parts = tensorsOf(result);
  for (const part of parts) if (part.requiresGrad) part.backward(upstream(part), { retainGraph: true });
  return [result, view ? parts.map((part) => layout(part)) : [], inputs.map(({ grad }) => grad)];
}

/** Calls the method of that name or, if there is none, the function. */
export function call(op: string, args: readonly unknown[]): unknown {
  const [x, ...rest] = args;
  if (x instanceof Tensor && op in Tensor.prototype && op !== "where") return (x as unknown as Methods)[op](...rest);
  return ((op in lucidgrad ? torch : torch.nn.functional) as unknown as Methods)[op](...args);
}

/** The tensors that carry a gradient, of what an operation gives. */
export function tensorsOf(result: unknown): Tensor[] {
  if (result instanceof Tensor) return [result];
  return Array.isArray(result) ? result : [(result as { values: Tensor }).values];
}

const isTensor = (x: unknown): x is Tensor => x instanceof Tensor;

const copied = (arg: unknown): unknown => (Array.isArray(arg) ? arg.map(copied) : isTensor(arg) ? copyOf(arg) : arg);

/** A tensor with memory of its own, laid out as it was. */
export function copyOf(x: Tensor): Tensor {
  const { storage, dtype, shape, strides, offset } = unobserved(x);
  return observed(new Tensor(new Storage(storage.data.slice()), dtype, shape, strides, offset));
}

/** The same of a leaf. */
export const freshLeaf = (x: Tensor): Tensor => (x.requiresGrad ? copyOf(x).requiresGrad_() : copyOf(x));

/** The gradient with respect to y: 1, 1.125, … 1.75, 1, … in row-major order. */
export function upstream({ shape, numel, dtype }: Tensor): Tensor {
  const ramp = Array.from({ length: numel }, (_, k) => 1 + (k % 7) / 8);
  return lucidgrad.tensor(ramp, { dtype }).view(...shape);
}

// What many cases are about.

export const [nan, inf] = [Number.NaN, Infinity];
export const f64 = { dtype: "float64" } as const;
export const i32 = { dtype: "int32" } as const;
export const kept = { keepdim: true };
/** A vector of positions. */
export const at = (...values: number[]): Tensor => torch.tensor(values, i32);
/** Of 1 and 0. */
export const bools = (...values: number[]): Tensor => torch.tensor(values.map((value) => value === 1));

// Layouts: the same elements, lying in memory in another way.

export const transposed = (x: Tensor): Tensor => x.transpose(0, -1).contiguous().transpose(0, -1);

/** With a gap after each element. */
export const everyOther = (x: Tensor): Tensor => torch.stack([x, torch.fullLike(x, 7)], -1).select(-1, 0);

/** Not at the start of its storage. */
export const shifted = (x: Tensor): Tensor =>
  torch.cat([torch.fullLike(x.narrow(0, 0, 1), 7), x]).narrow(0, 1, x.shape[0]);

export const layoutsOf = (x: Tensor): Tensor[] => [transposed(x), everyOther(x), shifted(x)];
