/** What plain JavaScript is told: the function, the argument, what it was, and what was meant. */
import { describe, expect, it } from "vitest";
import { SummaryWriter } from "../../src/edge/files.ts";
import * as lucidgrad from "../../src/edge/index.ts";
import { temporaryFolder } from "../support/index.ts";

// As plain JavaScript sees it.
// biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose
const { add, arange, cat, DataLoader, full, nn, ones, optim, randint, TensorDataset, tensor, where, zeros }: any =
  lucidgrad;
const F = nn.functional;
const weights = () => [tensor([1], { requiresGrad: true })];
const sgd = () => new optim.SGD(weights(), { lr: 1 });

describe("options", () => {
  it.each<[string, () => unknown, string]>([
    [
      "unknown",
      () => new optim.SGD(weights(), { learningRate: 0.1 }),
      'SGD has no option "learningRate": did you mean lr?',
    ],
    [
      "PyTorch's spelling",
      () => tensor([1], { requires_grad: true }),
      'tensor has no option "requires_grad": did you mean requiresGrad?',
    ],
    [
      "unlike any",
      () => new nn.Softplus({ inplace: true }),
      'Softplus has no option "inplace": there are beta, threshold',
    ],
    [
      "a type that is not theirs",
      () => sgd().addParamGroup && new optim.SGD(weights(), { lr: "0.1" }),
      "SGD(): option 'lr' must be number, not \"0.1\"",
    ],
    [
      "a tensor for a number",
      () => new optim.SGD(weights(), { lr: tensor(0.1) }),
      "SGD(): option 'lr' must be number, not a Tensor: its item() is a number",
    ],
    ["a fraction", () => new nn.Conv2d(3, 3, 1, { groups: 1.5 }), "Conv2d(): option 'groups' must be int, not 1.5"],
    [
      "a dtype that is not there",
      () => tensor([1], { dtype: "long" }),
      'tensor(): option \'dtype\' must be "float32" or "float64" or "int32" or "bool", not "long"',
    ],
    [
      "missing",
      () => new optim.lrScheduler.StepLR(sgd(), {}),
      "StepLR(): option 'stepSize' must be int, not undefined",
    ],
    [
      "by position",
      () => new nn.Linear(2, 2, false),
      "Linear(): argument 'options' (position 3) must be an object such as { bias: false }, not false",
    ],
    [
      "by position, of a function",
      () => ones([2, 3]).sum(1, true),
      "sum(): argument 'options' (position 2) must be an object such as { keepdim: true }, not true",
    ],
    [
      "too early",
      () => ones([2]).sum({ dim: 0 }),
      "sum(): argument 'dim' (position 1) must be int or int[], not { dim }. It is called as sum(dim?, options?)",
    ],
    [
      "sizes one by one",
      () => zeros(2, 3),
      "zeros(): argument 'options' (position 2) must be an object of options (dtype, requiresGrad), not 3. Did you mean zeros([2, 3])?",
    ],
    [
      "in a Map",
      () => new nn.Linear(2, 2, new Map([["bias", false]])),
      "Linear(): options (bias, dtype) cannot be a Map",
    ],
    [
      "that are an object of another kind",
      () => F.dropout(ones([2]), 0.5, ones([2])),
      "dropout(): options (training) cannot be a Tensor",
    ],
  ])("%s", (_, call, message) => expect(call).toThrow(new TypeError(message)));

  it("that are undefined are not given", () => {
    expect(zeros([2], { dtype: undefined }).dtype).toBe("float32");
    expect(new optim.SGD(weights(), { lr: 0.1, momentum: undefined }).paramGroups[0].momentum).toBe(0);
  });

  it("may be an object of a class that holds more: a layer is its own options", () => {
    const layer = new nn.LeakyReLU({ negativeSlope: 0.5 });
    expect(F.softplus(tensor(0), Object.assign(Object.create(layer), { beta: 2 })).item()).toBeCloseTo(Math.LN2 / 2);
  });
});

describe("arguments", () => {
  it.each<[string, () => unknown, string]>([
    [
      "an array for a tensor",
      () => tensor([1]).mul([1, 2]),
      "mul(): argument 'other' (position 1) must be Tensor or number, not an array of 2: tensor(…) makes one",
    ],
    [
      "a boolean",
      () => where(ones([1]), 2, true),
      "where(): argument 'other' (position 3) must be Tensor or number, not true",
    ],
    ["a text", () => zeros([2]).fill_("3"), "fill_(): argument 'value' (position 1) must be number, not \"3\""],
    ["a fraction", () => arange(4).narrow(0, 1, 0.5), "narrow(): argument 'length' (position 3) must be int, not 0.5"],
    ["NaN for a size", () => arange(4).topk(Number.NaN), "topk(): argument 'k' (position 1) must be int, not NaN"],
    [
      "a null among tensors",
      () => cat([ones([1]), null]),
      "cat(): argument 'tensors' (position 1) must be Tensor[], but its \"1\" is null",
    ],
    [
      "a module for its parameters",
      () => new optim.SGD(new nn.Linear(2, 2), { lr: 1 }),
      "SGD(): argument 'params' (position 1) must be iterable, not a Linear: take its parameters()",
    ],
    [
      "a layer that is none",
      () => new nn.Sequential(new nn.ReLU(), 5),
      "Sequential(): argument 'layers' (position 2) must be Module, not 5",
    ],
    [
      "a list of layers",
      () => new nn.Sequential([new nn.ReLU()]),
      "Sequential(): argument 'layers' (position 1) must be Module, not an array of 1. Did you mean Sequential(...list), one by one?",
    ],
    [
      "a tensor for its shape",
      () => lucidgrad.summary(new nn.ReLU(), ones([2])),
      "summary(): argument 'inputShape' (position 2) must be int[], not a Tensor: its shape is such a list",
    ],
    [
      "a Map for an object",
      () => new nn.ModuleDict(new Map([["act", new nn.ReLU()]])),
      "ModuleDict(): argument 'modules' (position 1) must be Record<Module>, not a Map: Object.fromEntries(…) makes one",
    ],
    [
      "a model for its state",
      () => new nn.ReLU().loadStateDict(new nn.ReLU()),
      "loadStateDict(): argument 'state' (position 1) must be Record<Tensor>, not a ReLU: take its stateDict()",
    ],
    [
      "none",
      () => add(tensor([1])),
      'add() missing 1 required positional arguments: "other". It is called as add(input, other, options?)',
    ],
    ["null for nothing", () => full([2], null), "full(): argument 'value' (position 2) must be number, not null"],
    ["too many", () => new nn.Sigmoid(true), "Sigmoid() takes 0 positional arguments but 1 were given"],
    ["of a method, too many", () => tensor([1]).exp(1), "exp() takes 0 positional arguments but 1 were given"],
    [
      "no dataset",
      () => new DataLoader(2),
      "DataLoader(): argument 'dataset' (position 1) must be Dataset or unknown[] or IterableDataset, not 2",
    ],
    ["of an overload", () => ones([2, 2]).max("0"), "max(): argument 'dim' (position 1) must be int, not \"0\""],
    [
      "of forward",
      () => new nn.Linear(1, 1).forward([1]),
      "forward(): argument 'x' (position 1) must be Tensor, not an array of 1: tensor(…) makes one",
    ],
    [
      "a function for an object with a method",
      () => new lucidgrad.transforms.Compose([(x: unknown) => x] as never),
      "Compose(): argument 'transforms' (position 1) must be (object with apply)[], but its \"0\" is a function",
    ],
    [
      "a class for a function",
      () => new lucidgrad.transforms.Lambda(nn.ReLU),
      "Lambda(): argument 'lambd' (position 1) must be function, not the class ReLU: (…) => new ReLU(…) is one",
    ],
    [
      "an array for bytes",
      () => lucidgrad.safetensors.parse([1, 2, 3] as never),
      "parse(): argument 'file' (position 1) must be Uint8Array, not an array of 3",
    ],
    ["a bigint", () => randint(0n, 2, [3]), "randint(): argument 'low' (position 1) must be int, not 0n"],
  ])("%s", (_, call, message) => expect(call).toThrow(new TypeError(message)));

  it("are what the types say", () => {
    expect(ones([2, 3]).max(1).values.shape).toEqual([2]);
    expect(ones([2, 2]).max().item()).toBe(1);
    expect(new DataLoader(new TensorDataset(ones([4])), { batchSize: 2 }).length).toBe(2);
    expect(ones([4]).view(2, 2).shape).toEqual(ones([4]).view([2, 2]).shape);
    expect(add(1, tensor([2])).item()).toBe(3);
    const { Compose, Normalize, ToTensor } = lucidgrad.transforms;
    for (const count of [0, 1, 2, 3])
      new Compose([new ToTensor(), ...Array(count).fill(new Normalize(0.5, 0.5))] as never);
    const writer = new SummaryWriter(temporaryFolder());
    writer.addScalars("loss", { train: 1, test: tensor(2) });
    writer.addHparams({ lr: 0.1, name: "a", momentum: null }, { loss: tensor(1) });
    writer.close();
    expect(F.conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2]), null, { padding: "same" }).shape).toEqual([1, 1, 3, 3]);
  });
});
