/** Habits of Python's: what a block that fails is answered, and that no other program is answered so. */
import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { adviceFor } from "../../../docs/site/client/runner/habits.ts";
import { loadModule } from "../../../docs/site/client/runner/modules.ts";
import { problemOf } from "../../../docs/site/client/runner/problems.ts";
import { javaScriptOf } from "../../../docs/site/client/runner/program.ts";
import { Scope } from "../../../docs/site/client/runner/scope.ts";
import { read } from "../../support/tree.ts";

const above = `import { nn, noGrad, optim, tensor } from "lucidgrad";
const x = tensor([1, 2, 3]), list = [1, 2, 3];
const y = x.mul(2);
class Net extends nn.Module {
  conv = new nn.Conv2d(1, 1, 3);
  forward(x) {
    return this.conv(x);
  }
}
const model = new nn.Sequential(new nn.Linear(3, 2));
const net = new Net();
let total = 0, first;
`;

/** What a block below `above` is answered when it fails; "it runs" if it does not. */
async function answered(source: string, language: "en" | "zh" = "en"): Promise<string | undefined> {
  const scope = new Scope({}, loadModule);
  await scope.run(0, above);
  try {
    await scope.run(1, source);
    return "it runs";
  } catch (error) {
    const { text, places } = problemOf(error, { block: 1, source });
    const at = places.find(({ block }) => block === 1) ?? { line: 0 };
    return adviceFor({ message: text.split("\n")[0], source, line: at.line, above }, language);
  }
}

describe("a habit is answered with what JavaScript has", () => {
  it.each([
    ["# a comment", "//, not with #"],
    ["const n = 3; # it's three", "//, not with #"],
    ["import torch", "import { nn, tensor } from"],
    ["import torch.nn as nn", "import { nn, tensor } from"],
    ["from torch import nn", "import { nn, tensor } from"],
    ["def f(x):\n    return x", "function f(x)"],
    ["class Other(nn.Module):\n    pass", "class Net extends nn.Module"],
    ["const f = lambda x: x * 2;", "(x) => …"],
    ["with torch.no_grad():\n    y = model(x)", "noGrad(() =>"],
    ['console.log(f"loss {x}");', "between backticks"],
    ["console.log('a', f'loss {x}');", "between backticks"],
    ["const q = [2 * v for v in list];", "list.map("],
    ["for i in range(10):\n    console.log(i)", "for (const v of list)"],
    ["if (list) { } elif (x) { }", "else if (…)"],
    ["if (x is not None) { }", "x === null"],
    ["if (list and x) { }", "&&, || and !"],
    ["const t = not total;", "&&, || and !"],
    ["if total > 1:\n    total = 2", "Braces"],
    ["while True:\n    pass", "Braces"],
    ["try:\n    x\nexcept:\n    pass", "Braces"],
    ['const s = "a" if total else "b";', "x > 1 ? a : b"],
    ["x[0:2]", "x.slice(0, 1, 3)"],
    ["const q = x[:, 0];", "x.slice(0, 1, 3)"],
    ["list[1:]", "list.slice(1, 3)"],
    ["const q = x @ y;", "a.matmul(b)"],
    ["const n = Math.sqrt(7 // 2);\nconst m = 3;", "Math.floor(7 / 2)"],
    ["const w = tensor([1, 2], requires_grad=True);", "no keyword arguments"],
    ["const s = x.sum(dim=0);", "no keyword arguments"],
    ["new nn.Linear(3, 4, bias = false);", "no keyword arguments"],
    ["const f = (a = None) => a; f();", "null, true and false"],
    ["const n = None;", "null, true and false"],
    ["print(x)", "console.log(x)"],
    ["const n = len(x);", "x.shape[0]"],
    ["for (const i of range(3)) total += i;", "for (let i = 0;"],
    ["if (not(total)) { }", "!x"],
    ["const t = torch.tensor([1]);", "import { tensor }"],
    ["const l = Linear(3, 4);", "new nn.Linear(…)"],
    ["const l = new Linear(3, 4);", "new nn.Linear(…)"],
    ["const o = SGD(model.parameters());", "new optim.SGD(…)"],
    ["loss = x.sum()", "const loss = …"],
    ["for (i = 0; i < 3; i++) total += i;", "let i = …"],
    ["const l = nn.Linear(3, 4);", "new nn.Linear(…)"],
    ["const o = optim.SGD(model.parameters(), { lr: 1 });", "new SGD(…)"],
    ["model(x)", "model.forward(x)"],
    ["net.forward(x);", "conv.forward(x)"],
    ["const own = new Net();\nown(x);", "own.forward(x)"],
    ["model.zero_grad();", "zero_grad is zeroGrad"],
    ['const { manual_seed } = await import("lucidgrad");\nmanual_seed(0);', "zero_grad is zeroGrad"],
    ['import { manual_seed } from "lucidgrad";', "zero_grad is zeroGrad"],
    ["list[-1].toFixed(2);", "list.at(-1)"],
    ["x[0].item();", "x.select(0, 0)"],
    ["y[0, 1].mul(2);", "x.select(0, 0)"],
    ["const part = x[0];\npart.mul(2);", "x.select(0, 0)"],
    ["const z = x ** 2;", "x.pow(2)"],
    ["const z = 2 * x;", "a.mul(b)"],
  ])("%s", async (source, advice) => {
    expect(await answered(source)).toContain(advice);
  });

  it("in the page's language", async () => {
    expect(await answered("print(x)", "zh")).toBe("print(x) 写作 console.log(x)。");
  });
});

describe("what fails for another reason is not", () => {
  it.each([
    "const a = ;",
    "const a = (1 + 2;",
    "const a = [1, 2;\nconst b = 3;",
    'const s = "not closed;',
    "const s = `and or not # if x:`; const t = ;",
    'const s = "a if b else c, for x in [1:2]" + ;',
    'const b = ; // x and y, not z: a[1:2] # f"x"',
    "/* x and y\n# what",
    "const s = `\n# heading\nx and y",
    `const s = \`a\nx and y, # \${1 +}\`;`,
    "const s = 'it is'; // it's\nconst t = 'x and y' + ;",
    "const b = f(1, // two\n  3;",
    "foo(total // first\n  , 2];",
    "class A { #n = 1; get n() { return this.#m; } }",
    "const a = total ? list[0] : list[;",
    "type A = { [key: string]: number };\nconst a = ;",
    "switch (total) { case 1: break; default: ; } }",
    "import { none } from 'lucidgrad';",
    "import { tensor } from 'elsewhere';",
    "import { tensor } form 'lucidgrad';",
    "@sealed class A { } )",
    'JSON.parse("# and, or [1:2]");',
    "none();",
    "none.more();",
    "x.none();",
    "total();",
    "console.log(none);",
    "const a = [none];",
    "list.map(none);",
    "const f = (a = none) => a; f();",
    "if (none === 1) { }",
    "total += none;",
    "list[7].toFixed(2);",
    "const tensors = [x];\ntensors[1].item();",
    "x.grad.item();",
    "first.item();",
    "const part = list[7];\npart.toFixed();",
    "model.layers[3].forward(x);",
    "Math.max(x, 3 * 2);",
    "if (x < 3) { }",
    "const c = 1; c = 2;",
    "new Net(later);\nconst later = 1;",
    "null.length;",
    "throw new Error('x is None, use print(x)');",
    "x.view(7);",
    "const own_name = 1; own_name.other_name();",
    "print.more;",
  ])("%s", async (source) => {
    expect(await answered(source)).toBeUndefined();
  });
});

describe("the page for readers of Python", () => {
  /** The codes in a column of its table. */
  const column = (page: string, column: number): string[] => {
    const cells = new MarkdownIt().parse(read(page), {}).filter((_, i, all) => all[i - 1]?.type === "td_open");
    const inColumn = cells.filter((_, i) => i % 3 === column);
    return inColumn.flatMap(({ children }) =>
      (children ?? []).filter(({ type }) => type === "code_inline").map((code) => code.content),
    );
  };
  const [python, javaScript] = [0, 1].map((i) => column("docs/guide/javascript.md", i));

  it("has the same code in Chinese", () => {
    expect([0, 1].map((i) => column("docs/guide.zh/javascript.md", i))).toEqual([python, javaScript]);
  });

  it.each(javaScript)("has JavaScript: %s", (code) => {
    const program = javaScriptOf(code.replace(/=> …/, "=> 0").replaceAll("…", ""));
    expect(() => new Function(`"use strict"; async () => { ${program}\n}`)).not.toThrow();
  });

  it.each(python.filter((code) => /[#:@"]|^from|None|True| and /.test(code)))(
    "has Python, which is answered: %s",
    async (code) => {
      expect(await answered(code)).toMatch(/./);
    },
  );
});
