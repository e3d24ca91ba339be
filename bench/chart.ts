/** What a run found out, as a picture: a panel for each section, a colour for each column of the tables. */
import type { Bar, Figure, Panel } from "../examples/support/chart.ts";
import {
  columnsOf,
  columnTitle,
  fastest,
  machineLines,
  measurementsOf,
  type Report,
  sections,
  threeDigits,
} from "./report.ts";
import type { SectionName } from "./workloads.ts";

/** Shares of the picture's width; others have all of it. */
const widths: Partial<Record<SectionName, number>> = { training: 0.42, product: 0.58, softmax: 0.5, optimizer: 0.5 };

export function chartOf(report: Report): Figure {
  const columns = columnsOf(report, report.measurements);
  const panels = sections.map(({ name, title, unit, better, value }): Panel => {
    const bars = measurementsOf(report, [name]).flatMap((measurement) =>
      columns.flatMap((column): Bar[] => {
        const seconds = fastest(measurement, column)?.seconds;
        if (seconds === undefined) return [];
        const height = value(seconds, measurement.workload);
        const group = measurement.workload.name;
        return [{ group, label: columnTitle(column), color: column.color, value: height, text: threeDigits(height) }];
      }),
    );
    return {
      title,
      y: { label: `${unit}, ${better} is better` },
      width: widths[name] ?? 1,
      bars,
    };
  });
  return {
    title: "lucidgrad beside its peers: the same work, on the same machine, in one run",
    subtitle: [...machineLines(report), "All axes are logarithmic."],
    panels: panels.filter(({ bars }) => bars && bars.length > 0),
  };
}
