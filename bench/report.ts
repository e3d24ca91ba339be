/** What a run found out: the contents of results.json. */
import { availableParallelism, cpus } from "node:os";
import type { Column, Failure } from "./contender.ts";
import type { Measurement, Timing } from "./measure.ts";
import type { Settings } from "./settings.ts";
import { isMatmul, isTraining, STEPS_PER_EPOCH, type Workload } from "./workloads.ts";

export interface Report {
  readonly date: string;
  readonly machine: Machine;
  readonly mode: Settings["mode"];
  /** On one thread: what a matrix product of lucidgrad's can at best reach. */
  readonly microKernelGflops: number;
  readonly contenders: readonly { name: string; column: Column; version: string }[];
  /** Who could not take part. */
  readonly absent: readonly Failure[];
  readonly measurements: readonly Measurement[];
}

interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  /** Variables that steer PyTorch's libraries, as they were found. */
  readonly environment: Readonly<Record<string, string>>;
}

export function describeMachine(): Machine {
  const steering = Object.entries(process.env).filter(([name]) => /^(OPENBLAS|OMP|MKL|GOTO|DNNL|ONEDNN)_/.test(name));
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown processor",
    cores: availableParallelism(),
    node: process.version.slice(1),
    environment: Object.fromEntries(steering.map(([name, value]) => [name, value ?? ""])),
  };
}

/** What was measured on what, for people. */
export function machineLines({ machine, contenders }: Report): string[] {
  const { cpu, cores, node, environment } = machine;
  const versions = new Map(contenders.map(({ column, version }) => [column.project, version]));
  const projects = [...versions].map(([project, version]) => `${project} ${version}`);
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return [
    [`${cpu}, ${cores} ${cores === 1 ? "core" : "cores"}`, `Node ${node}`, ...projects].join(" · "),
    ...(variables.length > 0 ? [`PyTorch's libraries are steered by ${variables.join(" ")}`] : []),
  ];
}

/** Workloads that are shown together, in one unit. */
export interface Section {
  readonly title: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
  readonly includes: (workload: Workload) => boolean;
  readonly value: (seconds: number, workload: Workload) => number;
  /** The workload's name under the section's title, in lines. */
  readonly label: (workload: Workload) => string[];
}

export const sections: readonly Section[] = [
  {
    title: "Training on MNIST",
    unit: "seconds an epoch",
    better: "lower",
    includes: isTraining,
    value: (seconds) => seconds * STEPS_PER_EPOCH,
    label: ({ name }) => [name.replace("training, ", "")],
  },
  {
    title: "Matrix products",
    unit: "GFLOP/s",
    better: "higher",
    includes: isMatmul,
    value: (seconds, workload) => (isMatmul(workload) ? workload.flops / seconds / 1e9 : Number.NaN),
    label: ({ name }) => [name.replace("matmul ", "")],
  },
  {
    title: "Operations",
    unit: "microseconds",
    better: "lower",
    includes: (workload) => !isTraining(workload) && !isMatmul(workload),
    value: (seconds) => seconds * 1e6,
    label: ({ name }) => [name.slice(0, name.lastIndexOf(" ")), name.slice(name.lastIndexOf(" ") + 1)],
  },
];

export const columnTitle = ({ project, variant }: Column) => `${project} ${variant}`;

/** The fastest of a column's contenders. */
export function fastest({ timings }: Measurement, column: Column): Timing | undefined {
  const own = timings.filter((timing) => timing.column === column);
  return own.toSorted((a, b) => a.seconds - b.seconds).at(0);
}

/** The columns that have something to show for these measurements, in the contenders' order. */
export function columnsOf({ contenders }: Report, measurements: readonly Measurement[]): Column[] {
  const columns = new Set(contenders.map(({ column }) => column));
  return [...columns].filter((column) => measurements.some((measurement) => fastest(measurement, column)));
}

/** A number as people compare them: three digits, and never a power of ten. */
export function threeDigits(value: number): string {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(value)));
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
