/** How the boxes of a graph look: leaves in blue, operations in grey, the result in green. */
import type { Box } from "./picture.ts";

export const colors: Record<Box["kind"], { fill: string; edge: string }> = {
  leaf: { fill: "#dcebf7", edge: "#0072b2" },
  operation: { fill: "#f4f4f4", edge: "#8a8a8a" },
  result: { fill: "#d9f0e6", edge: "#009e73" },
};
