/**
 * A translator of dates, "the 20th of July 1969" to "1969-07-20", letter by letter: one GRU reads, another writes, and for each
 * letter looks where in the text to find it. In the end there is a picture of where it looked. See date-translator.ts.
 *
 *   npm run example:dates                                     half a minute
 *   npm run example:dates -- --date "Sunday, 20 July 1969"    a date of one's own
 *   npm run example:dates -- --help                           all options
 */
import { join } from "node:path";
import { manualSeed, nn, noGrad, optim, stack } from "lucidgrad";
import { writeFileAtomically } from "../src/data/formats/write-file.ts";
import { READ, Translator, WRITTEN } from "./date-translator.ts";
import { attentionSvg } from "./support/attention-picture.ts";
import { randomDates } from "./support/calendar.ts";
import { Interrupt, Interrupted } from "./support/interrupt.ts";
import { checkLetters, encode } from "./support/letters.ts";
import { readOptions } from "./support/options.ts";
import { Progress } from "./support/progress.ts";
import { renderPng } from "./support/render-png.ts";
import { say } from "./texts/dates.ts";

const defaults = { steps: 300, every: 25, seed: 0, date: "the 20th of July 1969", out: "runs/dates" };
const options = readOptions("example:dates", say, defaults);
const { date } = options;
checkLetters("date", date, READ);
const interrupt = new Interrupt();
manualSeed(options.seed);
const model = new Translator();
const optimizer = new optim.Adam(model.parameters(), { lr: 0.003 });
const ask = (texts: string[]) => noGrad(() => model.translate(texts));
const progress = new Progress(say.training, options.steps, { unit: "steps" });
try {
  for (let step = 1; step <= options.steps; step++) {
    const dates = randomDates(64, false);
    const texts = dates.map(({ read }) => encode(read, READ));
    const translations = stack(dates.map(({ written }) => encode(written, WRITTEN)));
    optimizer.zeroGrad();
    const loss = model.forward(texts, translations);
    loss.backward();
    nn.utils.clipGradNorm_(model.parameters(), 1);
    optimizer.step();
    if (step % options.every === 0) {
      progress.print(`${say.step(step)}   ${say.loss(loss.item())}   ${say.translation(date, ask([date])[0].written)}`);
    }
    progress.update(step);
    await interrupt.check();
  }
} catch (error) {
  if (!(error instanceof Interrupted)) throw error;
}
progress.clear();

const others = randomDates(1000, true);
const answers = ask(others.map(({ read }) => read));
const right = others.filter(({ written }, i) => written === answers[i].written).length;
console.log(`\n${say.rightOfUnseen(right, others.length)}`);
const drawn = [date, ...others.slice(0, 2).map(({ read }) => read)];
const tables = ask(drawn).map(({ written, attention }, i) => ({ read: drawn[i], written, weights: attention }));
const path = join(options.out, "attention.png");
writeFileAtomically(path, await renderPng(attentionSvg("Where it looks as it writes", tables)));
console.log(say.wrote(path));
