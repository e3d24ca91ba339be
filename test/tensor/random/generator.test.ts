/** Seeds and states of a generator. What it draws is in distributions.test.ts. */
import { describe, expect, it } from "vitest";
import { Generator, manualSeed, rand, randn } from "../../../src/index.ts";
import { Answers } from "../../support/answers.ts";
import { torch } from "../../support/torch.ts";

const answers = new Answers("generator");

describe("seeds", () => {
  for (const seed of [0, 42, 1234, 2 ** 32 + 42, -1, 2n ** 63n, -(2n ** 63n), 2n ** 64n - 1n]) {
    answers.it(`initialSeed of ${seed}`, () => {
      new torch.Generator(seed).initialSeed();
    });
  }

  it("PyTorch's default is the default", () => {
    expect(new Generator().initialSeed()).toBe(67280421310721n);
  });

  it.each([
    [2 ** 32 + 42, 42],
    [-1, 2 ** 32 - 1],
    [2n ** 64n - 1n, -1],
    [2 ** 63, 0],
  ])("%s starts the stream of %s: only the low 32 bits count", (seed, same) => {
    const words = (generator: Generator) => Array.from({ length: 5 }, () => generator.random32());
    expect(words(new Generator(seed))).toEqual(words(new Generator(same)));
  });

  it.each([1.5, Number.NaN, Infinity, 2n ** 64n, -(2n ** 63n) - 1n])("%s is an error, and changes nothing", (seed) => {
    const generator = new Generator(5);
    expect(() => generator.manualSeed(seed)).toThrow(RangeError);
    expect(generator.random32()).toBe(new Generator(5).random32());
  });

  it("manualSeed gives the default generator, and drops a spare normal", () => {
    randn(1); // leaves its pair's other half
    expect(manualSeed(3).initialSeed()).toBe(3n);
    expect(randn(1).item()).toBe(randn(1, { generator: new Generator(3) }).item());
  });
});

describe("the raw words", () => {
  it("are the Mersenne Twister's", () => {
    const generator = new Generator(42);
    const words = Array.from({ length: 5 }, () => generator.random32());
    expect(words).toEqual([1608637542, 3421126067, 4083286876, 787846414, 3143890026]);
  });

  it("make 24-bit and 53-bit uniforms, and the seeds of samplers", () => {
    const [a, b, c] = [new Generator(42), new Generator(42), new Generator(42)];
    expect(a.uniform24()).toBe((1608637542 % 2 ** 24) / 2 ** 24);
    expect(b.uniform53()).toBe(((1608637542 % 2 ** 21) * 2 ** 32 + 3421126067) / 2 ** 53);
    expect(c.drawSeed()).toBe(3421126067);
  });
});

describe("getState and setState", () => {
  it.each([0, 1, 623, 624, 625, 1000])("resume after %d draws, through JSON", (draws) => {
    const generator = new Generator(9);
    for (let i = 0; i < draws; i++) generator.random32();
    const state = JSON.parse(JSON.stringify(generator.getState()));
    const expected = [rand(7, { generator }), randn(20, { generator })].map(String);
    const resumed = new Generator(1).setState(state);
    expect(resumed.initialSeed()).toBe(9n);
    expect([rand(7, { generator: resumed }), randn(20, { generator: resumed })].map(String)).toEqual(expected);
  });

  it("keep the spare normal", () => {
    const generator = new Generator(9);
    randn(1, { generator });
    const state = generator.getState();
    const expected = [randn(1, { generator }), randn(1, { generator })].map(String);
    generator.setState(state);
    expect([randn(1, { generator }), randn(1, { generator })].map(String)).toEqual(expected);
    expect(state.cachedNormal).not.toBeNull();
  });

  it("refuse what is no state", () => {
    const { seed, words } = new Generator(9).getState();
    for (const bad of [
      [],
      words.slice(1),
      [...words.slice(0, 624), 625],
      [-1, ...words.slice(1)],
      [0.5, ...words.slice(1)],
      Object.assign(new Array(625), words.slice(0, 300), { 624: 1 }),
      [...new Array(624).fill(0), 1],
    ]) {
      const restore = () => new Generator(9).setState({ seed, words: bad, cachedNormal: null });
      expect(restore).toThrow("Invalid mt19937 state");
    }
  });

  it.each([
    ["cachedNormal", "abc"],
    ["cachedNormal", -Infinity],
    ["cachedNormal", undefined],
    ["seed", "1.5"],
    ["seed", undefined],
    ["words", new Array(625)],
  ])("refuse %s of %s, and change nothing", (name, bad) => {
    const generator = new Generator(9);
    const before = generator.getState();
    const state = { ...new Generator(1).getState(), [name]: bad };
    expect(() => generator.setState(state)).toThrow(/Invalid (generator|mt19937) state/);
    expect(generator.getState()).toEqual(before);
  });

  it("a state is a copy: it does not move with the generator", () => {
    const generator = new Generator(9);
    const state = generator.getState();
    const first = generator.random32();
    generator.random32();
    expect(generator.setState(state).random32()).toBe(first);
  });
});
