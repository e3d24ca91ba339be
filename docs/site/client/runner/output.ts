/** What a block prints, on its way to the page: in pieces, at once at first, and not without end. */
import type { Shown, Stream } from "./messages.ts";

/** More lines, or characters, than this nobody reads, and no page shows well. */
const MOST_LINES = 2000;
const MOST_CHARACTERS = 200_000;
/** How long what is printed may wait for more, so that there are not as many messages as lines. Milliseconds. */
const EVERY = 40;

/** Of one block. */
export class Output {
  readonly #post: (shown: Shown) => void;
  #waiting = "";
  #stream: Stream = "out";
  #lines = 0;
  #characters = 0;
  #next = 0;
  /** Lines that are not shown. */
  #cut = 0;

  constructor(post: (shown: Shown) => void) {
    this.#post = post;
  }

  write(stream: Stream, text: string): void {
    const lines = text.split("\n").length - 1;
    if (this.#lines >= MOST_LINES || this.#characters >= MOST_CHARACTERS) {
      if (this.#cut === 0) this.#say({ kind: "cut", lines: 0 }); // now: it may never end
      this.#cut += lines;
      return;
    }
    if (stream !== this.#stream) this.flush();
    this.#stream = stream;
    this.#lines += lines;
    this.#characters += text.length;
    this.#waiting += text.slice(0, MOST_CHARACTERS);
    if (performance.now() >= this.#next) this.flush();
  }

  /** Shows what is no text, below what was printed before. */
  show(shown: Shown): void {
    this.#say(shown);
  }

  flush(): void {
    if (this.#waiting) this.#post({ kind: "text", stream: this.#stream, text: this.#waiting });
    this.#waiting = "";
    this.#next = performance.now() + EVERY;
  }

  /** Nothing more comes for now: says how much was cut. */
  end(): void {
    if (this.#cut > 0) this.#say({ kind: "cut", lines: this.#cut });
    else this.flush();
  }

  #say(shown: Shown): void {
    this.flush();
    this.#post(shown);
  }
}
