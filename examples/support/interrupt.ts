/** Stopping at Ctrl-C in an orderly way. */
import { setImmediate } from "node:timers/promises";

/** What a loop that is told to stop throws. */
export class Interrupted extends Error {}

/** Listens for Ctrl-C: the first stops the program at the next check, a second one at once. */
export class Interrupt {
  #happened = false;

  constructor() {
    process.once("SIGINT", () => {
      this.#happened = true;
    });
  }

  /**
   * A signal is delivered only while nothing is being computed, so a long loop awaits this now and then.
   * @throws Interrupted if Ctrl-C was pressed
   */
  async check(): Promise<void> {
    await setImmediate();
    if (this.#happened) throw new Interrupted();
  }
}
