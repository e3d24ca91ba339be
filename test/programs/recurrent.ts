/** A recurrent network: forward takes a state, and returns one. */
import { cat, manualSeed, nn, optim, stack, type Tensor, tensor, zeros } from "lucidgrad";

type State = [hidden: Tensor, cell: Tensor];

class LSTMCell extends nn.Module {
  readonly hiddenSize: number;
  readonly gates: nn.Linear;

  constructor(inputSize: number, hiddenSize: number) {
    super();
    this.hiddenSize = hiddenSize;
    this.gates = new nn.Linear(inputSize + hiddenSize, 4 * hiddenSize);
  }

  override forward(x: Tensor, [hidden, cell]: State): State {
    const gates = this.gates.forward(cat([x, hidden], 1));
    const part = (i: number) => gates.narrow(1, i * this.hiddenSize, this.hiddenSize);
    const next = part(0)
      .sigmoid()
      .mul(cell)
      .add(part(1).sigmoid().mul(part(2).tanh()));
    return [part(3).sigmoid().mul(next.tanh()), next];
  }
}

class Recurrent extends nn.Module {
  readonly cells = [new LSTMCell(1, 8), new LSTMCell(8, 8)];
  readonly head = new nn.Linear(8, 1);

  override forward(steps: readonly Tensor[], states?: State[]): { outputs: Tensor; states: State[] } {
    const outputs: Tensor[] = [];
    let current = states ?? this.cells.map((): State => [zeros([1, 8]), zeros([1, 8])]);
    for (const step of steps) {
      let x = step;
      current = this.cells.map((cell, i) => {
        const state = cell.forward(x, current[i] as State);
        x = state[0];
        return state;
      });
      outputs.push(this.head.forward(x));
    }
    return { outputs: stack(outputs), states: current };
  }
}

manualSeed(0);
const model = new Recurrent();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.05 });
const steps = [0.1, 0.5, -0.3].map((value) => tensor([[value]]));
const losses: number[] = [];
for (let epoch = 0; epoch < 20; epoch++) {
  optimizer.zeroGrad();
  const { outputs, states } = model.forward(steps);
  const loss = outputs.sub(1).pow(2).mean();
  loss.backward();
  optimizer.step();
  losses.push(loss.item());
  if (states.length !== 2) throw new Error("a state for each cell");
}
if (!(Number(losses[19]) < Number(losses[0]) / 2)) throw new Error(`it does not learn: ${losses}`);
if (model.namedParameters()[0]?.[0] !== "cells.0.gates.weight") throw new Error("a cell is not trained");
