/** One form of the kernels is made of the other: edits give the bytes that they were made for, and are few where bytes are alike. */
import { expect, it } from "vitest";
import { Generator } from "../../../../src/index.ts";
import { editsOf } from "../../../../src/tensor/kernels/assembly/edits.mjs";
import { edited } from "../../../../src/tensor/kernels/wasm/edits.ts";
import { fusedForm, unfusedForm } from "../../../../src/tensor/kernels/wasm/module.ts";

const generator = new Generator(0);
const below = (limit: number): number => generator.random32() % limit;
const randomBytes = (length: number, values = 256) => Uint8Array.from({ length }, () => below(values));

it("edits of random bytes, cut, repeated and replaced, give them back", () => {
  for (let k = 0; k < 200; k++) {
    const from = randomBytes(below(2000), k % 3 === 0 ? 2 : 256);
    const pieces = Array.from({ length: below(8) }, () => {
      const start = below(from.length + 1);
      return [...from.subarray(start, start + below(300)), ...randomBytes(below(20))];
    });
    const to = Uint8Array.from(pieces.flat());
    expect(edited(from, editsOf(from, to))).toEqual(to);
  }
});

it("the kernels without the fused multiply-add are made of a fifth of their bytes", () => {
  const [fused, unfused] = [fusedForm(), unfusedForm()];
  expect(WebAssembly.validate(unfused)).toBe(true);
  expect(editsOf(fused, unfused).length).toBeLessThan(unfused.length / 5);
});
