/** Cases in which lucidgrad and PyTorch differ, each made as small as it gets. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer } from "../answer-files.ts";
import { type Comparing, compare, withNumbers } from "../answers.ts";
import { runPyTorch } from "../python.ts";
import { type Program, type Recorded, record, torch } from "../torch.ts";
import { replay } from "./replay.ts";
import { isAsNear } from "./rounding.ts";
import { smaller } from "./shrink.ts";

const PYTORCH_THROWS = "PyTorch throws";
/** How many smaller programs of each are tried at once. */
const TRIED = 40;
const ROUNDS = 30;

export interface RandomCase {
  readonly name: string;
  /** The same each time. */
  readonly run: () => unknown;
  readonly comparing: Comparing;
}

export interface Disagreement {
  readonly name: string;
  readonly program: Program;
  readonly comparing: Comparing;
  readonly problem: string;
}

/** How a program went here. */
type Ran = Pick<Disagreement, "name" | "comparing"> & { readonly recorded: Recorded };

/** What PyTorch makes of each: its outcome, or why it has none. Of float64, what is float32 is in float64, too. */
function askPyTorch(programs: readonly Program[], dtype: "float32" | "float64" = "float32"): (unknown[] | string)[] {
  const folder = mkdtempSync(join(tmpdir(), "random-"));
  const [asked, answered] = ["programs", "answers"].map((name) => join(folder, `${name}.txt`));
  try {
    writeFileSync(
      asked,
      JSON.stringify(programs.map((program, i) => ({ file: "", name: String(i), hash: "", program }))),
    );
    const complaints = runPyTorch("answers.py", asked, answered, dtype);
    if (!existsSync(answered)) {
      if (complaints.includes("Traceback")) throw new Error(complaints); // else it is the C library's, of its heap
      if (programs.length < 2) return programs.map(() => `${PYTORCH_THROWS} nothing, but breaks off`);
      const half = Math.ceil(programs.length / 2);
      return [programs.slice(0, half), programs.slice(half)].flatMap((half) => askPyTorch(half, dtype));
    }
    const failures = [...complaints.matchAll(/^: (\d+): (.*)$/gm)];
    const answers: Answer[] = JSON.parse(readFileSync(answered, "utf8"), withNumbers);
    const outcomes = new Map<string, unknown[] | string>([
      ...failures.map(([, name, why]) => [name, `${PYTORCH_THROWS} ${why}`] as const),
      ...answers.map(({ name, outcome }) => [name, outcome] as const),
    ]);
    return programs.map((_, i) => outcomes.get(String(i)) ?? PYTORCH_THROWS);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of errors it matters that there is one; what it says, tests compare. */
function problemOf({ recorded, comparing }: Ran, outcome: unknown[] | string): string | null {
  if (typeof outcome === "string") return outcome.includes("please report a bug to PyTorch") ? null : outcome;
  const failed = recorded.observations.some(({ isError, value }) => isError && value !== "no error");
  try {
    compare(recorded, outcome, failed ? { ...comparing, ownWords: "" } : comparing);
    return null;
  } catch (problem) {
    return (problem as Error).message.split("\n")[0];
  }
}

/** Those that are not like PyTorch's, unless PyTorch's own numbers are as far from what they would be with more digits. */
function disagreementsAmong(cases: readonly Ran[]): (Disagreement | null)[] {
  const outcomes = askPyTorch(cases.map(({ recorded }) => recorded.program));
  const found = cases.map((ran, i) => {
    const problem = problemOf(ran, outcomes[i]);
    return problem === null ? null : { ...ran, program: ran.recorded.program, problem, outcome: outcomes[i] };
  });
  const doubtful = found.filter((one) => one !== null);
  const exact =
    doubtful.length > 0
      ? askPyTorch(
          doubtful.map(({ program }) => program),
          "float64",
        )
      : [];
  const rounded = new Set(doubtful.filter((one, i) => isRounding(one, one.outcome, exact[i])));
  return found.map((one) => (one && rounded.has(one) ? null : one));
}

function isRounding({ recorded, comparing }: Ran, outcome: unknown[] | string, exact: unknown[] | string): boolean {
  const { observations, result } = recorded;
  if (typeof outcome === "string" || typeof exact === "string") return false;
  const mine = [...observations.map(({ value }) => value), result];
  return isAsNear(mine, outcome, exact, { atol: 0, rtol: 0, ...comparing });
}

/** What is done; where that is an error here, that it is one. */
function recordOf(run: () => unknown): Recorded {
  try {
    return record(run);
  } catch {
    return record(() => void torch.error(run, null));
  }
}

/** Those of these cases in which PyTorch has another outcome. */
export function disagreements(cases: readonly RandomCase[]): Disagreement[] {
  const ran = cases.map(({ name, run, comparing }) => ({ name, comparing, recorded: recordOf(run) }));
  return disagreementsAmong(ran).filter((found) => found !== null);
}

/** What PyTorch refuses for another reason is another disagreement. */
const kindOf = ({ problem }: Disagreement): string =>
  problem.startsWith(PYTORCH_THROWS) ? problem.replaceAll(/\d+/g, "") : "another outcome";

/** A disagreement that is being made smaller, and the smaller ones that have not been tried. */
interface Shrinking {
  least: Disagreement;
  untried: Program[];
}

function replayed({ name, comparing }: Disagreement, program: Program): Ran[] {
  try {
    return [{ name, comparing, recorded: replay(program) }];
  } catch {
    return [];
  }
}

/** Each with as little in it as still disagrees. PyTorch is asked about some smaller ones of all of them at once. */
export function minimised(found: readonly Disagreement[]): Disagreement[] {
  const all = found.map((least): Shrinking => ({ least, untried: smaller(least.program) }));
  for (let [round, open] = [0, all]; round < ROUNDS && open.length > 0; round++) {
    const tried = open.map(({ least, untried }) =>
      untried.splice(0, TRIED).flatMap((program) => replayed(least, program)),
    );
    const judged = disagreementsAmong(tried.flat());
    for (const [i, shrinking] of open.entries()) {
      const own = judged.splice(0, tried[i].length);
      const better = own.find((one) => one !== null && kindOf(one) === kindOf(shrinking.least));
      if (better) Object.assign(shrinking, { least: better, untried: smaller(better.program) });
    }
    open = open.filter(({ untried }) => untried.length > 0);
  }
  return all.map(({ least }) => least);
}
