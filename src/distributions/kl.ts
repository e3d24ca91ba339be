/**
 * The register of divergence.ts with all formulas in it. What takes none of this, a bundle for example, has no formula either.
 * Read next: kl-same.ts, kl-mixed.ts and kl-low-rank.ts.
 */
import "./kl-low-rank.ts";
import "./kl-mixed.ts";
import "./kl-same.ts";

export { type DistributionClass, type Divergence, klDivergence, registerKl } from "./divergence.ts";
