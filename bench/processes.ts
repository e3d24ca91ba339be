/**
 * What whole processes take, which a loop inside of one does not show: a start, a first epoch, memory, and a machine that
 * another program uses, too. The example trains its networks for a few epochs, in a process of its own each time.
 *
 *   npm run bench:processes
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Metrics } from "../examples/support/report.ts";
import { median } from "./measure.ts";
import { threeDigits } from "./report.ts";

const ROUNDS = 3;
const EPOCHS = 4;
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "lucidgrad-processes-"));

/** What Node says on stderr, and writes on stdout. */
function runNode(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const options = { encoding: "utf8", cwd: folder, env: { ...process.env, ...env } } as const;
  const { stdout, stderr, status } = spawnSync(process.execPath, args, options);
  if (status !== 0) throw new Error(`node ${args.join(" ")} failed: ${stderr.slice(-500)}`);
  return { stdout, stderr };
}

/** As users have it: what `npm pack` makes. */
function installPackage(): void {
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], {
    cwd: root,
    encoding: "utf8",
  });
  const place = join(folder, "node_modules/lucidgrad");
  mkdirSync(place, { recursive: true });
  execFileSync("tar", ["-xzf", packed.trim().split("\n").at(-1)!, "--strip-components=1", "-C", place], {
    cwd: folder,
  });
}

/** Milliseconds from the import of the package to its first product. */
function startPackage(): number {
  const program = `
    const start = performance.now();
    const { rand } = await import("lucidgrad");
    rand([64, 64]).matmul(rand([64, 64]));
    console.log(performance.now() - start);`;
  return Number(runNode(["--input-type=module", "--eval", program]).stdout);
}

/** Seconds an epoch with batch norm, and the most memory that the whole program had. */
function runExample(threads: number) {
  const tellMemory = 'process.on("exit", () => console.error(process.resourceUsage().maxRSS))';
  const program = join(root, "examples/mnist-batchnorm.ts");
  const args = [
    ...process.execArgv,
    "--import",
    `data:text/javascript,${tellMemory}`,
    program,
    "--epochs",
    `${EPOCHS}`,
  ];
  const { stderr } = runNode([...args, "--out", folder], { LUCIDGRAD_THREADS: `${threads}` });
  const { training }: Metrics = JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8"));
  const [first, ...later] = training.batchNorm!.secondsPerEpoch;
  return { first, later: median(later), megabytes: Number(stderr.trim().split("\n").at(-1)) / 1024 };
}

function besideBusyProgram<T>(work: () => T): T {
  const busy = spawn(process.execPath, ["--eval", "for (;;);"]);
  try {
    return work();
  } finally {
    busy.kill();
  }
}

const cores = availableParallelism();
function measureRound() {
  const [one, all] = besideBusyProgram(() => [runExample(1).later, runExample(cores).later]);
  return { start: startPackage(), idle: runExample(cores), busy: { one, all } };
}

const rows: Record<string, (round: ReturnType<typeof measureRound>) => number> = {
  "import of the package and a product of 64×64, milliseconds": ({ start }) => start,
  "example, first epoch with batch norm, seconds": ({ idle }) => idle.first,
  "example, a later epoch, seconds": ({ idle }) => idle.later,
  "example, first epoch / later ones": ({ idle }) => idle.first / idle.later,
  "example, most memory, MiB": ({ idle }) => idle.megabytes,
  "an epoch beside a busy program, one thread, seconds": ({ busy }) => busy.one,
  "an epoch beside a busy program, all threads, seconds": ({ busy }) => busy.all,
  "beside a busy program, all threads / one": ({ busy }) => busy.all / busy.one,
};

try {
  installPackage();
  const rounds = Array.from({ length: ROUNDS }, (_, i) => {
    process.stderr.write(`round ${i + 1} of ${ROUNDS}\n`);
    return measureRound();
  });
  const width = Math.max(...Object.keys(rows).map(({ length }) => length));
  console.log(`Node ${process.versions.node}, ${cores} cores: the median of ${ROUNDS} rounds (least to greatest)`);
  for (const [title, value] of Object.entries(rows)) {
    const values = rounds.map(value).sort((a, b) => a - b);
    const [least, middle, greatest] = [values[0], median(values), values[values.length - 1]].map(threeDigits);
    console.log(`${title.padEnd(width)}  ${middle.padStart(6)}  (${least} to ${greatest})`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
