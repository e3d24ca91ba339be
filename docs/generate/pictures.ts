/** The graphs that the guide shows, drawn by the engine itself. */
import { tensor, toSvg } from "lucidgrad";

/** Path to SVG text. */
export function drawPictures(): Map<string, string> {
  const p = tensor(2, { requiresGrad: true });
  const q = tensor(3, { requiresGrad: true });
  const diamond = toSvg(p.mul(q).add(p), Object.entries({ p, q }));
  return new Map([["docs/guide/02-autograd.svg", diamond]]);
}
