/** Stopping in an orderly way: at Ctrl-C, when the system wants the program to end, or when its terminal is closed. */
import { constants } from "node:os";
import { setImmediate } from "node:timers/promises";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What a loop that is told to stop throws. */
export class Interrupted extends Error {}

/** Listens for these signals: the first stops the program at the next check, with its exit code; a second one at once. */
export class Interrupt {
  #happened = false;

  constructor() {
    const stop = (signal: NodeJS.Signals) => {
      this.#happened = true;
      process.exitCode = 128 + constants.signals[signal];
      for (const name of signals) process.off(name, stop);
      // A terminal that is gone takes no text, but the results are still to be written.
      for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
    };
    for (const name of signals) process.on(name, stop);
  }

  /**
   * A signal is delivered only while nothing is being computed, so a long loop awaits this now and then.
   * @throws Interrupted if there was one
   */
  async check(): Promise<void> {
    await setImmediate();
    if (this.#happened) throw new Interrupted();
  }
}
