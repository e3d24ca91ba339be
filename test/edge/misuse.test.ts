/**
 * Every public function, constructor and method, called with each argument wrong in turn: it says what is wrong, or computes
 * something. The calls follow from the signatures, so what is added to the engine is tried too.
 */
import { afterAll, describe, expect, it } from "vitest";
import * as datasets from "../../src/edge/datasets.ts";
import * as files from "../../src/edge/files.ts";
import * as image from "../../src/edge/image.ts";
import * as lucidgrad from "../../src/edge/index.ts";
import * as models from "../../src/edge/models.ts";
import { settings, signatures } from "../../src/edge/signatures.ts";
import { distributions } from "../../src/index.ts";
import { temporaryFolder } from "../support/index.ts";

const { eye, nn, ones, optim, setBackend, setDetectAnomaly, setNumThreads, Tensor, TensorDataset, tensor, zeros } =
  lucidgrad;

type Callable = (...args: unknown[]) => unknown;

/** What changes the whole program, is made to be called by the engine, downloads, or is a network of millions of weights. */
const leftOut = new RegExp(
  "^(setBackend|setNumThreads|setDetectAnomaly|Tensor$|.*\\.(toString|setDefaultValidateArgs|load)$|" +
    "alexnet|densenet|efficientnet|mobilenet|resnet|squeezenet|vgg|vitB|AlexNet|DenseNet|MobileNet|SqueezeNet|VGG)",
);

const before = process.cwd();
process.chdir(temporaryFolder(afterAll)); // for what writes files
afterAll(() => process.chdir(before));

const integers = (shape: number[]) => zeros(shape, { dtype: "int32" });
const optimizer = () => new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 });

/** A value that fits a kind, for the arguments that are not wrong. */
const fitting: Readonly<Record<string, () => unknown>> = {
  LRScheduler: () => new optim.lrScheduler.StepLR(optimizer(), { stepSize: 1 }),
  Tensor: () => ones([2, 2]),
  number: () => 1,
  int: () => 1,
  boolean: () => true,
  string: () => "ij->ji",
  function: () => (x: unknown) => x,
  bigint: () => 1n,
  iterable: () => [tensor([1], { requiresGrad: true })],
  Optimizer: optimizer,
  object: () => ({}),
  unknown: () => ones([2, 2]),
  null: () => null,
  Parameter: () => new nn.Parameter(ones([2, 2])),
  Module: () => new nn.Identity(),
  BasePruningMethod: () => new nn.utils.prune.Identity(),
  Dataset: () => new TensorDataset(ones([4, 2])),
  Generator: () => new lucidgrad.Generator(0),
  PackedSequence: () => nn.utils.rnn.packSequence([ones([2, 1])]),
  Slice: () => new lucidgrad.Slice(0, 1),
  Distribution: () => new distributions.Normal(ones([2, 2]), 1),
  Categorical: () => new distributions.Categorical(ones([2, 2])),
  Constraint: () => new distributions.Normal(0, 1).support,
  Transform: () => new distributions.transforms.ExpTransform(),
  Uint8Array: () => new Uint8Array(16),
};

/** Values that are wrong in most places. */
const wrong: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  text: () => "three",
  true: () => true,
  NaN: () => Number.NaN,
  fraction: () => 0.5,
  negative: () => -1,
  zero: () => 0,
  huge: () => 2 ** 53,
  infinity: () => Infinity,
  array: () => [],
  ragged: () => [[1], [2, 3]],
  object: () => ({}),
  option: () => ({ learningRate: 1, dim: "x", dtype: 3 }),
  function: () => () => 1,
  date: () => new Date(0),
  "other shape": () => ones([3, 1, 2]),
  "no elements": () => zeros([0, 2]),
  scalar: () => tensor(1),
  integers: () => integers([2, 2]),
  bools: () => zeros([2], { dtype: "bool" }),
  float64: () => ones([2, 2], { dtype: "float64" }),
};

const kindsOf = (type: string) => type.split(/ \| (?![^(]*\)|[^<]*>)/);

function given(name: string, type: string): unknown {
  const [kind] = kindsOf(type);
  if (/^(index|indices|target)$/.test(name) && kind === "Tensor") return integers([2, 2]);
  const [, inner, length] = /^\(?(.*?)\)?\[(\d*)\]$/.exec(kind) ?? [];
  if (inner !== undefined) return Array.from({ length: Number(length || 1) }, () => given(name, inner));
  if (kind in fitting) return fitting[kind]();
  if (kind === "object with apply") return new lucidgrad.transforms.Lambda((x: never) => x);
  if (kind.startsWith("Record<")) return { a: given("a", kind.slice(7, -1)) };
  if (settings.has(kind)) return options(kind);
  return kind.startsWith("Partial<") ? {} : JSON.parse(kind);
}

/** Options with those that have to be there. */
const options = (kind: string) =>
  Object.fromEntries(
    parametersOf(settings.get(kind)!).flatMap(({ name, type, isOptional }) =>
      isOptional ? [] : [[name, given(name, type)]],
    ),
  );

const parametersOf = (text: string) =>
  (text === "" ? [] : text.split(", ")).map((parameter) => {
    const [, name, mark, type] = /^(?:\.\.\.)?(\w+)(\?)?: (.*)$/.exec(parameter)!;
    return { name, type, isOptional: mark !== undefined };
  });

/** `nn.Linear` of the package, from whichever entry. */
const find = (path: string): unknown =>
  [lucidgrad, datasets, files, image, models].map((entry) => within(entry, path)).find((found) => found !== undefined);
const within = (entry: unknown, path: string): unknown =>
  path.split(".").reduce((names: unknown, name) => (names as Record<string, unknown>)?.[name], entry);

const isClass = (value: unknown): value is Callable =>
  typeof value === "function" && Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;

/** How to call what a path names, with new objects each time; undefined for what cannot be called by it. */
function callOf(path: string): (() => Callable) | undefined {
  const value = find(path);
  if (isClass(value))
    return () =>
      (...args) =>
        Reflect.construct(value, args);
  const [, owner, method] = /^(.*)\.(\w+)$/.exec(path) ?? [];
  const Class = find(owner ?? "");
  if (isClass(Class) && method in Class.prototype) {
    return () => {
      const self = owner === "Tensor" ? ones([2, 2]) : made(owner);
      return (...args) => Reflect.apply(Reflect.get(self as object, method) as Callable, self, args);
    };
  }
  return typeof value === "function" ? () => value.bind(Class) as Callable : undefined;
}

/** An object of a class; of an abstract one, of a class that extends it. */
const instances: Readonly<Record<string, () => unknown>> = {
  "nn.Module": () => new nn.Linear(2, 2),
  "optim.Optimizer": optimizer,
  "optim.lrScheduler.LRScheduler": () => new optim.lrScheduler.StepLR(optimizer(), { stepSize: 1 }),
  "optim.lrScheduler.SequentialLR": () => {
    const o = optimizer();
    const schedulers = [new optim.lrScheduler.StepLR(o, { stepSize: 1 })];
    return new optim.lrScheduler.SequentialLR(o, { schedulers, milestones: [] });
  },
  "optim.lrScheduler.ChainedScheduler": () =>
    new optim.lrScheduler.ChainedScheduler([new optim.lrScheduler.StepLR(optimizer(), { stepSize: 1 })]),
  "nn.Transformer": () => new nn.Transformer(2, 2, { numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 2 }),
  "nn.utils.parametrize.ParametrizationList": () =>
    new nn.utils.parametrize.ParametrizationList([new nn.Identity()], new nn.Parameter(ones([2, 2]))),
  "nn.utils.prune.BasePruningMethod": () => new nn.utils.prune.Identity(),
  Dataset: () => new TensorDataset(ones([4, 2])),
  "distributions.Distribution": () => new distributions.Normal(0, 1),
  "distributions.ExponentialFamily": () => new distributions.Normal(0, 1),
  "distributions.transforms.Transform": () => new distributions.transforms.ExpTransform(),
  "distributions.Uniform": () => new distributions.Uniform(0, 1),
  "distributions.NegativeBinomial": () => new distributions.NegativeBinomial(1, 0.5),
  "distributions.MultivariateNormal": () => new distributions.MultivariateNormal(ones(2), eye(2)),
};
const made = (path: string): unknown =>
  instances[path]?.() ?? Reflect.construct(find(path) as Callable, fits(signatures.get(path)?.[0] ?? ""));
const fits = (text: string) =>
  parametersOf(text)
    .filter(({ isOptional }) => !isOptional)
    .map(({ name, type }) => given(name, type));

/** Every way to give one argument a wrong value, to leave out the last, and to give one too many. */
function* wrongCalls(text: string): Generator<[title: string, args: () => unknown[]]> {
  const parameters = parametersOf(text);
  for (const [i, { name }] of parameters.entries()) {
    for (const [title, value] of Object.entries(wrong)) {
      yield [
        `${name} = ${title}`,
        () => parameters.slice(0, i + 1).map((own, k) => (k === i ? value() : given(own.name, own.type))),
      ];
    }
    for (const setting of parametersOf(settings.get(parameters[i].type.replace(/^Partial<(.*)>$/, "$1")) ?? "")) {
      for (const [title, value] of Object.entries(wrong)) {
        yield [
          `{ ${setting.name}: ${title} }`,
          () =>
            parameters
              .slice(0, i + 1)
              .map((own, k) =>
                k === i
                  ? { ...(given(own.name, own.type) as object), [setting.name]: value() }
                  : given(own.name, own.type),
              ),
        ];
      }
    }
  }
  yield ["nothing", () => []];
  yield ["one too many", () => [...parameters.map(({ name, type }) => given(name, type)), 1]];
}

/** What changes its arguments, with embeddings, whose `maxNorm` shortens vectors where they are, as PyTorch's. */
const changing = /^nn\.(init|utils|functional\.embedding)/;

/** Null if it is a sentence of ours; those of JavaScript's own have another class than Error, and are not thrown in `check`. */
function rawError(error: unknown): string | null {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  if (error.constructor === Error || error.message.startsWith("can't allocate memory")) return null;
  const where = thrownBy(error);
  return where.startsWith("check (") ? null : `${error.constructor.name}: ${error.message} at ${where}`;
}

/** The first line of its stack, as it is: to find all of them in the source would take longer than the calls. */
function thrownBy(error: Error): string {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_, [site]) => String(site);
  try {
    return error.stack ?? "";
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** What is wrong with a result. */
function nonsense(result: unknown): string | null {
  const tensors = [result].flat().filter((value) => value instanceof Tensor);
  const bad = tensors.find(({ shape }) => shape.some((size) => !Number.isInteger(size) || size < 0));
  return bad ? `a tensor of shape [${bad.shape}]` : null;
}

describe("every public function, with each argument wrong in turn", () => {
  let calls = 0;
  const paths = [...signatures.keys(), ...methods()].filter((path) => !leftOut.test(path));
  for (const path of paths) {
    const prepare = callOf(path);
    if (!prepare) continue;
    it(path, () => {
      const texts = textsOf(path);
      const faults: string[] = [];
      for (const text of texts) {
        for (const [title, args] of wrongCalls(text)) {
          if (path === "nn.Transformer" && title === "nothing") continue; // as dModel = undefined: 44 million weights
          calls++;
          try {
            const values = args();
            const before = JSON.stringify(values.map(seen));
            const problem = nonsense(prepare()(...values));
            if (problem) faults.push(`${path}: ${title}: ${problem}`);
            if (!path.endsWith("_") && !changing.test(path) && JSON.stringify(values.map(seen)) !== before)
              faults.push(`${path}: ${title}: changed its input`);
          } catch (error) {
            const raw = rawError(error);
            if (raw) faults.push(`${path}: ${title}: ${raw}`);
          }
        }
      }
      expect(faults.join("\n")).toBe("");
    });
  }
  it("makes thousands of calls", () => expect(calls).toBeGreaterThan(8000));
  it("leaves the settings as they are", () => {
    setDetectAnomaly(false);
    setNumThreads(1);
    setBackend("js");
  });
});

/** Operations as methods. */
function methods(): string[] {
  const names = Object.entries(Object.getOwnPropertyDescriptors(Tensor.prototype)).flatMap(([name, { value }]) =>
    typeof value === "function" ? [name] : [],
  );
  return names.filter((name) => signatures.has(name.replace(/_$/, ""))).map((name) => `Tensor.${name}`);
}

function textsOf(path: string): readonly string[] {
  const operation = path.replace(/^Tensor\.(.*?)_?$/, "$1");
  return signatures.get(path) ?? signatures.get(operation)!.map((text) => text.replace(/^.*?(, |$)/, ""));
}

const seen = (value: unknown): unknown =>
  value instanceof Tensor ? [value.dtype, value.shape, [...value.data]] : Array.isArray(value) ? value.map(seen) : null;
