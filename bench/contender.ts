/** A running contender: its process, and what it is asked. Read next: serve.ts, which is the other end. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Replies, Request } from "./serve.ts";

/** A column of the tables and a colour of the chart. Of several contenders in a column the fastest counts. */
export interface Column {
  readonly project: string;
  readonly variant: string;
  readonly color: string;
}

export interface ContenderSpec {
  readonly name: string;
  readonly column: Column;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Takes part in the training only. */
  readonly trainingOnly?: boolean;
}

/** A contender without a timing. */
export interface Failure {
  readonly name: string;
  readonly reason: string;
}

const PATIENCE_SECONDS = 300;

export class Contender {
  readonly name: string;
  readonly column: Column;
  readonly trainingOnly: boolean;
  version = "";
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #complaints = "";
  #ending = "";

  private constructor({ name, column, command: [program, ...args], env = {}, trainingOnly = false }: ContenderSpec) {
    this.name = name;
    this.column = column;
    this.trainingOnly = trainingOnly;
    this.#process = spawn(program, args, { env: { ...process.env, ...env } });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-2000);
    });
    this.#process.on("error", (error) => {
      this.#ending = error.message;
    });
    this.#process.stdin.on("error", () => {}); // the process has ended, which the missing answer tells
  }

  /** @throws with the reason why it does not run */
  static async start(spec: ContenderSpec): Promise<Contender> {
    const contender = new Contender(spec);
    try {
      contender.version = (await contender.#answer<{ version: string }>()).version;
    } catch (error) {
      contender.close();
      throw error;
    }
    return contender;
  }

  /** @throws if it fails, ends or does not answer */
  ask<R extends Request>(request: R): Promise<Replies[R["command"]]> {
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    return this.#answer();
  }

  close(): void {
    this.#process.kill();
  }

  async #answer<Reply>(): Promise<Reply> {
    const timer = setTimeout(() => {
      this.#ending = `no answer within ${PATIENCE_SECONDS} seconds`;
      this.#process.kill("SIGKILL");
    }, PATIENCE_SECONDS * 1000);
    const line = await this.#answers.next();
    clearTimeout(timer);
    if (line.done) throw new Error(this.#ending || lastLine(this.#complaints) || "the process ended");
    const reply: Reply & { error?: string } = JSON.parse(line.value);
    if (reply.error !== undefined) throw new Error(reply.error.split("\n")[0]);
    return reply;
  }
}

const lastLine = (text: string) => text.trimEnd().split("\n").at(-1)!;
