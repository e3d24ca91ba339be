/**
 * A progress bar: one line of a terminal, drawn over itself, and gone when all is done.
 * Where the output is a file or a pipe it stays silent; the lines that the program prints are enough there.
 */
import { widthOf } from "./columns.ts";
import { say } from "./texts.ts";

export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 100; // often enough to look alive, rare enough to cost nothing
const BAR_CELLS = 20;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const ERASE_LINE = "\r\x1b[K";

export interface ProgressOptions {
  /** Default: "samples". */
  readonly unit?: keyof typeof say.units;
  /** Default: stderr, so that the bar is seen even while the results on stdout go to a file. */
  readonly terminal?: Terminal;
  /** Milliseconds. */
  readonly now?: () => number;
}

const count = (n: number, fractionDigits = 0) => n.toLocaleString("en-US", { maximumFractionDigits: fractionDigits });

/** The bar moves in eighths of a cell. */
function bar(fraction: number, cells: number): string {
  const eighths = Math.floor(fraction * cells * 8);
  return ("█".repeat(eighths >> 3) + EIGHTHS[eighths % 8]).padEnd(cells);
}

/** 0:02, 12:34 or 1:02:03 */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(String);
  return h === "0" ? `${m}:${s.padStart(2, "0")}` : `${h}:${m.padStart(2, "0")}:${s.padStart(2, "0")}`;
}

export class Progress {
  readonly #label: string;
  readonly #total: number;
  readonly #unit: string;
  readonly #terminal: Terminal;
  readonly #now: () => number;
  readonly #start: number;
  #drawn = Number.NEGATIVE_INFINITY; // when the line was last drawn

  constructor(label: string, total: number, options: ProgressOptions = {}) {
    const { unit = "samples", terminal = process.stderr, now = () => performance.now() } = options;
    this.#label = label;
    this.#total = total;
    this.#unit = `${say.units[unit]}/${say.second}`;
    this.#terminal = terminal;
    this.#now = now;
    this.#start = now();
  }

  /** Tells how many of `total` are done; cheap enough to call at every step. */
  update(done: number): void {
    const now = this.#now();
    if (!this.#terminal.isTTY || now - this.#drawn < REDRAW_MS) return;
    this.#drawn = now;
    this.#terminal.write(ERASE_LINE + this.#line(done, (now - this.#start) / 1000));
  }

  /** Clears the line, for the caller to print on. Where it is not the end, the next update draws it again. */
  clear(): void {
    if (Number.isFinite(this.#drawn)) this.#terminal.write(ERASE_LINE);
    this.#drawn = Number.NEGATIVE_INFINITY;
  }

  /** Prints a line above the bar. */
  print(text: string): void {
    this.clear();
    console.log(text);
  }

  /** As many details as the terminal is wide, the most telling first. A full last column would wrap the line. */
  #line(done: number, seconds: number): string {
    const room = (this.#terminal.columns || 80) - 1; // a pseudo-terminal may claim 0 columns
    const fraction = this.#total > 0 ? Math.min(1, done / this.#total) : 1;
    let line = this.#label;
    for (const part of [bar(fraction, BAR_CELLS), ...this.#details(done, fraction, seconds)]) {
      if (widthOf(line) + 2 + widthOf(part) > room) break;
      line += `  ${part}`;
    }
    return widthOf(line) > room ? "" : line;
  }

  #details(done: number, fraction: number, seconds: number): string[] {
    const total = count(this.#total);
    const shown = [`${Math.floor(100 * fraction)}%`.padStart(4), `${count(done).padStart(total.length)}/${total}`];
    if (done === 0 || seconds === 0) return shown; // no speed to tell yet
    const speed = done / seconds;
    const left = Math.max(0, this.#total - done) / speed;
    return [...shown, `${count(speed, speed < 10 ? 1 : 0)} ${this.#unit}`, say.left(clock(left))];
  }
}
