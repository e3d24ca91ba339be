/**
 * An LSTM that tells from a town's name what is spoken there, and a GRU that makes up new ones; in the end the one judges what
 * the other has made up. Their networks are in name-networks.ts.
 *
 *   npm run example:names                        half a minute
 *   npm run example:names -- --name Atlantis     what language is that?
 *   npm run example:names -- --help              all options
 */
import { Generator, manualSeed, nn, noGrad, optim, randperm, type Tensor } from "lucidgrad";
import { Inventor, Teller } from "./name-networks.ts";
import { padEnd } from "./support/columns.ts";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { checkLetters, encode, int32 } from "./support/letters.ts";
import { readOptions } from "./support/options.ts";
import { Progress } from "./support/progress.ts";
import { COUNTRIES, readTowns } from "./support/towns.ts";
import { say } from "./texts/names.ts";

const defaults = { epochs: 8, limit: { fallback: 1000, least: 30 }, seed: 0, name: "Lucidgrad" };
const options = readOptions("example:names", say, defaults);
const languages = COUNTRIES.map((country) => say.languages[country]);
const interrupt = new Interrupt();
const all = readTowns(options.limit);
const known = new Set(all.map(({ name }) => name));
const alphabet = ["", ...new Set([...known].join(""))].sort(); // number 0, no letter, is where a name ends
checkLetters("name", options.name, alphabet);
const spell = (name: string) => encode(name, alphabet);

manualSeed(options.seed);
const towns = [...randperm(all.length).data].map((i) => ({ ...all[i], letters: spell(all[i].name) }));
const heldOut = towns.splice(0, Math.floor(all.length / 10));
const lettersOf = (batch: typeof towns) => batch.map(({ letters }) => letters);
const languagesOf = (batch: typeof towns) => int32(batch.map(({ language }) => language));
const teller = new Teller(alphabet.length, languages.length);
const inventor = new Inventor(alphabet.length, languages.length);
const dice = new Generator(options.seed); // of its own: what is made up meanwhile leaves the training as it is

/** Trains with Adam; after each epoch prints the mean loss, and what `judge` says. */
async function train(model: nn.Module, lossOf: (batch: typeof towns) => Tensor, judge: () => string): Promise<void> {
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.005 });
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    const batches = randperm(towns.length).split(64);
    const label = say.epoch(epoch, options.epochs);
    const progress = new Progress(label, towns.length);
    let [seen, total] = [0, 0];
    for (const batch of batches) {
      optimizer.zeroGrad();
      const loss = lossOf([...batch.data].map((i) => towns[i]));
      loss.backward();
      optimizer.step();
      total += loss.item();
      seen += batch.numel;
      progress.update(seen);
      await interrupt.check();
    }
    progress.print(`${label}   ${say.loss(total / batches.length)}   ${judge()}`);
  }
}

/** The language that each name is taken for. */
const tell = (names: Tensor[]) => [...noGrad(() => teller.forward(names)).argmax(1).data];

/** The towns of a batch that are taken for what they are. */
function countRight(batch: typeof towns): string {
  const told = tell(lettersOf(batch));
  return say.right(batch.filter(({ language }, i) => language === told[i]).length, batch.length);
}

/** A name that no town of the list has. */
function inventNew(language: number): string {
  for (;;) {
    const letters = noGrad(() => inventor.invent(language, dice));
    const name = letters.map((letter) => alphabet[letter]).join("");
    if (letters.length > 2 && !known.has(name)) return name;
  }
}

try {
  console.log(say.telling(towns.length, heldOut.length));
  const telling = (batch: typeof towns) =>
    nn.functional.crossEntropy(teller.forward(lettersOf(batch)), languagesOf(batch));
  await train(teller, telling, () => countRight(heldOut));
  console.log(`\n${say.inventing}`);
  const inventing = (batch: typeof towns) => inventor.forward(lettersOf(batch), languagesOf(batch));
  await train(inventor, inventing, () => inventNew(0));
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
}

console.log(`\n${say.invented}`);
for (const [language, title] of languages.entries()) {
  const names = Array.from({ length: 7 }, () => inventNew(language));
  const told = tell(names.map(spell));
  const judged = names.map((name, i) => (told[i] === language ? name : say.misled(name, languages[told[i]])));
  console.log(`${padEnd(title, 10)} ${say.list(judged)}`);
}
const { values, indices } = noGrad(() =>
  teller
    .forward([spell(options.name)])
    .softmax(1)
    .flatten(),
).topk(3);
const shares = [...indices.data].map((k, i) => [languages[k], (100 * values.data[i]).toFixed(0)] as const);
console.log(`\n${say.guesses(options.name, shares)}`);
