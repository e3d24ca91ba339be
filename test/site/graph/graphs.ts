/** What tests ask a snapshot for. */
import type { Formula, GraphNode, GraphSnapshot, Numbers } from "../../../docs/site/client/graph/types.ts";

export function nodeOf({ nodes }: GraphSnapshot, name: string): GraphNode {
  const found = nodes.find((node) => node.name === name);
  if (!found) throw new Error(`there is no ${name} among ${nodes.map((node) => node.name)}`);
  return found;
}

/** A formula as text, with the names of the nodes. */
export const textOf = ({ nodes, of }: GraphSnapshot, formula: Formula): string =>
  formula
    .map((part) => {
      if (typeof part === "string") return part;
      const { name } = nodes[part.node];
      return part.of === "value" ? name : `∂${of}/∂${name}`;
    })
    .join("");

/** Each step of the way back: what the node passes to whom, by which formula, and what that one has then. */
export const stepsOf = (graph: GraphSnapshot) =>
  graph.steps.map(({ node, arrivals }) => [
    graph.nodes[node].name,
    ...arrivals.map(({ arrow, formula, term, sum }) => {
      const to = graph.nodes[graph.arrows[arrow].from].name;
      return `${to}: ${textOf(graph, formula)} = ${shown(term)}, so ${shown(sum)}`;
    }),
  ]);

const shown = ({ values }: Numbers): string => values.join(" ");
