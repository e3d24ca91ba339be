/** Models that are written as programs for PyTorch: there they give what they give here, and train. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { loadTensors } from "../../src/files.ts";
import {
  cat,
  defineFunction,
  manualSeed,
  nn,
  ones,
  optim,
  rand,
  randint,
  type Tensor,
  tensor,
  tril,
  zeros,
} from "../../src/index.ts";
import { madeUp } from "../../src/python/data-script.ts";
import { toPyTorch } from "../../src/python/files.ts";
import { inPython, type ToPyTorchOptions } from "../../src/python/in-python.ts";
import { filesIn, it, savedFile } from "../data/support.ts";
import { Answers } from "../support/index.ts";
import { asksFor, sourceOf } from "./exporting.ts";

const answers = new Answers("to_pytorch", { rtol: 1e-5, atol: 1e-5 });

/** Asks what a model gives in PyTorch, for more samples than it was traced with. */
function check(name: string, model: nn.Module, ...inputs: Tensor[]): void {
  const more = inputs.map((x) => cat([x, x], 0));
  asksFor(answers, name, model, inputs, more);
}

describe("a layer of nn", () => {
  manualSeed(0);
  const layers: [layer: nn.Module, shape: number[]][] = [
    [new nn.Linear(3, 2, { bias: false }), [2, 3]],
    [new nn.Identity(), [2, 3]],
    [new nn.Flatten(2), [2, 3, 2, 2]],
    [new nn.Conv1d(2, 3, 3, { padding: 1, stride: 2 }), [2, 2, 6]],
    [new nn.Conv2d(2, 4, [3, 2], { padding: "same", groups: 2, bias: false, paddingMode: "reflect" }), [2, 2, 4, 4]],
    [new nn.Conv2d(2, 4, 3, { dilation: 2 }), [2, 2, 6, 6]],
    [new nn.ConvTranspose1d(2, 3, 3, { stride: 2, outputPadding: 1 }), [2, 2, 4]],
    [new nn.ConvTranspose2d(2, 2, 3, { padding: 1, bias: false }), [2, 2, 4, 4]],
    [new nn.BatchNorm1d(3, { affine: false }), [3, 3]],
    [new nn.BatchNorm2d(3, { eps: 0.1, momentum: null }), [2, 3, 2, 2]],
    [new nn.BatchNorm2d(3, { trackRunningStats: false }), [2, 3, 2, 2]],
    [new nn.InstanceNorm1d(3, { affine: true }), [2, 3, 4]],
    [new nn.InstanceNorm2d(3), [2, 3, 4, 4]],
    [new nn.GroupNorm(2, 4, { affine: false }), [2, 4, 3]],
    [new nn.LayerNorm([3, 2], { elementwiseAffine: false, eps: 0.1 }), [2, 3, 2]],
    [new nn.MaxPool1d(2, { stride: 1 }), [2, 2, 5]],
    [new nn.MaxPool2d([2, 3], { padding: 1, ceilMode: true }), [2, 2, 5, 5]],
    [new nn.AvgPool1d(2), [2, 2, 5]],
    [new nn.AvgPool2d(3, { padding: 1, countIncludePad: false, divisorOverride: null }), [2, 2, 5, 5]],
    [new nn.AdaptiveAvgPool1d(2), [2, 2, 5]],
    [new nn.AdaptiveAvgPool2d([2, 1]), [2, 2, 5, 5]],
    ...["ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid", "Tanh", "Mish", "Hardswish", "Hardsigmoid"].map(
      (name): [nn.Module, number[]] => [new (nn as never as Record<string, new () => nn.Module>)[name](), [2, 3]],
    ),
    ...["LogSigmoid", "Softsign", "Tanhshrink"].map((name): [nn.Module, number[]] => [
      new (nn as never as Record<string, new () => nn.Module>)[name](),
      [2, 3],
    ]),
    [new nn.GELU({ approximate: "tanh" }), [2, 3]],
    [new nn.ELU({ alpha: 0.5 }), [2, 3]],
    [new nn.CELU({ alpha: 0.5 }), [2, 3]],
    [new nn.LeakyReLU({ negativeSlope: 0.2 }), [2, 3]],
    [new nn.PReLU({ numParameters: 3 }), [2, 3]],
    [new nn.Softplus({ beta: 2, threshold: 3 }), [2, 3]],
    [new nn.Hardtanh({ minVal: -0.25, maxVal: 0.5 }), [2, 3]],
    [new nn.Softmax(1), [2, 3]],
    [new nn.LogSoftmax(1), [2, 3]],
    [new nn.Dropout(), [2, 3]],
    [new nn.Dropout1d(0.1), [2, 3, 2]],
    [new nn.Dropout2d(0.1), [2, 3, 2, 2]],
    [new nn.AlphaDropout(0.1), [2, 3]],
    [new nn.FeatureAlphaDropout(0.1), [2, 3, 2]],
    [new nn.Dropout3d(0.1), [2, 3, 2, 2, 2]],
    [new nn.GRUCell(3, 2), [2, 3]],
    [new nn.RNNCell(3, 2, { bias: false, nonlinearity: "relu" }), [2, 3]],
    [new nn.AdaptiveMaxPool1d(2), [2, 2, 5]],
    [new nn.AdaptiveMaxPool2d(2), [2, 2, 5, 5]],
    [new nn.LocalResponseNorm(2, { alpha: 0.1, beta: 0.5, k: 2 }), [2, 4, 3]],
    [new nn.ConstantPad1d([1, 2], 0.5), [2, 2, 3]],
    [new nn.ConstantPad2d(1, 0.5), [2, 2, 3, 3]],
    [new nn.ReflectionPad1d(1), [2, 2, 3]],
    [new nn.ReflectionPad2d([1, 0, 2, 1]), [2, 2, 3, 3]],
    [new nn.ReplicationPad1d(1), [2, 2, 3]],
    [new nn.ReplicationPad2d(1), [2, 2, 3, 3]],
    [new nn.ZeroPad2d(1), [2, 2, 3, 3]],
    [new nn.GLU(1), [2, 4]],
    [new nn.Softmin(1), [2, 3]],
    [new nn.Softmax2d(), [2, 3, 2, 2]],
    [new nn.Hardshrink({ lambd: 0.3 }), [2, 3]],
    [new nn.Softshrink({ lambd: 0.3 }), [2, 3]],
    [new nn.Threshold(0.1, 2), [2, 3]],
    [new nn.RReLU(), [2, 3]],
    [new nn.ConstantPad1d(1, Number.NaN), [2, 2, 3]],
    [new nn.ConstantPad1d(1, -Infinity), [2, 2, 3]],
  ];
  for (const [i, [layer, shape]] of layers.entries()) {
    check(`${i} ${layer.constructor.name}`, layer, rand(shape).sub(0.5).mul(4));
  }
  check("Embedding", new nn.Embedding(5, 2, { paddingIdx: 1 }), randint(0, 5, [3, 2]));
});

/** Attention to what came before, with a size that depends on the input's. */
class Block extends nn.Module {
  readonly norm = new nn.LayerNorm(4);
  readonly qkv = new nn.Linear(4, 12);
  readonly drop = new nn.Dropout(0.1);
  readonly scale = new nn.Parameter(ones([4]).mul(0.5));
  override forward(x: Tensor): Tensor {
    const [n, t, c] = x.shape;
    const heads = this.qkv.forward(this.norm.forward(x)).view(n, t, 3, 2, 2).permute(2, 0, 3, 1, 4);
    const [q, k, v] = [0, 1, 2].map((i) => heads.select(0, i));
    const scores = q.matmul(k.transpose(-2, -1)).div(Math.sqrt(2));
    const attention = scores.maskedFill(tril(ones([t, t])).eq(0), -Infinity).softmax(-1);
    const y = attention
      .matmul(v)
      .transpose(1, 2)
      .reshape(n * t, c)
      .mul(this.scale);
    return x.add(this.drop.forward(y.view(n, t, c)));
  }
}

class Transformer extends nn.Module {
  readonly embed = new nn.Embedding(10, 4);
  readonly blocks = [new Block(), new Block()];
  readonly heads = { first: new nn.Linear(4, 3), second: new nn.Sequential(new nn.Linear(4, 3), new nn.GELU()) };
  readonly place = this.registerBuffer("place", rand([3, 4]));
  readonly hidden = this.registerBuffer("hidden", rand([4]), { persistent: false });
  override forward(ids: Tensor): Tensor {
    let x = this.embed.forward(ids).add(this.place).mul(this.hidden);
    for (const block of this.blocks) x = block.forward(x);
    const pooled = cat([x.mean(1), x.amax(1, { keepdim: true }).squeeze(1)], 1).slice(1, 2, 6);
    return this.heads.first.forward(nn.functional.relu(pooled)).sub(this.heads.second.forward(pooled)).clamp(-1, 1);
  }
}

class Recurrent extends nn.Module {
  readonly lstm = new nn.LSTM(2, 3, { batchFirst: true, numLayers: 2 });
  readonly gru = new nn.GRU(3, 2, { batchFirst: true, bidirectional: true });
  readonly rnn = new nn.RNN(4, 2, { batchFirst: true, nonlinearity: "relu" });
  override forward(x: Tensor): [Tensor, Tensor] {
    const [y, [, c]] = this.lstm.forward(x);
    const [z] = this.gru.forward(y);
    const [last] = this.rnn.forward(z);
    return [last.select(1, -1).tanh(), c.select(0, 0).pow(2).sum(1)];
  }
}

class Pair extends nn.Module {
  readonly bilinear = new nn.Bilinear(2, 3, 2);
  override forward(a: Tensor, b: Tensor): Tensor {
    const y = this.bilinear.forward(a, b);
    return y
      .exp()
      .log1p()
      .div(y.abs().add(1))
      .add(nn.functional.linear(a, this.bilinear.bias!.expand(2, 2)));
  }
}

class Constants extends nn.Module {
  readonly constant0 = new nn.Linear(2, 2);
  override forward(x: Tensor): Tensor {
    return this.constant0.forward(x.mul(tensor([2, 3]))).add(tensor([Number.NaN, Infinity]));
  }
}

/** Pools whose indices are used, as a layer and as a function. */
class Unpooled extends nn.Module {
  readonly pool = new nn.MaxPool2d(2, { returnIndices: true });
  readonly unpool = new nn.MaxUnpool2d(2);
  override forward(x: Tensor): Tensor {
    const { values, indices } = this.pool.forward(x);
    const found = nn.functional.adaptiveMaxPool2d(this.unpool.forward(values, indices), 2, { returnIndices: true });
    return found.values.add(found.indices);
  }
}

/** Changes tensors in place that are its own. */
class Changing extends nn.Module {
  readonly fc = new nn.Linear(3, 3);
  override forward(x: Tensor): Tensor {
    const y = this.fc.forward(x.mul(2));
    y.relu_().add_(x, { alpha: 0.5 }).mul_(y);
    return y.div_(2).add(x);
  }
}

const perceptron = () =>
  new nn.Sequential(new nn.Linear(4, 8), new nn.Sequential(new nn.ReLU(), new nn.BatchNorm1d(8)), new nn.Linear(8, 3));

describe("a model", () => {
  manualSeed(1);
  check("of layers in rows", perceptron(), rand([4, 4]));
  check("of one's own classes", new Transformer(), randint(0, 10, [2, 3]));
  check("with recurrent layers", new Recurrent(), rand([2, 4, 2]));
  check("of two inputs", new Pair(), rand([2, 2]), rand([2, 3]));
  check("with a layer that is called as constants are", new Constants(), rand([2, 2]));
  check("with pooling whose indices are used", new Unpooled(), rand([2, 2, 4, 4]));
  check("that changes tensors in place", new Changing(), rand([2, 3]));
});

it("train.py makes up inputs as those of the example", () => {
  const int32 = { dtype: "int32" } as const;
  const inputs = [
    tensor([[3, 5]], int32),
    tensor([[-3], [-1]], int32),
    zeros([0], int32),
    tensor([true]),
    ones([1], { dtype: "float64" }),
    randint(0, 2, [200_000], int32),
  ];
  expect(inputs.map((x) => madeUp(x)).join(", ")).toBe(
    "torch.randint(0, 6, (SAMPLES, 2,)), torch.randint(-3, 0, (SAMPLES, 1,)), torch.randint(0, 1, (SAMPLES,)), " +
      "torch.randint(0, 2, (SAMPLES,)).bool(), torch.randn(SAMPLES), torch.randint(0, 2, (SAMPLES,))",
  );
});

/** A module with this forward, and fields. */
const own = (forward: (x: Tensor, self: { fc: nn.Linear }) => Tensor, fields: object = {}): nn.Module => {
  const module = new (class Own extends nn.Module {
    readonly fc = new nn.Linear(2, 2);
    override forward(x: Tensor): Tensor {
      return forward(x, this);
    }
  })();
  return Object.assign(module, fields);
};

class $Own extends nn.Module {
  override forward(x: Tensor): Tensor {
    return x.mul(2);
  }
}

const throughStairs = defineFunction("stairs", (x: Tensor) => ({ y: x.round(), grads: [[x, (dy) => dy]] }));
const inner = own((x) => (x.ndim === 2 ? x.add(1) : x.mul(2)));
const called = new nn.Linear(2, 2);
const caller = own((x) => called.forward(x));
const twice = own((x) => inner.forward(x).add(inner.forward(x.unsqueeze(0))), { inner });

/** A module that does something to its buffer. */
function counting(change: (self: { count: Tensor }, x: Tensor) => unknown): nn.Module {
  return new (class Counting extends nn.Module {
    count: Tensor = this.registerBuffer("count", zeros([]));
    override forward(x: Tensor): Tensor {
      change(this, x);
      return x.mul(2);
    }
  })();
}

/** Batch norm as a function, which keeps running averages. */
class Normed extends nn.Module {
  readonly runningMean = this.registerBuffer("runningMean", zeros(2));
  readonly runningVar = this.registerBuffer("runningVar", ones(2));
  override forward(x: Tensor): Tensor {
    const { runningMean, runningVar, training } = this;
    return nn.functional.batchNorm(x, runningMean, runningVar, { training });
  }
}

describe("toPyTorch", () => {
  check("with running averages of its own", new Normed(), rand([3, 2]));
  it("leaves running averages as they were", ({ root }) => {
    const model = new Normed();
    toPyTorch(model, root, [rand([3, 2])]);
    expect(model.runningMean.toArray()).toEqual([0, 0]);
    const source = readFileSync(join(root, "model.py"), "utf8");
    expect(source).toContain("F.batch_norm(x, self.running_mean, self.running_var, training=self.training)");
  });

  it("tells a layer's output from its input, where they are one in evaluation", () => {
    const drop = new nn.Dropout();
    const source = sourceOf(
      own((x) => x.add(drop.forward(x)), { drop }),
      [rand([3, 2])],
    );
    expect(source).toContain("        y0 = self.drop(x)\n        y1 = (x + y0)\n        return y1\n");
  });

  it("leaves the model as it was", ({ root }) => {
    const model = perceptron();
    const before = savedFile(model.stateDict());
    toPyTorch(model, root, [rand([4, 4])]);
    expect(model.modules().every((module) => module.training)).toBe(true);
    expect(savedFile(model.stateDict())).toEqual(before);
    expect(filesIn(root)).toEqual(["model.py", "train.py", "weights.safetensors"]);
  });

  it("refuses to trace without inputs", ({ root }) => {
    expect(() => toPyTorch(perceptron(), root, [])).toThrow("a model is traced with an example of its inputs");
  });

  it.for<[title: string, model: nn.Module, message: string]>([
    ["an operation that is not written yet", own((x) => x.abs().igamma(x.abs())), '"igamma" cannot be traced'],
    ["a gradient of one's own", own((x) => throughStairs(x)), '"stairs" has a gradient of its own'],
    ["a number of the data", own((x) => x.mul(x.amax().item())), "what it does depends on the input"],
    [
      "a tensor of the data",
      own((x) => x.mul(tensor(x.amax().item()))),
      "a tensor that is made in it depends on the input",
    ],
    [
      "a change in place of which a view learns",
      own((x, { fc }) => {
        const y = fc.forward(x);
        const row = y.select(0, 0);
        y.relu_();
        return row.add(1);
      }),
      "a tensor is changed in place",
    ],
    ["an input that is changed", own((x) => x.mul_(2).add(1)), "a tensor is changed in place"],
    ["a constant that is changed", own((x) => zeros([3, 2]).add_(x)), "a tensor is changed in place"],
    ["a module of another one", own((x) => caller.forward(x), { caller, called }), "calls a Linear that is not in it"],
    ["a buffer that counts", counting((self) => self.count.add_(1)), "a tensor is changed in place"],
    [
      "a buffer that gets another tensor",
      counting((self, x) => (self.count = x.sum())),
      "the buffer count gets another",
    ],
    [
      "a layer that is not written yet",
      new nn.Sequential(new nn.RMSNorm(2)),
      "0 is a RMSNorm, which cannot be written",
    ],
    ["a forward that is not the same twice", twice, "is called twice, and does not do the same"],
    ["a word of Python's", own((x) => x, { lambda: new nn.Identity() }), '"lambda" is a word of Python'],
    ["a name that Python cannot have", own((x) => x, { $a: new nn.Identity() }), '"$a" is no name in Python'],
    ["a number before a name", own((x) => x, { "1a": new nn.Identity() }), '"1a" is no name in Python'],
    ["a key with a quotation mark", new nn.ModuleDict({ 'a"b': new nn.Identity() }), '"a\\"b" is no name in Python'],
    ["a class that Python cannot name", new $Own(), '"$Own" is no name in Python'],
    [
      "a state that is no data",
      Object.assign(
        own((x) => x.mul(2)),
        { stateDict: () => ({ "fc.weight": () => 1, "fc.bias": 1 }) },
      ),
      '"fc.weight" is a function',
    ],
    ["float64", perceptron().double(), "0.weight is float64"],
    ["a large constant", own((x) => x.matmul(ones([2, 3000]))), "a constant of 6000 elements"],
  ])("refuses %s, and writes nothing", ([, model, message], { root }) => {
    expect(() => toPyTorch(model, join(root, "out"), [rand([3, 2])])).toThrow(message);
    expect(filesIn(root)).toEqual([]);
  });

  const fc = new nn.Linear(2, 2);
  const adam = new optim.Adam(fc.parameters());
  const lambda = new optim.lrScheduler.LambdaLR(adam, () => 1);
  const { SequentialLR, ExponentialLR } = optim.lrScheduler;
  const parts = [new ExponentialLR(adam, { gamma: 0.9 }), new ExponentialLR(adam, { gamma: 0.8 })];
  const target = randint(0, 2, [3]);
  it.for<[options: ToPyTorchOptions, message: string]>([
    [{ optimizer: new optim.Adam(own((x) => x).parameters()) }, "a parameter that is none of the model's"],
    [{ optimizer: adam, schedule: lambda }, "the functions of a LambdaLR cannot be written in Python"],
    [{ optimizer: adam, schedule: new SequentialLR(adam, { schedulers: parts, milestones: [2] }) }, "a SequentialLR"],
    [{ schedule: lambda }, "the schedule is of another optimizer"],
    [{ loss: new nn.CrossEntropyLoss() }, "a loss compares with a target"],
    [{ loss: new nn.TripletMarginWithDistanceLoss(), target }, "the loss is a TripletMarginWithDistanceLoss"],
    [{ target, data: "random" }, "with a target, the data are the inputs"],
    [{ moving: [[0], [0]] }, "moving has the dimensions of 2 inputs, but there are 1"],
    [{ moving: [[2]] }, "dimension 2 of an input cannot move: it has 2"],
    [{ moving: ["length"] }, 'of an input that is no list, the "length" cannot move'],
    [{ moving: [[]] }, "no input has a dimension of samples"],
  ])("refuses %j, and writes nothing", ([options, message], { root }) => {
    expect(() => toPyTorch(fc, join(root, "out"), [rand([3, 2])], options)).toThrow(message);
    expect(filesIn(root)).toEqual([]);
  });

  it("writes which inputs and targets are drawn, or read", ({ root }) => {
    toPyTorch(fc, root, [rand([3, 2])], { data: "inputs" });
    const script = readFileSync(join(root, "train.py"), "utf8");
    expect(script).toContain("SAMPLES = 3\nBATCH_SIZE, EPOCHS = 16, 2\n");
    expect(script).toContain('return list(zip(data["x0"], torch.randint(0, 2, (SAMPLES,))))\n');
    expect(Object.keys(loadTensors(join(root, "data.safetensors")))).toEqual(["x0"]);
  });

  it("writes a loss of all tensors, of a model that gives several", () => {
    const both = own((x, { fc }) => [fc.forward(x), { x }] as never);
    const script = inPython(both, [rand([3, 2])])["train.py"];
    expect(script).toContain("    return sum(y.square().mean() for y in tensors_in(output))\n");
  });

  it("writes groups, each with its settings", () => {
    const groups = [{ params: [fc.weight], lr: 0.5 }, { params: [fc.bias as Tensor] }]; // biome-ignore format: two groups
    const script = inPython(fc, [rand([3, 2])], { optimizer: new optim.Adagrad(groups, { lr: 0.1 }) })["train.py"];
    const rest =
      '"lr_decay": 0, "weight_decay": 0, "initial_accumulator_value": 0, "eps": 1e-10, "maximize": False},\n';
    expect(script).toContain(
      `torch.optim.Adagrad([\n        {"params": [named["weight"]], "lr": 0.5, ${rest}` +
        `        {"params": [named["bias"]], "lr": 0.1, ${rest}    ], lr=0.5)\n`,
    );
  });
});
