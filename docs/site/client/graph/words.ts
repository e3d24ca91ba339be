/** A step in words, and in formulas with the numbers beside them. */
import { derivative, inNames, inNumbers, normOf, numbersText, shortNumber } from "./format.ts";
import type { Progress } from "./progress.ts";
import { type Language, texts } from "./texts.ts";
import type { Arrival, GraphSnapshot, Numbers } from "./types.ts";

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
export function wordsOf(graph: GraphSnapshot, { active, arrivals }: Progress, language: Language): string {
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
  const passed = words.passes(
    operation,
    arrivals.map((arrival) => words.goes(amount(arrival.term), nameOf(arrival))),
  );
  const sums = arrivals.filter(({ before }) => before).map((arrival) => words.has(nameOf(arrival), sumText(arrival)));
  return [passed, ...sums].join(words.listSeparator) + words.sentenceEnd;
}

/** `∂d/∂a ← ∂d/∂c · b = 1 · 3 = 3`, and where paths meet `∂d/∂a = 1 + 3 = 4`. */
export function formulasAt(graph: GraphSnapshot, { arrivals }: Progress): string[] {
  return arrivals.flatMap((arrival) => {
    const to = derivative(graph, graph.arrows[arrival.arrow].from);
    const steps = [inNames(graph, arrival.formula), inNumbers(graph, arrival.formula), amount(arrival.term)];
    const passed = `${to} ← ${distinct(steps)}`;
    return arrival.before ? [passed, `${to} = ${sumText(arrival)}`] : [passed];
  });
}

/** `c = a · b = 2 · 3 = 6` */
export function equationOf(graph: GraphSnapshot, node: number): string {
  const { name, formula, value } = graph.nodes[node];
  const sides = formula.length > 0 ? [inNames(graph, formula), inNumbers(graph, formula)] : [];
  return distinct([name, ...sides, value.count > 4 ? null : numbersText(value, 4)]);
}

/** Joined with =, but for what is missing or said just before. */
const distinct = (sides: (string | null)[]): string =>
  sides.filter((side, i) => side !== null && side !== sides[i - 1]).join(" = ");
