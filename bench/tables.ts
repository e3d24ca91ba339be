/** What a run found out, as text for a terminal. */
import type { Column } from "./contender.ts";
import { baseline, pytorchTensors, singleThread } from "./contenders.ts";
import type { Measurement } from "./measure.ts";
import {
  columnsOf,
  fastest,
  gflops,
  machineLines,
  measurementsOf,
  type Report,
  type Section,
  sections,
  threeDigits,
} from "./report.ts";
import { fullName } from "./workloads.ts";

/** lucidgrad's time as a multiple of another's. */
interface Quotient {
  readonly head: readonly [string, string];
  readonly over: Column;
}

const beside: Quotient = { head: ["lucidgrad /", "PyTorch"], over: pytorchTensors };
const quotients = [beside, { head: ["all threads /", "1 thread"], over: singleThread } as const];

export function tablesText(report: Report): string {
  return [
    ...machineLines(report),
    `Medians; of PyTorch the faster of one thread and all threads. jax-js and TensorFlow.js have one thread in Node.`,
    `Times are divided in the last columns: below 1, lucidgrad's ${baseline.variant} takes less.`,
    ...sections.flatMap((section) => sectionText(report, section)),
    ...peakText(report),
    ...summaryText(report),
    ...problemsText(report),
  ].join("\n");
}

function sectionText(report: Report, { name, title, unit, better, value }: Section): string[] {
  const measurements = measurementsOf(report, [name]);
  if (measurements.length === 0) return [];
  const agreeing = Math.min(...measurements.map((measurement) => measurement.agreeing));
  const apart = Math.max(...measurements.map((measurement) => measurement.largestDifference));
  const checked =
    agreeing > 1 ? `checked: results of ${agreeing} engines agree to ${apart.toExponential(0)}` : "unchecked";
  const columns = columnsOf(report, measurements);
  const text = (seconds: number, { workload }: Measurement) => threeDigits(value(seconds, workload));
  const rows = measurements.map((measurement) => [
    ...cells(measurement, columns, text),
    ...quotients.map((quotient) => ratioText(quotientsOf([measurement], quotient))),
  ]);
  const means = quotients.map((quotient) => ratioText(quotientsOf(measurements, quotient)));
  return [
    "",
    `${title}: ${unit}, ${better} is better; ${checked}`,
    ...table([
      ["", ...columns.map(({ project }) => project), ...quotients.map(({ head }) => head[0])],
      ["", ...columns.map(({ variant }) => variant), ...quotients.map(({ head }) => head[1])],
      ...rows.map((row, i) => [measurements[i].workload.name, ...row]),
      ["geometric mean", ...columns.map(() => ""), ...means],
    ]),
  ];
}

function peakText(report: Report): string[] {
  const { microKernelGflops } = report;
  const measurements = measurementsOf(report, ["product"]);
  if (measurements.length === 0) return [];
  const columns = columnsOf(report, measurements);
  const share = (seconds: number, { workload }: Measurement) =>
    `${Math.round((100 * gflops(seconds, workload)) / microKernelGflops)} %`;
  return [
    "",
    `Matrix products: per cent of lucidgrad's micro-kernel on one thread, ${threeDigits(microKernelGflops)} GFLOP/s`,
    ...table([
      ["", ...columns.map(({ project }) => project)],
      ["", ...columns.map(({ variant }) => variant)],
      ...measurements.map((measurement) => [measurement.workload.name, ...cells(measurement, columns, share)]),
    ]),
  ];
}

function summaryText(report: Report): string[] {
  const operations = measurementsOf(report, ["elementwise", "reduction", "layer", "softmax", "optimizer"]);
  const ratios = quotientsOf(operations, beside);
  if (ratios.length === 0) return [];
  return [
    "",
    `All ${ratios.length} operations but products: lucidgrad / PyTorch has a geometric mean of ${ratioText(ratios)}`,
  ];
}

function problemsText({ absent, measurements }: Report): string[] {
  const failed = new Map<string, string[]>();
  for (const { workload, failures } of measurements) {
    for (const { name, reason } of failures) {
      const line = `${name}: ${reason}`;
      failed.set(line, [...(failed.get(line) ?? []), fullName(workload)]);
    }
  }
  const lines = [
    ...absent.map(({ name, reason }) => `${name} did not take part: ${reason}`),
    ...[...failed].map(([line, names]) => `${line} (no time for ${names.join(", ")})`),
  ];
  return lines.length > 0 ? ["", ...lines] : [];
}

const cells = (
  measurement: Measurement,
  columns: readonly Column[],
  text: (seconds: number, measurement: Measurement) => string,
) =>
  columns.map((column) => {
    const timing = fastest(measurement, column);
    return timing ? text(timing.seconds, measurement) : "-";
  });

/** Of those measurements that have both times. */
const quotientsOf = (measurements: readonly Measurement[], { over }: Quotient) =>
  measurements.flatMap((measurement) => {
    const [own, other] = [fastest(measurement, baseline), fastest(measurement, over)];
    return own && other ? [own.seconds / other.seconds] : [];
  });

/** The geometric mean of some quotients. */
function ratioText(quotients: readonly number[]): string {
  if (quotients.length === 0) return "-";
  const logarithms = quotients.reduce((sum, quotient) => sum + Math.log(quotient), 0);
  return Math.exp(logarithms / quotients.length).toFixed(2);
}

/** Numbers under their columns' heads. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map(([name, ...cells]) =>
    [name.padEnd(widths[0]), ...cells.map((text, i) => text.padStart(widths[i + 1]))].join("  "),
  );
}
