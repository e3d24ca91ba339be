/**
 * For Vite: puts a picture into the page, for who has no script or waits for it. It is drawn of what an experiment has measured,
 * docs/experiments/learning-rate.json.
 */
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { curveOver } from "../experiments/support/statistics.ts";
import { curvesOf, type Variant } from "../experiments/support/variants.ts";
import { chartSvg } from "../support/chart.ts";

interface Result {
  readonly variant: Variant;
  readonly lr: number;
  readonly loss: number | null;
}

function picture(): string {
  const file = new URL("../../docs/experiments/learning-rate.json", import.meta.url);
  const { results, steps }: { results: Result[]; steps: number } = JSON.parse(readFileSync(file, "utf8"));
  const points = (variant: Variant) =>
    curveOver(
      results.filter((result) => result.variant === variant),
      ({ lr }) => lr,
      ({ loss }) => loss ?? Number.NaN, // it diverged
    );
  const x = { label: "Learning rate", log: true };
  const y = { label: `Training loss after ${steps} steps`, max: 2.5 };
  return chartSvg({ title: "The story in one picture", panels: [{ x, y, curves: curvesOf(points) }] });
}

export const storyPicture = (): Plugin => ({
  name: "story-picture",
  transformIndexHtml: (html) => html.replace("<!-- the picture of story-plugin.ts -->", picture),
});
