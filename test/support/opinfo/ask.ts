/**
 * Asks lucidgrad what PyTorch has answered: values, shapes and dtypes, first and second derivatives; of a layer its state and
 * its printed form, too; or an error.
 */
import { type DType, grad, manualSeed, type nn, Tensor, tensor, zeros, zerosLike } from "../../../src/index.ts";
import { isFloatingPoint } from "../../../src/tensor/dtype.ts";
import { expectClose } from "../fixtures.ts";
import { type Call, callText, placed, runCall, type TorchCall } from "./call.ts";
import { type Literal, tensorOf, valueFrom, valueText, type Written } from "./literals.ts";

interface Derivatives {
  /** The gradients that are given. */
  readonly upstream: readonly Literal[];
  readonly gradients: readonly Literal[];
}

interface Computed {
  readonly values: readonly Literal[];
  readonly requiresGrad: readonly boolean[];
  readonly first?: Derivatives;
  /** Of those first ones that have any. */
  readonly second?: Derivatives & { readonly reaching: readonly boolean[] };
}

interface Asked {
  /** PyTorch's name, and its variant's. */
  readonly entry: string;
  readonly kind: string;
  readonly dtype: DType;
  readonly call: TorchCall;
  /** What of the results is compared. */
  readonly through?: "abs" | "zeros_like";
  readonly outcome: Computed | { readonly error: string };
}

type State = Readonly<Record<string, Literal>>;

interface LayerAsked extends Asked {
  readonly training: boolean;
  readonly inputs: readonly Written[];
  readonly state: State;
  /** The state after the forward pass. */
  readonly after: State;
  readonly text: string;
}

export type PyTorchRecord = Asked | LayerAsked;

export interface Verdict {
  /** In one line, to be tried by hand. */
  readonly code: string;
  /** What is not as PyTorch has it. */
  readonly problem: string | null;
}

/** All tensors of a result, in order. */
function tensorsOf(x: unknown): Tensor[] {
  if (x instanceof Tensor) return [x];
  if (typeof x === "boolean") return [tensor([x]).view([])];
  return typeof x === "object" && x !== null ? Object.values(x).flatMap(tensorsOf) : [];
}

const messageOf = (problem: unknown): string => (problem as Error).message.split("\n")[0];

const tolerances: Record<DType, object> = {
  float32: { rtol: 1e-5, atol: 1e-5 },
  float64: { rtol: 1e-9, atol: 1e-9 },
  int32: {},
  bool: {},
};

/** PyTorch says nothing of a gradient that is 0 everywhere, or writes it down: that is the same here. */
function expectAll(actual: readonly (Tensor | null)[], expected: readonly Literal[], what: string): void {
  if (actual.length !== expected.length) throw new Error(`${actual.length} times ${what}, not ${expected.length}`);
  for (const [i, literal] of expected.entries()) {
    const wanted = tensorOf(literal);
    try {
      expectClose(actual[i] ?? zeros(wanted.shape, { dtype: wanted.dtype }), wanted, tolerances[wanted.dtype]);
    } catch (problem) {
      throw new Error(`${what}${expected.length > 1 ? ` ${i}` : ""}: ${messageOf(problem)}`);
    }
  }
}

function expectComputed(outputs: readonly Tensor[], leaves: readonly Tensor[], computed: Computed): void {
  expectAll(outputs, computed.values, "result");
  for (const [i, { requiresGrad, dtype }] of outputs.entries()) {
    const isWanted = computed.requiresGrad[i] && isFloatingPoint(dtype);
    if (requiresGrad !== isWanted) throw new Error(`requiresGrad of the result is ${requiresGrad}`);
  }
  const { first, second } = computed;
  if (!first) return;
  const options = { createGraph: true, allowUnused: true };
  const dys = first.upstream.map((dy) => tensorOf({ ...dy, requiresGrad: true }));
  const ys = outputs.filter(({ requiresGrad }) => requiresGrad);
  const dxs = grad(ys, leaves, { ...options, gradOutputs: dys });
  expectAll(dxs, first.gradients, "gradient");
  if (!second) return;
  const given = second.upstream.map(tensorOf);
  const reaching = dxs.filter((_, i) => second.reaching[i]);
  const pairs = reaching.flatMap((dx, i) => (dx?.requiresGrad ? [{ dx, ddx: given[i] }] : []));
  const inputs = [...leaves, ...dys];
  const gradOutputs = pairs.map(({ ddx }) => ddx);
  const found =
    pairs.length > 0
      ? grad(
          pairs.map(({ dx }) => dx),
          inputs,
          { ...options, gradOutputs },
        )
      : inputs.map(() => null);
  expectAll(found, second.gradients, "second derivative");
}

/** In the order in which PyTorch was given them. */
const leavesOf = (known: ReadonlyMap<number, Tensor>): Tensor[] => [...known.values()].filter((x) => x.requiresGrad);

interface Ran {
  readonly outputs: readonly Tensor[];
  readonly leaves: readonly Tensor[];
  readonly module?: nn.Module;
}

const seenThrough = { abs: (x: Tensor) => x.abs(), zeros_like: (x: Tensor) => zerosLike(x) };

/** Random numbers are those of PyTorch's seed. */
function run(call: Call, record: PyTorchRecord): Ran {
  const known = new Map<number, Tensor>();
  manualSeed(42);
  if (!("state" in record)) {
    const outputs = tensorsOf(runCall(call, known));
    return { outputs: record.through ? outputs.map(seenThrough[record.through]) : outputs, leaves: leavesOf(known) };
  }
  const module = runCall(call) as nn.Module;
  module.train(record.training);
  module.loadStateDict(Object.fromEntries(Object.entries(record.state).map(([name, x]) => [name, tensorOf(x)])));
  const inputs = record.inputs.map((x) => valueFrom(x, known) as Tensor);
  manualSeed(42);
  return {
    outputs: tensorsOf(module.forward(...inputs)),
    leaves: [...leavesOf(known), ...module.parameters()],
    module,
  };
}

function expectLayer(module: nn.Module, { text, after }: LayerAsked): void {
  const lines = text.split("\n");
  const printed = String(module).split("\n");
  for (let i = 0; i < Math.max(lines.length, printed.length); i++) {
    if (printed[i] !== lines[i]) throw new Error(`prints ${printed[i]}, not ${lines[i]}`);
  }
  const state = module.stateDict();
  for (const [name, literal] of Object.entries(after)) expectAll([state[name]], [literal], name);
}

/** A message of the engine's, not JavaScript's about the engine. */
const isRefusal = (message: string): boolean =>
  !/Cannot read properties|is not (a function|iterable|a constructor)|undefined/.test(message);

function problemOf(call: Call, record: PyTorchRecord): string | null {
  const { outcome } = record;
  let ran: Ran;
  try {
    ran = run(call, record);
  } catch (problem) {
    const message = messageOf(problem);
    return "error" in outcome && isRefusal(message) ? null : `throws ${message}`;
  }
  if ("error" in outcome) return `is ${ran.outputs.join(", ").replaceAll(/\s+/g, " ").slice(0, 80)}`;
  try {
    expectComputed(ran.outputs, ran.leaves, outcome);
    if (ran.module && "state" in record) expectLayer(ran.module, record);
    return null;
  } catch (problem) {
    return messageOf(problem);
  }
}

/** @returns why it cannot be asked, where lucidgrad does not have what the call needs */
export function ask(record: PyTorchRecord): Verdict | string {
  const call = placed(record.call);
  if (typeof call === "string") return call;
  const isLayer = "state" in record;
  const dtype =
    isLayer && record.dtype === "float64" && Object.keys(record.state).length > 0 ? { dtype: record.dtype } : {};
  const asked = { ...call, options: { ...call.options, ...dtype } };
  const code = callText(asked) + (isLayer ? `.forward(${record.inputs.map(valueText).join(", ")})` : "");
  return { code, problem: problemOf(asked, record) };
}
