/**
 * The Mersenne Twister, PyTorch's random source on the CPU: 624 words of state, refilled all at once.
 * Source: Matsumoto & Nishimura 1998; the same seed gives the same words as `torch.manual_seed`.
 */
import { check } from "../check.ts";

const N = 624;
const M = 397;

/** Combines the top bit of u with the rest of v, and twists: without a branch, which nobody could foresee. */
function twist(u: number, v: number): number {
  const mixed = (u & 0x80000000) | (v & 0x7fffffff);
  return (mixed >>> 1) ^ (-(v & 1) & 0x9908b0df);
}

export class MersenneTwister {
  readonly #state = new Uint32Array(N);
  #next = N;

  /** Only the low 32 bits of a seed matter. */
  seed(seed: number): void {
    const s = this.#state;
    s[0] = seed;
    for (let j = 1; j < N; j++) s[j] = Math.imul(1812433253, s[j - 1] ^ (s[j - 1] >>> 30)) + j;
    this.#next = N;
  }

  /** The next word, a whole number in [0, 2³²). */
  next(): number {
    if (this.#next === N) this.#refill();
    let y = this.#state[this.#next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  #refill(): void {
    const s = this.#state;
    for (let k = 0; k < N - M; k++) s[k] = s[k + M] ^ twist(s[k], s[k + 1]);
    for (let k = N - M; k < N - 1; k++) s[k] = s[k + M - N] ^ twist(s[k], s[k + 1]);
    s[N - 1] = s[M - 1] ^ twist(s[N - 1], s[0]);
    this.#next = 0;
  }

  /** The 624 words and the position in them: enough to go on from here later. */
  getState(): number[] {
    return [...this.#state, this.#next];
  }

  /** @throws if these are not 624 words, some of them not 0, and a position in them: a damaged file must not make a stream of NaN */
  setState(state: readonly number[]): void {
    const isWord = (word: number) => Number.isInteger(word) && word >= 0 && word < 2 ** 32;
    const [words, next] = [Array.from(state.slice(0, N)), state[N]]; // a hole is undefined in a copy
    const notState = "Invalid mt19937 state: expected the 625 numbers that getState() gives";
    check(state.length === N + 1 && words.every(isWord) && isWord(next) && next <= N, notState);
    check(words.some(Boolean), "Invalid mt19937 state: of words that are all 0 come only zeros");
    this.#state.set(words);
    this.#next = next;
  }
}
