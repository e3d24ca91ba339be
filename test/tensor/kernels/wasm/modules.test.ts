/** The compiled functions, of which the compiler knows the names and the parameters. */
import { expect, it } from "vitest";
import { scratchForKernels } from "../../../../src/tensor/kernels/wasm/modules.ts";

it("functions are called by their names and with all arguments, or the program does not compile", () => {
  const { functions } = scratchForKernels(false);
  functions.relu(16, 0);
  // @ts-expect-error: one argument too few, which JavaScript takes for 0
  functions.relu(16);
  // @ts-expect-error: no such function
  expect(functions.rely).toBeUndefined();
  // @ts-expect-error: nor one of the many for two layouts
  expect(functions.squaresOfNothing).toBeUndefined();
  expect(functions.squaresOfRows).toBeTypeOf("function");
});
