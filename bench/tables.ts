/** What a run found out, as text for a terminal. */
import type { Column } from "./contender.ts";
import { baseline } from "./contenders.ts";
import type { Measurement } from "./measure.ts";
import { columnsOf, fastest, machineLines, type Report, type Section, sections, threeDigits } from "./report.ts";
import { isMatmul } from "./workloads.ts";

export function tablesText(report: Report): string {
  return [
    ...machineLines(report),
    `In brackets: the time as a multiple of lucidgrad's (${baseline.variant}); above 1 is slower. Medians; of PyTorch the faster`,
    "of one thread and all threads. jax-js and TensorFlow.js have one thread in Node.",
    ...sections.flatMap((section) => sectionText(report, section)),
    ...peakText(report),
    ...problemsText(report),
  ].join("\n");
}

type Cell = (measurement: Measurement, column: Column) => string;

function sectionText(report: Report, section: Section): string[] {
  const measurements = report.measurements.filter(({ workload }) => section.includes(workload));
  if (measurements.length === 0) return [];
  const cell: Cell = (measurement, column) => {
    const timing = fastest(measurement, column);
    if (!timing) return "-";
    const value = threeDigits(section.value(timing.seconds, measurement.workload));
    const base = fastest(measurement, baseline);
    return base ? `${value} (${ratio(timing.seconds / base.seconds)})` : value;
  };
  const agreeing = Math.min(...measurements.map((measurement) => measurement.agreeing));
  const apart = Math.max(...measurements.map((measurement) => measurement.largestDifference));
  const checked =
    agreeing > 1 ? `checked: results of ${agreeing} engines agree to ${apart.toExponential(0)}` : "unchecked";
  const title = `${section.title}: ${section.unit}, ${section.better} is better; ${checked}`;
  return ["", title, ...table(columnsOf(report, measurements), measurements, cell)];
}

function peakText(report: Report): string[] {
  const { microKernelGflops } = report;
  const measurements = report.measurements.filter(({ workload }) => isMatmul(workload));
  if (measurements.length === 0) return [];
  const cell: Cell = (measurement, column) => {
    const { workload } = measurement;
    const timing = fastest(measurement, column);
    return timing && isMatmul(workload)
      ? `${Math.round((100 * workload.flops) / timing.seconds / 1e9 / microKernelGflops)} %`
      : "-";
  };
  const title = `Matrix products: per cent of lucidgrad's micro-kernel on one thread, ${threeDigits(microKernelGflops)} GFLOP/s`;
  return ["", title, ...table(columnsOf(report, measurements), measurements, cell)];
}

function problemsText({ absent, measurements }: Report): string[] {
  const lines = [
    ...absent.map(({ name, reason }) => `${name} did not take part: ${reason}`),
    ...measurements.flatMap(({ workload, failures }) =>
      failures.map(({ name, reason }) => `${name} has no time for ${workload.name}: ${reason}`),
    ),
  ];
  return lines.length > 0 ? ["", ...lines] : [];
}

const ratio = (value: number) => value.toFixed(value < 9.95 ? 2 : 0);

/** A line a workload, numbers under their column's head. */
function table(columns: readonly Column[], measurements: readonly Measurement[], cell: Cell): string[] {
  const rows = [
    ["", ...columns.map(({ project }) => project)],
    ["", ...columns.map(({ variant }) => variant)],
    ...measurements.map((measurement) => [
      measurement.workload.name,
      ...columns.map((column) => cell(measurement, column)),
    ]),
  ];
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map(([name, ...cells]) =>
    [name.padEnd(widths[0]), ...cells.map((text, i) => text.padStart(widths[i + 1]))].join("  "),
  );
}
