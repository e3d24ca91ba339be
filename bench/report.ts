/** What a run found out: the contents of results.json. */
import { availableParallelism, cpus } from "node:os";
import type { Column, Failure } from "./contender.ts";
import type { Measurement, Timing } from "./measure.ts";
import type { Settings } from "./settings.ts";
import { isTraining, type SectionName, STEPS_PER_EPOCH, type Workload } from "./workloads.ts";

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
  readonly name: SectionName;
  readonly title: string;
  readonly unit: string;
  readonly better: "lower" | "higher";
  readonly value: (seconds: number, workload: Workload) => number;
}

const inMicroseconds = { unit: "microseconds", better: "lower", value: (seconds: number) => seconds * 1e6 } as const;

export const sections: readonly Section[] = [
  {
    name: "training",
    title: "Training on MNIST",
    unit: "seconds an epoch",
    better: "lower",
    value: (seconds) => seconds * STEPS_PER_EPOCH,
  },
  {
    name: "product",
    title: "Matrix products",
    unit: "GFLOP/s",
    better: "higher",
    value: gflops,
  },
  { name: "elementwise", title: "Element by element, 1,000,000 of them", ...inMicroseconds },
  { name: "reduction", title: "Reductions of 1024×1000", ...inMicroseconds },
  { name: "layer", title: "Normalization, pooling and embedding, with gradients", ...inMicroseconds },
  { name: "softmax", title: "Softmax and cross entropy of 1024×1000", ...inMicroseconds },
  { name: "optimizer", title: "Optimizers, 1,000,000 parameters", ...inMicroseconds },
  { name: "network", title: "Networks, a training step", ...inMicroseconds },
];

export const measurementsOf = ({ measurements }: Report, names: readonly SectionName[]) =>
  measurements.filter(({ workload }) => names.includes(workload.section));

/** Thousand millions of multiplications and additions a second, of a matrix product. */
export function gflops(seconds: number, workload: Workload): number {
  if (isTraining(workload)) return Number.NaN;
  const [[m, k], [, n]] = workload.inputs.map(({ shape }) => shape);
  return (2 * m * k * n) / seconds / 1e9;
}

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
