// biome-ignore-all format: an example stands on the page as it is written here
/** Examples of seeing.md. */
import { NetworkSummary, nn, summary, tensor, toDot, toSvg } from "lucidgrad";
import type { Example } from "./types.ts";

export const seeing: Record<"toDot" | "toSvg" | "summary" | "NetworkSummary", Example> = {
  toDot: () => {
    const a = tensor(2, { requiresGrad: true });
    console.log(toDot(a.mul(3), [["a", a]]));
  },
  toSvg: () => {
    const a = tensor(2, { requiresGrad: true });
    const svg = toSvg(a.mul(3).add(a), [["a", a]]); // writeFileSync("graph.svg", svg)
    console.log(svg.split("<rect").length - 2, "boxes,", svg.split("marker-end").length - 1, "arrows");
  },
  NetworkSummary: () => {
    const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU());
    const table = summary(model, [1, 4]);
    console.log(table instanceof NetworkSummary, table.parameters, table.layers[1].outputShape);
  },
  summary: () => {
    const model = new nn.Sequential(new nn.Conv2d(1, 8, 3), new nn.ReLU(), new nn.Flatten(), new nn.Linear(8 * 26 * 26, 10));
    console.log(summary(model, [1, 1, 28, 28]));
  },
};
