import { manualSeed, nn, optim, randint, stack, type Tensor, tensor } from "lucidgrad";

const words = "she sells sea shells by the sea shore and the shells she sells are sea shells ";
const letters = [...new Set(words)].sort();
const text = tensor(
  [...words].map((letter) => letters.indexOf(letter)),
  { dtype: "int32" },
);

class Writer extends nn.Module {
  readonly embed = new nn.Embedding(letters.length, 16);
  readonly lstm = new nn.LSTM(16, 32, { numLayers: 2, batchFirst: true });
  readonly head = new nn.Linear(32, letters.length);

  override forward(x: Tensor, state?: nn.LSTMState): [Tensor, nn.LSTMState] {
    const [y, next] = this.lstm.forward(this.embed.forward(x), state);
    return [this.head.forward(y), next];
  }
}

manualSeed(0);
const writer = new Writer();
const optimizer = new optim.Adam(writer.parameters(), { lr: 0.01 });
for (let step = 1; step <= 60; step++) {
  const starts = randint(0, text.numel - 21, [16]).toArray() as number[];
  const x = stack(starts.map((i) => text.slice(0, i, i + 20)));
  const y = stack(starts.map((i) => text.slice(0, i + 1, i + 21)));
  const [logits] = writer.forward(x);
  const loss = nn.functional.crossEntropy(logits.flatten(0, 1), y.flatten());
  optimizer.zeroGrad();
  loss.backward();
  nn.utils.clipGradNorm_(writer.parameters(), 1);
  optimizer.step();
  if (step % 20 === 0) console.log(`step ${step}: loss ${loss.item().toFixed(4)}`);
}
