/** A console that prints as Node's does, to a function instead of a terminal. */
import { format, inspect } from "node-inspect-extracted";
import type { Stream } from "./messages.ts";
import { cutStack } from "./problems.ts";
import { tableText } from "./table.ts";

/** What a console of Node has and this one, too. */
export function makeConsole(write: (stream: Stream, text: string) => void) {
  let indentation = "";
  const started = new Map<string, number>();
  const counts = new Map<string, number>();

  const print = (stream: Stream, text: string): void =>
    write(stream, `${indentation}${text.replaceAll("\n", `\n${indentation}`)}\n`);
  const printer =
    (stream: Stream) =>
    (...values: unknown[]): void => {
      values.forEach(cutStack);
      print(stream, format(...values));
    };
  const log = printer("out");
  const error = printer("err");

  /** `label: 12.345ms`, if the clock was started. */
  function timeLog(label = "default", ...values: unknown[]): void {
    const start = started.get(label);
    if (start === undefined) error(`Warning: No such label '${label}' for console.timeLog()`);
    else log("%s: %s", label, durationText(performance.now() - start), ...values);
  }

  return {
    log,
    info: log,
    debug: log,
    error,
    warn: error,
    trace: (...values: unknown[]) => error(`Trace${values.length > 0 ? `: ${format(...values)}` : ""}`),
    dir: (value: unknown, options?: object) => print("out", inspect(value, { customInspect: false, ...options })),
    assert(condition?: unknown, ...values: unknown[]): void {
      if (condition) return;
      if (typeof values[0] === "string") values[0] = `Assertion failed: ${values[0]}`;
      else values.unshift("Assertion failed");
      error(...values);
    },
    table(data?: unknown, columns?: readonly string[]): void {
      if (typeof data !== "object" || data === null) log(data);
      else print("out", tableText(data, columns));
    },
    group(...values: unknown[]): void {
      if (values.length > 0) log(...values);
      indentation += "  ";
    },
    groupEnd(): void {
      indentation = indentation.slice(2);
    },
    count(label = "default"): void {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      log(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = "default"): void => void counts.delete(label),
    time: (label = "default"): void => void started.set(label, performance.now()),
    timeLog,
    timeEnd(label = "default"): void {
      timeLog(label);
      started.delete(label);
    },
  };
}

/** As Node's: `12.345ms`, `1.234s`, `1:02.345 (m:ss.mmm)`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Number(milliseconds.toFixed(3))}ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(3)}s`;
  const [minutes, rest] = [Math.floor(seconds / 60), (seconds % 60).toFixed(3).padStart(6, "0")];
  if (minutes < 60) return `${minutes}:${rest} (m:ss.mmm)`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest.slice(0, 2)} (h:mm:ss)`;
}

/** What programs of the guide know of Node's `process`. */
export function makeProcess(write: (stream: Stream, text: string) => void) {
  const streamOf = (stream: Stream) => ({
    write(text: string): boolean {
      write(stream, String(text));
      return true;
    },
    isTTY: false,
    columns: 80,
  });
  return { stdout: streamOf("out"), stderr: streamOf("err"), env: {}, argv: ["node", "block"] };
}
