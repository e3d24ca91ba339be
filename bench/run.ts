/**
 * lucidgrad beside jax-js, TensorFlow.js and PyTorch: the same work, in one run.
 *
 *   npm run bench                    all of it, in about ten minutes
 *   npm run bench -- --help          all settings
 *
 * Read next: workloads.ts, what is measured; measure.ts, how; engines/, by whom.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chartSvg } from "../examples/support/chart.ts";
import { renderPng } from "../examples/support/render-png.ts";
import { chartOf } from "./chart.ts";
import { Contender, type ContenderSpec } from "./contender.ts";
import { findContenders } from "./contenders.ts";
import { type Measurement, measure } from "./measure.ts";
import { microKernelGflops } from "./micro-kernel.ts";
import { describeMachine, type Report } from "./report.ts";
import { parseSettings } from "./settings.ts";
import { tablesText } from "./tables.ts";
import { fullName } from "./workloads.ts";

const settings = parseSettings(process.argv.slice(2));
const machine = describeMachine();

const { specs, absent } = await findContenders();
const measurements: Measurement[] = [];
const versions = new Map<ContenderSpec, string>();
const failures = new Map(absent.map((failure) => [failure.name, failure]));

/** Those that run, in processes of their own. */
async function startContenders(): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (const spec of specs) {
    try {
      const contender = await Contender.start(spec);
      contenders.push(contender);
      versions.set(spec, contender.version);
    } catch (error) {
      failures.set(spec.name, { name: spec.name, reason: (error as Error).message });
    }
  }
  return contenders;
}

// Each kind of work has new processes: compilers would remember the other kinds, which a program does not do.
for (const section of new Set(settings.workloads.map(({ section }) => section))) {
  const contenders = await startContenders();
  for (const workload of settings.workloads.filter((workload) => workload.section === section)) {
    process.stderr.write(`measuring ${fullName(workload)}\n`);
    measurements.push(await measure(workload, contenders, settings.effort));
  }
  for (const contender of contenders) contender.close();
}

const report: Report = {
  date: new Date().toISOString(),
  machine,
  mode: settings.mode,
  microKernelGflops: microKernelGflops(),
  contenders: [...versions].map(([{ name, column }, version]) => ({ name, column, version })),
  absent: [...failures.values()],
  measurements,
};
process.stdout.write(`\n${tablesText(report)}\n\n`);

function write(name: string, contents: string | Uint8Array): void {
  const path = join(settings.out, name);
  writeFileSync(path, contents);
  console.log(`Wrote ${path}`);
}
write("results.json", `${JSON.stringify(report, null, 2)}\n`);
const chart = chartOf(report);
if (chart.panels.length > 0) write("bench.png", await renderPng(chartSvg(chart)));
