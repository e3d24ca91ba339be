/** Generator: a stream of random numbers, and the one that is used where none is given. Read next: distributions.ts. */
import { check } from "../check.ts";
import { MersenneTwister } from "./mt19937.ts";

const TWO_32 = 2 ** 32;

/** A snapshot of a Generator, plain data that JSON can hold. */
export interface GeneratorState {
  /** What the stream started from, a whole number in decimal. */
  readonly seed: string;
  /** The Mersenne Twister's 624 words, and the position in them. */
  readonly words: readonly number[];
  /** The second normal of a pair, of which the first has been given. */
  readonly cachedNormal: number | null;
}

/**
 * A source of random numbers. Mirrors `torch.Generator` on the CPU: the same seed gives the same stream.
 * @example
 * const generator = new Generator(0); // a stream of its own
 * console.log(rand(2, { generator }));
 * const state = generator.getState();
 * console.log(rand(2, { generator }));
 * generator.setState(state);
 * console.log(rand(2, { generator }));
 */
export class Generator {
  readonly #engine = new MersenneTwister();
  #seed = 0n;
  /** Box-Muller makes normals in pairs; the second waits here (see distributions.ts). */
  cachedNormal: number | null = null;

  /** A stream that starts from `seed`. @param seed as in `manualSeed`; PyTorch's own default if none is given */
  constructor(seed: number | bigint = 67280421310721) {
    this.manualSeed(seed);
  }

  /**
   * Starts the stream anew.
   * @param seed a whole number in [-2⁶³, 2⁶⁴ - 1]; only its low 32 bits matter
   * @throws RangeError outside that range
   */
  manualSeed(seed: number | bigint): this {
    const isWhole = typeof seed === "bigint" || Number.isInteger(seed);
    check(isWhole, () => `manualSeed expected a whole number, but got ${seed}`, RangeError);
    const value = BigInt(seed);
    const overflow = () =>
      `Overflow when unpacking long: manualSeed expected a seed in [-2**63, 2**64 - 1], got ${seed}`;
    check(value >= -(2n ** 63n) && value < 2n ** 64n, overflow, RangeError);
    this.#seed = BigInt.asUintN(64, value);
    this.#engine.seed(Number(BigInt.asUintN(32, value)));
    this.cachedNormal = null;
    return this;
  }

  /** The seed that the stream started from, negative ones plus 2⁶⁴. */
  initialSeed(): bigint {
    return this.#seed;
  }

  /** Starts the stream anew from a seed that nobody knows before, and returns that. */
  seed(): bigint {
    const [high, low] = crypto.getRandomValues(new Uint32Array(2));
    this.manualSeed((BigInt(high) << 32n) | BigInt(low));
    return this.#seed;
  }

  /** A whole number in [0, 2³²): one draw. */
  random32(): number {
    return this.#engine.next();
  }

  /** A whole number in [0, 2⁶⁴): two draws, the first of them the high word. */
  random64(): bigint {
    const high = BigInt(this.random32());
    return (high << 32n) | BigInt(this.random32());
  }

  /** A number in [0, 1) with 24 random bits, all that a float32 holds: one draw. */
  uniform24(): number {
    return (this.random32() & 0xffffff) / 2 ** 24;
  }

  /** A number in [0, 1) with 53 random bits, all that a float64 holds: two draws, the first of them the high word. */
  uniform53(): number {
    const high = this.random32() & 0x1fffff;
    return (high * TWO_32 + this.random32()) / 2 ** 53;
  }

  /** A seed for another generator, as PyTorch's samplers draw it: 64 bits, of which the low 32, the second draw, matter. */
  drawSeed(): number {
    this.random32();
    return this.random32();
  }

  /** Where the stream is, plain data that JSON can hold. */
  getState(): GeneratorState {
    return { seed: this.#seed.toString(), words: this.#engine.getState(), cachedNormal: this.cachedNormal };
  }

  /** Goes on from there. @throws, before anything is changed, if this is no such state */
  setState({ seed, words, cachedNormal }: GeneratorState): this {
    check(/^\d+$/.test(seed), () => `Invalid generator state: its seed is a whole number in decimal, but got ${seed}`);
    const isNormal = cachedNormal === null || Number.isFinite(cachedNormal);
    check(isNormal, () => `Invalid generator state: its cachedNormal is a number or null, but got ${cachedNormal}`);
    this.#engine.setState(words);
    this.#seed = BigInt(seed);
    this.cachedNormal = cachedNormal;
    return this;
  }
}

/** The generator behind every random function that is given none. */
export const defaultGenerator = new Generator();

/**
 * Seeds the default generator. Mirrors `torch.manual_seed`.
 * @example
 * manualSeed(1);
 * console.log(rand(2));
 * manualSeed(1);
 * console.log(rand(2));
 */
export const manualSeed = (seed: number | bigint): Generator => defaultGenerator.manualSeed(seed);

/** The seed that the default generator started from. Mirrors `torch.initial_seed`. @example manualSeed(7).initialSeed() === initialSeed() */
export const initialSeed = (): bigint => defaultGenerator.initialSeed();

/** Seeds the default generator with a number that nobody knows before, and returns that. Mirrors `torch.seed`. @example seed() === initialSeed() */
export const seed = (): bigint => defaultGenerator.seed();

/**
 * Where the stream of the default generator is, plain data that JSON can hold. Mirrors `torch.get_rng_state`.
 * @example getRngState().words.length
 */
export const getRngState = (): GeneratorState => defaultGenerator.getState();

/**
 * Goes on from there. Mirrors `torch.set_rng_state`.
 * @throws, before anything is changed, if this is no such state
 * @example
 * const state = getRngState();
 * console.log(rand(2));
 * setRngState(state);
 * console.log(rand(2));
 */
export function setRngState(state: GeneratorState): void {
  defaultGenerator.setState(state);
}
