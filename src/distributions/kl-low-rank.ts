/** Divergences between normal distributions of vectors, of which one or both are of low rank. */
import type { Tensor } from "../tensor/tensor.ts";
import { registerKl } from "./divergence.ts";
import {
  checkSameEvents,
  LowRankMultivariateNormal,
  lowRankDistance,
  lowRankLogDet,
  lowRankOf,
  lowRankTrace,
  lowRankTraceOfDiagonal,
} from "./low-rank-multivariate-normal.ts";
import { MultivariateNormal } from "./multivariate-normal.ts";
import { solveLower } from "./triangular.ts";

/** ½ (log det Σq - log det Σp + tr Σq⁻¹ Σp + (μq - μp)ᵀ Σq⁻¹ (μq - μp) - n) */
const divergence = (logDets: Tensor, trace: Tensor, distance: Tensor, [n]: readonly number[]): Tensor =>
  logDets.add(trace).add(distance).sub(n).mul(0.5);

const logDet = ({ scaleTril }: MultivariateNormal): Tensor => scaleTril.diagonal(0, -2, -1).log().sum(-1).mul(2);

registerKl(LowRankMultivariateNormal, LowRankMultivariateNormal, (p, q) => {
  checkSameEvents(p, q, "Low Rank");
  const [of, wanted] = [lowRankOf(p), lowRankOf(q)];
  const trace = lowRankTraceOfDiagonal(wanted, of.diagonal).add(lowRankTrace(wanted, of.factor));
  const distance = lowRankDistance(wanted, q.loc.sub(p.loc));
  return divergence(lowRankLogDet(wanted).sub(lowRankLogDet(of)), trace, distance, p.eventShape);
});

registerKl(MultivariateNormal, LowRankMultivariateNormal, (p, q) => {
  checkSameEvents(p, q, "(Low Rank)");
  const wanted = lowRankOf(q);
  const trace = lowRankTrace(wanted, p.scaleTril);
  const distance = lowRankDistance(wanted, q.loc.sub(p.loc));
  return divergence(lowRankLogDet(wanted).sub(logDet(p)), trace, distance, p.eventShape);
});

registerKl(LowRankMultivariateNormal, MultivariateNormal, (p, q) => {
  checkSameEvents(p, q, "(Low Rank)");
  const of = lowRankOf(p);
  const square = (x: Tensor) => solveLower(q.scaleTril, x).square().sum([-2, -1]);
  const trace = square(of.factor).add(square(of.diagonal.sqrt().diagEmbed()));
  const distance = square(q.loc.sub(p.loc).unsqueeze(-1));
  return divergence(logDet(q).sub(lowRankLogDet(of)), trace, distance, p.eventShape);
});
