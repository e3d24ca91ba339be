/** Jobs in a memory of their own, whose threads end with the test. */
import { afterEach } from "vitest";
import { Jobs } from "../../../../src/tensor/kernels/wasm/jobs.ts";
import { compileModule } from "../../../../src/tensor/kernels/wasm/module.ts";

const opened: Jobs[] = [];

afterEach(() => {
  for (const jobs of opened.splice(0)) jobs.threads = 1;
});

export function makeJobs(threads: number): Jobs {
  const compiled = compileModule();
  if (!compiled) throw new Error("there is no WebAssembly");
  const jobs = new Jobs(compiled, new WebAssembly.Memory({ initial: 1100, maximum: 1100, shared: true }));
  jobs.threads = threads;
  opened.push(jobs);
  return jobs;
}
