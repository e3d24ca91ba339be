/**
 * A file of records, each an event of a training: its length, the length's checksum, the event, and its checksum. TensorBoard reads such a file
 * while it grows, so it is appended to; a record that is not whole yet it leaves for the next time.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { maskedCrc32c } from "./crc.ts";
import { naming } from "./file-errors.ts";
import { double, type Encoded, inside, int, message, text } from "./protobuf.ts";
import { makeFolder } from "./write-file.ts";

/** How a file of events is kept. */
export interface EventFileSettings {
  /** So many events wait until they are written. */
  readonly maxQueue: number;
  /** None waits for longer than so many seconds, if another one comes. */
  readonly flushSecs: number;
  /** What its name ends in. */
  readonly filenameSuffix: string;
}

/** The time in seconds since 1970. */
export const now = (): number => Date.now() / 1000;

/** What a file begins with: the version of the format. */
export const fileVersion: Encoded = text(3, "brain.Event:2");

/** That a training starts anew at this step: what the folder has of later ones does not count. */
export const sessionStart: Encoded = inside(7, int(1, 1));

/** How many files this process has begun: their names differ. */
let begun = 0;

/** Files with events that wait: they are written when the program ends. */
const waiting = new Set<EventFile>();
process.on("exit", () => {
  for (const file of waiting) file.flush();
});

/** A new file of events in a folder. */
export class EventFile {
  readonly #path: string;
  readonly #settings: EventFileSettings;
  readonly #file: number;
  #records: Uint8Array[] = [];
  #written = now();

  constructor(folder: string, settings: EventFileSettings) {
    const seconds = `${Math.floor(now())}`.padStart(10, "0");
    const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${begun++}${settings.filenameSuffix}`;
    this.#path = `${folder}/${name}`;
    this.#settings = settings;
    this.#file = naming(this.#path, "written", () => {
      makeFolder(folder);
      return openSync(this.#path, "ax");
    });
    const source = text(1, "lucidgrad");
    this.add(message(fileVersion, inside(10, source)));
    this.flush();
  }

  /** @param content what the event says, but for its time and step */
  add(content: Encoded, step = 0, walltime = now()): void {
    this.#records.push(record(message(double(1, walltime), int(2, step), content)));
    waiting.add(this);
    const { maxQueue, flushSecs } = this.#settings;
    if (this.#records.length >= maxQueue || now() - this.#written >= flushSecs) this.flush();
  }

  /** Writes what waits. */
  flush(): void {
    const bytes = Buffer.concat(this.#records);
    this.#records = [];
    waiting.delete(this);
    naming(this.#path, "written", () => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    });
    this.#written = now();
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }
}

function record(event: Encoded): Uint8Array {
  const bytes = Buffer.alloc(12 + event.length + 4);
  bytes.writeBigUInt64LE(BigInt(event.length));
  bytes.writeUInt32LE(maskedCrc32c(bytes.subarray(0, 8)), 8);
  bytes.set(event, 12);
  bytes.writeUInt32LE(maskedCrc32c(event), 12 + event.length);
  return bytes;
}
