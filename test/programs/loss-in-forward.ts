/** A language model: forward takes targets or not, returns a loss or not, and shares a weight between two layers. */
import { manualSeed, nn, noGrad, ones, optim, randint, type Tensor } from "lucidgrad";

interface Output {
  logits: Tensor;
  loss: Tensor | null;
}

class Bigram extends nn.Module {
  readonly embedding: nn.Embedding;
  readonly output: nn.Linear;
  readonly dropout = new nn.Dropout(0.1);

  constructor(tokens: number, width = 8) {
    super();
    this.embedding = new nn.Embedding(tokens, width);
    this.output = new nn.Linear(width, tokens, { bias: false });
    this.output.weight = this.embedding.weight;
  }

  override forward(tokens: Tensor, targets: Tensor | null = null, { temperature = 1 } = {}): Output {
    const logits = this.output.forward(this.dropout.forward(this.embedding.forward(tokens))).div(temperature);
    const loss = targets && nn.functional.crossEntropy(logits, targets, { labelSmoothing: 0.1 });
    return { logits, loss };
  }

  /** Not called forward, and not a tensor. */
  next(token: Tensor): number {
    return noGrad(() => this.forward(token, null, { temperature: 0.5 }).logits.argmax(-1).item());
  }
}

/** Not called: what the compiler refuses. */
export function mistaken({ output }: Bigram): void {
  // @ts-expect-error: no tensor but a parameter is one
  output.weight = ones([10, 8]);
  // @ts-expect-error: a hook returns a tensor, or nothing
  output.weight.registerHook(() => 3);
}

manualSeed(0);
const model = new Bigram(10);
if (model.parameters().length !== 1) throw new Error("the weight is one parameter");
const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
const [tokens, targets] = [randint(0, 10, [16]), randint(0, 10, [16])];
for (let step = 0; step < 3; step++) {
  optimizer.zeroGrad();
  const { loss } = model.forward(tokens, targets);
  loss?.backward();
  optimizer.step();
}
model.eval();
if (!Number.isInteger(model.next(tokens.narrow(0, 0, 1)))) throw new Error("a token");
