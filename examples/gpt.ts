/**
 * A GPT that learns to write, letter by letter, from Shakespeare's sonnets: causal attention, layer norm and GELU, trained by
 * AdamW with warm-up and a cosine. Now and then it shows how it would go on; in the end it writes a poem.
 *
 *   npm run example:gpt                                 a minute or two
 *   npm run example:gpt -- --temperature 1 --start "O"  bolder, and from other letters on
 *   npm run example:gpt -- --help                       all options
 */
import { readFileSync } from "node:fs";
import { arange, Generator, manualSeed, nn, noGrad, optim, randint, stack, type Tensor } from "lucidgrad";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { checkLetters, encode } from "./support/letters.ts";
import { readOptions } from "./support/options.ts";
import { Progress } from "./support/progress.ts";
import { say } from "./texts/gpt.ts";

const CONTEXT = 32; // letters that the model sees
const WIDTH = 96; // numbers for each letter
const HEADS = 4;

const defaults = { steps: 1000, every: 100, seed: 0, start: "Shall I", length: 800, temperature: 0.7, "top-k": 10 };
const options = readOptions("example:gpt", say, defaults);
const poems = readFileSync(new URL("support/sonnets.txt", import.meta.url), "utf8");
const alphabet = [...new Set(poems)].sort();
const text = encode(poems, alphabet);
checkLetters("start", options.start, alphabet);

/** Each letter asks those before it, and gathers their values by how well their keys answer: in several heads at once. */
class Attention extends nn.Module {
  readonly queriesKeysValues = new nn.Linear(WIDTH, 3 * WIDTH);
  readonly out = new nn.Linear(WIDTH, WIDTH);

  override forward(x: Tensor): Tensor {
    const heads = (part: Tensor) => part.unflatten(-1, [HEADS, WIDTH / HEADS]).transpose(1, 2); // (batch, heads, length, d)
    const [queries, keys, values] = this.queriesKeysValues.forward(x).chunk(3, -1).map(heads);
    const gathered = nn.functional.scaledDotProductAttention(queries, keys, values, { isCausal: true });
    return this.out.forward(gathered.transpose(1, 2).flatten(2));
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
class GPT extends nn.Module {
  readonly letters = new nn.Embedding(alphabet.length, WIDTH);
  readonly places = new nn.Embedding(CONTEXT, WIDTH);
  readonly blocks = new nn.Sequential(new Block(), new Block());
  readonly norm = new nn.LayerNorm(WIDTH);
  readonly head = new nn.Linear(WIDTH, alphabet.length, { bias: false });

  constructor() {
    super();
    this.head.weight = this.letters.weight; // tied: a letter looks the same going in and coming out
    for (const { weight } of [this.letters, this.places]) nn.init.normal_(weight, 0, 0.02);
  }

  override forward(text: Tensor): Tensor {
    const places = this.places.forward(arange(text.shape[1], { dtype: "int32" }));
    return this.head.forward(this.norm.forward(this.blocks.forward(this.letters.forward(text).add(places))));
  }
}

manualSeed(options.seed);
const interrupt = new Interrupt();
const dice = new Generator(options.seed);
const model = new GPT();
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.003 });
const cosine = (step: number) => 0.5 + 0.5 * Math.cos((Math.PI * step) / options.steps);
const schedule = new optim.lrScheduler.LambdaLR(optimizer, (step) => Math.min(1, (step + 1) / 50) * cosine(step));

/** Goes on writing, each letter drawn from the likeliest: with dice of its own, which leave the training's draws alone. */
function write(start: string, length: number, watch?: Progress): string {
  let written = start;
  while (written.length < length) {
    const seen = encode(written.slice(-CONTEXT), alphabet).unsqueeze(0);
    const logits = noGrad(() => model.forward(seen).select(1, -1).flatten());
    const { values, indices } = logits.div(options.temperature).topk(Math.min(options["top-k"], alphabet.length));
    written += alphabet[indices.data[values.softmax(0).multinomial(1, { generator: dice }).item()]];
    watch?.update(written.length);
  }
  return written;
}

console.log(`${say.sizes(poems.length, nn.utils.parametersToVector(model.parameters()).numel)}\n`);
const progress = new Progress(say.training, options.steps, { unit: "steps" });
try {
  for (let step = 1; step <= options.steps; step++) {
    const starts = [...randint(0, text.numel - CONTEXT, [32]).data];
    const pieces = (shift: number) => stack(starts.map((start) => text.narrow(0, start + shift, CONTEXT)));
    optimizer.zeroGrad();
    const loss = nn.functional.crossEntropy(model.forward(pieces(0)).flatten(0, 1), pieces(1).flatten());
    loss.backward();
    nn.utils.clipGradNorm_(model.parameters(), 1);
    optimizer.step();
    schedule.step();
    if (step % options.every === 0) {
      const written = JSON.stringify(write(options.start, 60));
      progress.print(`${say.step(step)}   ${say.loss(loss.item())}   ${written}`);
    }
    progress.update(step);
    await interrupt.check();
  }
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
}
progress.clear();
const writing = new Progress(say.writing, options.length, { unit: "letters" });
writing.print(`\n${write(options.start, options.length, writing)}`);
