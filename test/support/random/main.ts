/**
 * `npm run random -- FAMILY COUNT [SEED]`: so many random cases of a family on lucidgrad and on PyTorch: programs, layers, losses,
 * optimizers or schedules. What differs is printed in as small a form as it can be brought to. Other seeds give other cases.
 */
import { outcomeOf, programAbout, usable } from "../../autograd/programs.ts";
import { samples } from "../../autograd/samples.ts";
import { type Disagreement, disagreements, minimised, type RandomCase } from "./disagreements.ts";
import { Draw } from "./draw.ts";
import { randomLayer } from "./layers.ts";
import { randomLoss } from "./losses.ts";
import { programText } from "./text.ts";
import { randomOptimizer, randomSchedule } from "./training.ts";

const [family, count, seed = "1"] = process.argv.slice(2);
const AT_ONCE = 1_000;
const SHOWN = 30;

const drawn =
  (make: (draw: Draw) => Pick<RandomCase, "run" | "comparing">) =>
  (i: number): RandomCase => {
    const name = `${family} ${seed} ${i}`;
    const anew = () => make(new Draw(name));
    return { name, run: () => anew().run(), comparing: anew().comparing };
  };

const operations = Object.keys(samples).filter((operation) => usable(operation).length > 0);

function randomProgram(i: number): RandomCase | null {
  const operation = operations[i % operations.length];
  const program = programAbout(operation, 100_000 * Number(seed) + Math.floor(i / operations.length));
  return program && { name: program.name, run: () => outcomeOf(program), comparing: { rtol: 1e-9, atol: 1e-9 } };
}

const families: Record<string, (i: number) => RandomCase | null> = {
  programs: randomProgram,
  layers: drawn(randomLayer),
  losses: drawn(randomLoss),
  optimizers: drawn(randomOptimizer),
  schedules: drawn(randomSchedule),
};
const make = families[family];
if (!make || !(Number(count) > 0)) {
  throw new Error(`npm run random -- FAMILY COUNT [SEED]; the families are ${Object.keys(families).join(", ")}`);
}

const found: Disagreement[] = [];
let compared = 0;
for (let i = 0; i < Number(count); i += AT_ONCE) {
  const numbers = Array.from({ length: Math.min(AT_ONCE, Number(count) - i) }, (_, k) => i + k);
  const cases = numbers.map(make).filter((made) => made !== null);
  found.push(...disagreements(cases));
  compared += cases.length;
  console.error(`${compared} compared, ${found.length} disagree`);
}
for (const { name, program, problem } of minimised(found.slice(0, SHOWN)))
  console.log(`${name}: ${problem}\n    ${programText(program)}`);
console.log(`${compared} ${family} of seed ${seed}: ${compared - found.length} agree, ${found.length} do not`);
process.exitCode = found.length > 0 ? 1 : 0;
