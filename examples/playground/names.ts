/** What the contestants are called: what they differ in, and what is not as usual. */
import { say } from "./language.ts";
import type { Contestant, Settings } from "./settings.ts";

export function nameOf(contestant: Contestant): string {
  const { norms, withWeights, withRate } = say();
  const { norm, weights, learningRate } = contestant;
  const parts = [norms[norm], ...(weights === "default" ? [] : [withWeights[weights]])];
  if (learningRate !== null) parts.push(withRate(learningRate));
  return parts.join(say().comma);
}

/** Of each contestant. Of two with the same name, the later has other weights by chance alone. */
export function namesOf({ contestants }: Settings): string[] {
  const names = contestants.map(nameOf);
  return names.map((name, i) => (names.indexOf(name) < i ? `${name}${say().comma}${say().otherWeights}` : name));
}
