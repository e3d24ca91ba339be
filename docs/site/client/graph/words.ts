/** A step in words, and in formulas with the numbers beside them. */
import { derivative, inNames, inNumbers, normOf, numbersText, shortNumber } from "./format.ts";
import type { Progress } from "./progress.ts";
import { type Language, texts } from "./texts.ts";
import type { Arrival, GraphSnapshot, Numbers, Way } from "./types.ts";
import { together, waysText } from "./ways.ts";

/** A few numbers, or how large many are together. */
const amount = (numbers: Numbers): string =>
  numbers.count <= 3 ? numbersText(numbers) : `‖∇‖ ${shortNumber(normOf(numbers))} (${numbersText(numbers)})`;

/** `1 + 3 = 4` where paths meet, else the term alone. */
const sumText = ({ before, term, sum }: Arrival): string => {
  if (!before || sum.count > 3) return amount(sum);
  const added = numbersText(term);
  return `${numbersText(before)} + ${added.startsWith("−") ? `(${added})` : added} = ${numbersText(sum)}`;
};

/** What happens at a step: "mul passes 3 to a; a has 1 + 3 = 4." */
export function wordsOf(graph: GraphSnapshot, progress: Progress, language: Language): string {
  const { active, arrivals } = progress;
  const words = texts[language];
  const { nodes, arrows } = graph;
  if (active === null) {
    const last = nodes.length - 1;
    const { name, gradient } = nodes[last];
    return words.start(name, derivative(graph, last), gradient ? amount(gradient) : "");
  }
  const { operation } = nodes[active];
  if (arrivals.length === 0) return words.passesNothing(operation);
  const nameOf = ({ arrow }: Arrival) => nodes[arrows[arrow].from].name;
  const named = (ways: readonly Way[], what: string) => distinct([waysText(ways, language) || null, what]);
  const gets = (arrival: Arrival) => named(arrows[arrival.arrow].ways, amount(arrival.term));
  const has = (arrival: Arrival) => named(waysAt(graph, progress, arrival), sumText(arrival));
  const passed = words.passes(
    operation,
    arrivals.map((arrival) => words.goes(gets(arrival), nameOf(arrival))),
  );
  const sums = arrivals.filter(({ before }) => before).map((arrival) => words.has(nameOf(arrival), has(arrival)));
  return [passed, ...sums].join(words.listSeparator) + words.sentenceEnd;
}

/** `∂d/∂a ← ∂d/∂c · b = 1 · 3 = 3`, and where paths meet `∂d/∂a = 1 + 3 = 4`. */
export function formulasAt(graph: GraphSnapshot, progress: Progress, language: Language): string[] {
  return progress.arrivals.flatMap((arrival) => {
    const { from, ways } = graph.arrows[arrival.arrow];
    const to = derivative(graph, from);
    const steps = [
      waysText(ways, language) || null,
      inNames(graph, arrival.formula),
      inNumbers(graph, arrival.formula),
      amount(arrival.term),
    ];
    const passed = `${to} ← ${distinct(steps)}`;
    const sum = [to, waysText(waysAt(graph, progress, arrival), language) || null, sumText(arrival)];
    return arrival.before ? [passed, distinct(sum)] : [passed];
  });
}

/** The terms that have met at where something arrives. */
const waysAt = ({ arrows }: GraphSnapshot, { passed }: Progress, { arrow }: Arrival): Way[] =>
  together([...passed.keys()].map((one) => arrows[one]).filter(({ from }) => from === arrows[arrow].from));

/** `c = a · b = 2 · 3 = 6` */
export function equationOf(graph: GraphSnapshot, node: number): string {
  const { name, formula, value } = graph.nodes[node];
  const sides = formula.length > 0 ? [inNames(graph, formula), inNumbers(graph, formula)] : [];
  return distinct([name, ...sides, value.count > 4 ? null : numbersText(value, 4)]);
}

/** Joined with =, but for what is missing or said just before. */
const distinct = (sides: (string | null)[]): string =>
  sides.filter((side, i) => side !== null && side !== sides[i - 1]).join(" = ");
