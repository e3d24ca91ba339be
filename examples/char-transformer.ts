/**
 * A transformer that learns to write, letter by letter, from four of Shakespeare's sonnets: attention, layer norm, GELU and
 * AdamW in a hundred lines. It is far too large for so little text, and ends up knowing it by heart.
 *
 *   npm run example:char                    about a minute
 *   npm run example:char -- --steps 100
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { arange, manualSeed, nn, noGrad, ones, optim, rand, randint, stack, type Tensor, tensor } from "lucidgrad";
import { Interrupt, Interrupted } from "./support/interrupt.ts";

const CONTEXT = 48; // letters that the model sees
const WIDTH = 64; // numbers for each letter
const HEADS = 4;

/** Each letter gathers from those before it what is like its question: softmax(Q Kᵀ / √d) V, in several heads at once. */
class Attention extends nn.Module {
  readonly all = new nn.Linear(WIDTH, 3 * WIDTH, { bias: false });
  readonly out = new nn.Linear(WIDTH, WIDTH, { bias: false });
  readonly #future = ones([CONTEXT, CONTEXT], { dtype: "bool" }).triu(1);

  override forward(x: Tensor): Tensor {
    const [batch, length] = x.shape;
    const heads = (part: Tensor) => part.reshape(batch, length, HEADS, WIDTH / HEADS).transpose(1, 2);
    const [queries, keys, values] = this.all.forward(x).chunk(3, -1).map(heads); // (batch, heads, length, d)
    const scores = queries.matmul(keys.transpose(-2, -1)).div(Math.sqrt(WIDTH / HEADS));
    const future = this.#future.narrow(0, 0, length).narrow(1, 0, length);
    const gathered = scores.maskedFill(future, -Infinity).softmax(-1).matmul(values);
    return this.out.forward(gathered.transpose(1, 2).reshape(batch, length, WIDTH));
  }
}

/** Attention, then the same small network for each letter; both add to what is there. */
class Block extends nn.Module {
  readonly norm1 = new nn.LayerNorm(WIDTH);
  readonly attention = new Attention();
  readonly norm2 = new nn.LayerNorm(WIDTH);
  readonly network = new nn.Sequential(new nn.Linear(WIDTH, 4 * WIDTH), new nn.GELU(), new nn.Linear(4 * WIDTH, WIDTH));

  override forward(x: Tensor): Tensor {
    const y = x.add(this.attention.forward(this.norm1.forward(x)));
    return y.add(this.network.forward(this.norm2.forward(y)));
  }
}

/** Letters (batch, length) to logits of the next one (batch, length, letters). */
class Writer extends nn.Module {
  readonly letters: nn.Embedding;
  readonly places = new nn.Embedding(CONTEXT, WIDTH);
  readonly blocks = new nn.Sequential(new Block(), new Block());
  readonly norm = new nn.LayerNorm(WIDTH);
  readonly head: nn.Linear;

  constructor(alphabet: number) {
    super();
    this.letters = new nn.Embedding(alphabet, WIDTH);
    this.head = new nn.Linear(WIDTH, alphabet);
  }

  override forward(text: Tensor): Tensor {
    const places = this.places.forward(arange(0, text.shape[1], 1, { dtype: "int32" }));
    return this.head.forward(this.norm.forward(this.blocks.forward(this.letters.forward(text).add(places))));
  }
}

const { values } = parseArgs({ options: { steps: { type: "string", default: "600" } } });
const interrupt = new Interrupt();
const poems = readFileSync(new URL("support/sonnets.txt", import.meta.url), "utf8");
const alphabet = [...new Set(poems)].sort();
const encode = (text: string): Tensor =>
  tensor(
    [...text].map((letter) => alphabet.indexOf(letter)),
    { dtype: "int32" },
  );
const text = encode(poems);

manualSeed(0);
const model = new Writer(alphabet.length);
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.003 });
console.log(
  `${poems.length} letters, ${alphabet.length} different; ${nn.utils.parametersToVector(model.parameters()).numel} weights`,
);

/** Goes on writing, drawing each letter from what the model holds likely. */
function write(start: string, length: number): string {
  let written = start;
  for (let k = 0; k < length; k++) {
    const seen = encode(written.slice(-CONTEXT)).unsqueeze(0);
    const probabilities = noGrad(() => model.forward(seen).select(1, -1).div(0.8).softmax(-1).flatten());
    const drawn = probabilities.cumsum(0).lt(rand(1)).sum().item();
    written += alphabet[Math.min(drawn, alphabet.length - 1)];
  }
  return written;
}

try {
  for (let step = 1; step <= Number(values.steps); step++) {
    const starts = randint(0, text.numel - CONTEXT, [32]).data;
    const piece = (shift: number) => stack([...starts].map((start) => text.narrow(0, start + shift, CONTEXT)));
    optimizer.zeroGrad();
    const loss = nn.functional.crossEntropy(model.forward(piece(0)).flatten(0, 1), piece(1).flatten());
    loss.backward();
    nn.utils.clipGradNorm_(model.parameters(), 1);
    optimizer.step();
    if (step % 100 === 0) console.log(`step ${step}, loss ${loss.item().toFixed(3)}`);
    await interrupt.check();
  }
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
}
console.log(`\n${write("Shall I", 400)}`);
