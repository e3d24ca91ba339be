/** The three networks that two experiments compare: a good start without batch norm could do as much as batch norm. */
import { COLORS, type Curve } from "../../support/chart.ts";

const settings = {
  "with batch norm": { batchNorm: "before", weights: "default" },
  without: { batchNorm: "none", weights: "default" },
  "without, He's weights": { batchNorm: "none", weights: "he" },
} as const;

export type Variant = keyof typeof settings;

export const variants = Object.keys(settings) as Variant[];

export const settingsOf = (variant: Variant) => settings[variant];

/** A curve for each, always in the same colours. */
export const curvesOf = (points: (variant: Variant) => Curve["points"]): Curve[] =>
  variants.map((label, i) => ({
    label,
    color: [COLORS.batchNorm, COLORS.plain, COLORS.third][i],
    points: points(label),
  }));
