/** The operation that CONTRIBUTING.md adds works as it is written there, and is as short as it says. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { gradcheck, gradgradcheck, randn, type Tensor, tensor } from "../src/index.ts";
import { expectClose } from "./support/fixtures.ts";

it("the worked example is right", async () => {
  const text = readFileSync(new URL("../CONTRIBUTING.md", import.meta.url), "utf8");
  const blocks = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code.replaceAll(/^ {3}/gm, ""));
  const [kernel, operation] = blocks;
  const typeless = (code: string) => code.replaceAll(/: (Tensor|Applied)/g, "").replaceAll("export ", "");
  const program = `${typeless(kernel.replace("softsign", "kernel"))}
    const kernels = { ...plain, softsign: kernel };
    ${typeless(operation)}
    return softsign;`;
  const modules = await Promise.all([
    import("../src/autograd/op.ts"),
    import("../src/autograd/ops/elementwise.ts"),
    import("../src/autograd/ops/shared/promotion.ts"),
    import("../src/tensor/apply.ts"),
  ]);
  const names = {
    ...Object.assign({}, ...modules),
    plain: {},
    mapped: (f: (x: number) => number) => (n: number, out: number[], o: number, x: number[], i: number, di: number) => {
      for (let k = 0; k < n; k++, i += di) out[o + k] = f(x[i]);
    },
  };
  const softsign = new Function(...Object.keys(names), program)(...Object.values(names)) as (x: Tensor) => Tensor;
  expectClose(softsign(tensor([0, 1, -3])), [0, 0.5, -0.75], { atol: 1e-7 });
  const x = randn([3, 2], { dtype: "float64", requiresGrad: true });
  expect(gradcheck(softsign, [x])).toBe(true);
  expect(gradgradcheck(softsign, [x])).toBe(true);
  expect(blocks.slice(0, 4).join("").split("\n").length).toBeLessThan(40);
});
