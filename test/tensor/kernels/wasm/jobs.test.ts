/** Jobs whose operands do not fit, or that have more blocks than a ticket can count. */
import { describe, expect, it } from "vitest";
import { type Jobs, STAGE_BYTES } from "../../../../src/tensor/kernels/wasm/jobs.ts";
import { makeJobs } from "./make-jobs.ts";

/** -x, in blocks of at least so many elements. */
function negative(jobs: Jobs, x: Float32Array, atLeast: number): Float32Array {
  const out = new Float32Array(x.length);
  jobs.run("neg", x.length, atLeast, [x.length, jobs.output(out), jobs.input(x), 0, 1]);
  jobs.finish();
  return out;
}

describe("out of staging memory", () => {
  it("is an error, after which the operands of that job are nobody's results", () => {
    const jobs = makeJobs(1);
    const kept = Float32Array.of(1, 2, 3);
    for (let tries = 0; tries < 3; tries++) {
      jobs.output(kept);
      expect(() => jobs.stage(STAGE_BYTES)).toThrow(new RangeError("out of staging memory"));
      expect([...negative(jobs, Float32Array.of(7, 8, 9), 1)]).toEqual([-7, -8, -9]);
      expect([...kept]).toEqual([1, 2, 3]);
    }
  });

  it("leaves all of the memory to the next job", () => {
    const jobs = makeJobs(1);
    for (let tries = 0; tries < 3; tries++) {
      const most = jobs.stage(STAGE_BYTES - 64);
      expect(() => jobs.stage(1)).toThrow(RangeError);
      expect(jobs.stage(STAGE_BYTES - 64)).toBe(most);
      jobs.finish();
    }
  });
});

it.each([65_534, 65_535, 65_536, 65_537, 200_000])(
  "%i blocks of one element are all done, by two threads",
  (length) => {
    const x = Float32Array.from({ length }, (_, k) => k + 1);
    const out = negative(makeJobs(2), x, 1);
    expect(out.findIndex((value, k) => value !== -x[k])).toBe(-1);
  },
);
