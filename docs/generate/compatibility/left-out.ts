/** What the edge of the package says of what is left out on purpose, when a program calls it: src/edge/left-out.ts. */
import { moduleText } from "../arguments.ts";
import { camelCase, reasonFor } from "./match.ts";

/**
 * What programs call, by who has it here and in PyTorch. No properties: a function in the place of `is_cuda` would be true. What
 * is imported by its name, such as `jit`, cannot answer.
 */
const called: readonly [owner: string, place: string, names: string][] = [
  [
    "Tensor",
    "torch.Tensor",
    `cuda get_device pin_memory half bfloat16 long cfloat cdouble angle conj is_complex stft istft to_sparse to_dense coalesce
    dequantize rename refine_names align_to share_memory_ apply_ map_ data_ptr element_size set_`,
  ],
  ["nn.Module", "torch.nn.Module", "cuda half bfloat16 share_memory"],
  ["nn", "torch.nn", "DataParallel SyncBatchNorm"],
  ["linalg", "torch.linalg", "eig eigvals"],
  ["optim", "torch.optim", "SparseAdam"],
];

export function makeLeftOut(): string {
  const byReason = new Map<string, string[]>();
  for (const [owner, place, names] of called) {
    for (const name of names.split(/\s+/)) {
      const why = reasonFor(place, name);
      byReason.set(why, [...(byReason.get(why) ?? []), `${owner}.${camelCase(name)}`]);
    }
  }
  const rows = [...byReason].map(([why, names]) => `  [${JSON.stringify(why)}, ${JSON.stringify(names.join(" "))}],\n`);
  return moduleText(
    "what is left out on purpose, by the reason",
    `export const leftOut: readonly (readonly [why: string, names: string])[] = [\n${rows.join("")}];\n`,
  );
}
