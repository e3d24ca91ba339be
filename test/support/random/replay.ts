/** Runs on lucidgrad what torch.ts wrote down, as answers.py does on PyTorch. */
import { type DType, Slice, Tensor, tensor } from "../../../src/index.ts";
import { namespace, type Program, type Recorded, type Step } from "../torch.ts";

export interface Literal {
  readonly data: readonly (number | string)[];
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly requiresGrad: boolean;
  readonly strides?: readonly number[];
  readonly offset?: number;
}

/** A function that a case gives: to `error`, say. */
export interface Body {
  readonly params: readonly number[];
  readonly steps: readonly Step[];
  readonly result: unknown;
}

type Callable = (...args: unknown[]) => unknown;

function tensorOf({ data, dtype, shape, requiresGrad, strides, offset = 0 }: Literal): Tensor {
  const memory = tensor(data.map(Number), { dtype });
  const x = strides ? new Tensor(memory.storage, dtype, shape, strides, offset) : memory.view(shape).detach();
  return x.requiresGrad_(requiresGrad);
}

class Replay {
  readonly values = new Map<number, unknown>();

  run(steps: readonly Step[]): void {
    for (const [value, kind, ...rest] of steps) this.values.set(value, this.#made(kind, rest));
  }

  #made(kind: Step[1], [of, ...rest]: unknown[]): unknown {
    if (kind === "literal") return tensorOf(of as Literal);
    if (kind === "call") return this.#called(of as string, rest[0] as unknown[]);
    const x = this.values.get(of as number) as object;
    const name = rest[0] as string;
    if (kind === "get") return Reflect.get(x, name);
    if (kind === "set") return Reflect.set(x, name, this.argument(rest[1]));
    return Reflect.apply(Reflect.get(x, name) as Callable, x, this.#arguments(rest[1] as unknown[]));
  }

  #called(path: string, args: unknown[]): unknown {
    const f = path.split(".").reduce<unknown>((space, name) => Reflect.get(space as object, name), namespace);
    const given = this.#arguments(args);
    const isClass = /^[A-Z]/.test(path.slice(path.lastIndexOf(".") + 1));
    return isClass ? Reflect.construct(f as new () => unknown, given) : (f as Callable)(...given);
  }

  /** What is not given is written down as null; only clamp and batchNorm have it in between. */
  #arguments(args: readonly unknown[]): unknown[] {
    const given = args.map((arg) => this.argument(arg));
    while (given.length > 0 && given.at(-1) === null) given.pop();
    return given;
  }

  argument(arg: unknown): unknown {
    if (typeof arg !== "object" || arg === null) return arg;
    if (Array.isArray(arg)) return arg.map((item) => this.argument(item));
    if ("$" in arg) return this.values.get(arg.$ as number);
    if ("$number" in arg) return Number(arg.$number);
    if ("$slice" in arg) return new Slice(...(arg.$slice as (number | null)[]).map((bound) => bound ?? undefined));
    if ("$lambda" in arg) {
      const [parameter, text] = arg.$lambda as [string, string];
      return new Function(parameter, `return ${text};`);
    }
    if ("$function" in arg) return this.#functionOf(arg.$function as Body);
    return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, this.argument(value)]));
  }

  #functionOf({ params, steps, result }: Body): Callable {
    return (...args) => {
      for (const [i, param] of params.entries()) this.values.set(param, args[i]);
      this.run(steps);
      return this.argument(result);
    };
  }
}

const isError = (step: number, steps: readonly Step[]): boolean =>
  steps.some(([value, kind, path]) => value === step && kind === "call" && path === "error");

export function replay(program: Program): Recorded {
  const run = new Replay();
  run.run(program.steps);
  const observations = program.observe.map((step) => {
    return { step, value: run.values.get(step), isError: isError(step, program.steps) };
  });
  return { program, observations, result: run.argument(program.result) };
}
