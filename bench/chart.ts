/** What a run found out, as a picture: a panel for each section, a colour for each column of the tables. */
import { renderPng } from "../examples/support/render-png.ts";
import { barChartSvg, type Group, type Panel } from "./bar-chart.ts";
import type { Column } from "./contender.ts";
import type { Measurement } from "./measure.ts";
import {
  columnsOf,
  columnTitle,
  fastest,
  machineLines,
  type Report,
  type Section,
  sections,
  threeDigits,
} from "./report.ts";

/** PNG bytes; null if nothing was measured. */
export async function drawChart(report: Report): Promise<Uint8Array | null> {
  const columns = columnsOf(report, report.measurements);
  if (columns.length === 0) return null;
  const [training, products, operations] = sections.map((section) => panels(report, section, columns));
  const svg = barChartSvg({
    title: "lucidgrad beside its peers: the same work, on the same machine, in one run",
    subtitle: machineLines(report),
    series: columns.map((column) => ({ label: columnTitle(column), color: column.color })),
    rows: [[...training, ...products], operations].filter((row) => row.length > 0),
  });
  return renderPng(svg);
}

/** The section's panel, if it has any bars. */
function panels(report: Report, section: Section, columns: readonly Column[]): Panel[] {
  const toGroup = (measurement: Measurement): Group => {
    const { workload } = measurement;
    const bars = columns.map((column) => {
      const timing = fastest(measurement, column);
      if (!timing) return null;
      const value = section.value(timing.seconds, workload);
      return { value, text: threeDigits(value) };
    });
    return { label: section.label(workload), bars };
  };
  const measured = report.measurements.filter(
    ({ workload, timings }) => section.includes(workload) && timings.length > 0,
  );
  if (measured.length === 0) return [];
  const title = `${section.title} (${section.better} is better)`;
  return [{ title, yLabel: `${section.unit}, logarithmic`, groups: measured.map(toGroup) }];
}
