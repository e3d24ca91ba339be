/** A graph in DOT, the language of Graphviz: `dot -Tsvg` draws it, and many editors and web pages do. */
import type { Tensor } from "../tensor/tensor.ts";
import { colors, type Names, pictureOf } from "./picture.ts";

/**
 * The computation behind a tensor as DOT text: a box for every leaf and operation with its name, shape and the norm of the
 * gradient of the tensor's sum there; arrows in the order of computation. Mirrors `torchviz.make_dot`.
 *
 * @param names what to call the leaves, such as `model.namedParameters()`
 * @throws if the tensor has no history, or backward has freed it: draw it before, or keep it with retainGraph
 * @example
 * const a = tensor(2, { requiresGrad: true });
 * console.log(toDot(a.mul(3), [["a", a]]));
 */
export function toDot(tensor: Tensor, names: Names = []): string {
  const { boxes, arrows } = pictureOf(tensor, names);
  const statements = [
    "digraph {",
    '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11]',
    ...boxes.map(({ kind, lines }, i) => {
      const { fill, edge } = colors[kind];
      return `  ${i} [label=${quoted(lines)}, fillcolor="${fill}", color="${edge}"]`;
    }),
    ...arrows.map(([from, to]) => `  ${from} -> ${to}`),
    "}\n",
  ];
  return statements.join("\n");
}

/** In DOT, `\n` in a quoted text breaks the line. */
const quoted = (lines: readonly string[]): string =>
  `"${lines.map((line) => line.replace(/[\\"]/g, "\\$&")).join("\\n")}"`;
