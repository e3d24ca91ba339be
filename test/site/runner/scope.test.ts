/** Blocks that share their names, as in a notebook. */
import { describe, expect, it } from "vitest";
import { programBlocks } from "../../../docs/generate/guide.ts";
import { makeConsole, makeProcess } from "../../../docs/site/client/runner/console.ts";
import { loadModule } from "../../../docs/site/client/runner/modules.ts";
import { problemOf } from "../../../docs/site/client/runner/problems.ts";
import { javaScriptOf } from "../../../docs/site/client/runner/program.ts";
import { Scope } from "../../../docs/site/client/runner/scope.ts";
import { read } from "../../support/tree.ts";

/** What each block prints; the last entry is the problem of a block that fails, after which none runs. */
async function printedBy(...blocks: readonly string[]): Promise<string[]> {
  const printed: string[] = [];
  const write = (_: string, text: string) => {
    printed[printed.length - 1] += text;
  };
  const scope = new Scope({ console: makeConsole(write), process: makeProcess(write) }, loadModule);
  for (const [block, source] of blocks.entries()) {
    printed.push("");
    try {
      await scope.run(block, source);
    } catch (error) {
      return [...printed, problemOf(error, { block, source }).text];
    }
  }
  return printed;
}
const print = (expression: string) => `console.log(${expression});\n`;

describe("blocks", () => {
  it("see what those above have declared", async () => {
    const declared = "const a = 1; let b = 2;\nfunction f() { return a + b; }\nclass C { x = f(); }\n";
    expect(await printedBy(declared, print("a, b, f(), new C()"))).toEqual(["", "1 2 3 C { x: 3 }\n"]);
  });

  it("change variables of those above, for functions of those above, too", async () => {
    expect(await printedBy("let a = 1;\nconst f = () => a;", "a = 5;", print("a, f()")).then((all) => all[2])).toBe(
      "5 5\n",
    );
  });

  it("may declare a name once more, for themselves and those below", async () => {
    const all = await printedBy("const a = 1;\nconst f = () => a;", "const a = 2;", print("a, f()"));
    expect(all[2]).toBe("2 1\n");
  });

  it("do not see what those below declare, nor what the page has", async () => {
    expect((await printedBy(print("typeof later, typeof javaScriptOf"), "const later = 1;"))[0]).toBe(
      "undefined undefined\n",
    );
  });

  it("import in the middle, too", async () => {
    const code = 'const { tensor } = await import("lucidgrad");\nconsole.log(tensor([1]), "import(x)"); // import(y)\n';
    expect(await printedBy(code)).toEqual(["tensor([1.]) import(x)\n"]);
    expect((await printedBy('await import("elsewhere");')).at(-1)).toMatch(/^Error: Cannot find module 'elsewhere'/);
  });

  it("wait for what they await", async () => {
    const all = await printedBy("const a = await new Promise((done) => setTimeout(() => done(1), 1));", print("a"));
    expect(all[1]).toBe("1\n");
  });

  it("tell what their names stand for", async () => {
    const scope = new Scope({}, loadModule);
    await scope.run(0, "const a = 1;\nlet b = 2;");
    await scope.run(1, "const c = 3;\n{ const d = 4; }");
    expect([...scope.values()]).toEqual([["a", 1], ["b", 2], ["c", 3]]); // biome-ignore format: one line
  });

  it.each(["01-tensor", "02-autograd", "03-gradcheck", "05-batch-norm", "06-convolution"])(
    "print what chapter %s says",
    async (chapter) => {
      const blocks = programBlocks(read(`docs/guide/${chapter}.md`));
      expect(await printedBy(...blocks.map(({ code }) => code))).toEqual(blocks.map(({ printed }) => printed));
    },
  );
});

describe("types", () => {
  it("go, and leave every line where it is", () => {
    const typed =
      "interface A {\n  x: number;\n}\nconst f = <T,>(x: T): T =>\n  x as T;\ntype B = A;\nlet y = f<number>(1)!;\n";
    const plain = javaScriptOf(typed);
    expect(plain.split("\n").map((line) => line.trim())).toEqual([
      "",
      "",
      "",
      "const f = (x) =>",
      "x ;",
      "",
      "let y = f(1);",
      "",
    ]);
  });

  it("go from imports, too, and names that only a block below uses stay", async () => {
    const all = await printedBy(
      'import { type Tensor, nn, tensor } from "lucidgrad";',
      "const x: Tensor = tensor([1]);",
      print("x"),
    );
    expect(all[2]).toBe("tensor([1.])\n");
  });
});

describe("imports", () => {
  it("of one name, of several lines, of all, under another name", async () => {
    const blocks = [
      'import { tensor } from "lucidgrad";\nimport {\n  manualSeed,\n  rand as random,\n} from "lucidgrad";',
      'import * as all from "lucidgrad";\nimport { Linear } from "lucidgrad/nn";\nimport "lucidgrad/core";',
      print("tensor(1), typeof random, manualSeed === all.manualSeed, all.nn.Linear.name === Linear.name"),
    ];
    expect((await printedBy(...blocks))[2]).toBe("tensor(1.) function true true\n");
  });

  it("in a text are none", () => {
    const text = 'const code = `\n  import { a } from "b";`;\n';
    expect(javaScriptOf(text)).toBe(text);
  });

  it.each([
    ["lodash", "a", /^Error: Cannot find module 'lodash': on this page there is lucidgrad, lucidgrad\/core, /],
    ["lucidgrad", "tensr", /^SyntaxError: The requested module 'lucidgrad' does not provide an export named 'tensr'/],
  ])("of what %s has not", async (from, name, problem) => {
    expect((await printedBy(`import { ${name} } from "${from}";`)).at(-1)).toMatch(problem);
  });
});

describe("an error", () => {
  it("has the lines of the reader's functions alone", async () => {
    const [above, below] = ["\nfunction fails(): never {\n  throw new Error('no');\n}\n", "const a = 1;\n\nfails();\n"];
    expect((await printedBy(above, below)).at(-1)).toBe(
      "Error: no\n    at fails (block 1, line 3)\n    at block 2, line 3",
    );
  });

  it("of the engine is in the line that called it", async () => {
    const code = 'import { ones } from "lucidgrad";\nones([2, 3])\n  .add(ones([4]));\n';
    const problem = (await printedBy(code)).at(-1)!;
    expect(problem).toMatch(/^Error: The size of tensor a \(3\) must match/);
    expect(problem.split("\n").slice(1)).toEqual(["    at block 1, line 3"]);
  });

  it("of a plain argument is a sentence", async () => {
    const problem = (await printedBy('import { nn } from "lucidgrad";\nnew nn.Linear("2", 3);')).at(-1);
    expect(problem).toMatch(/Linear.*inFeatures.*\n {4}at block 1, line 2$/);
  });

  it("of syntax is where the parser stopped", () => {
    const place = { block: 4, line: 2 };
    const source = "const a = 1;\nconst = 2;\n";
    try {
      javaScriptOf(source);
    } catch (error) {
      const problem = problemOf(error, { block: 4, source });
      expect(problem.places).toEqual([place]);
      expect(problem.text).toBe("SyntaxError: Unexpected token\n    at block 5, line 2");
    }
    expect.assertions(2);
  });

  it.each([
    ["const a = 1;\nlet b = [\n  a,\n];\nconst { a } = { a: 2 };\nb;\n", 5],
    ["function f() {\n  const a = 1;\n  return a;\n}\nfunction g(a: number) {\n  let a = 2;\n}\n", 6],
    ["const a = 1;\na;\n1 = a;\n", 3],
  ])("of syntax that the parser does not find is in its line, too: %j", async (code, line) => {
    expect((await printedBy(code)).at(-1)).toMatch(new RegExp(`^SyntaxError: .*\n    at block 1, line ${line}$`));
  });

  it("of what is not the block's own syntax says where that was", async () => {
    const [, problem] = await printedBy('const text = "{";\nJSON.parse(text);\n');
    expect(problem).toMatch(/^SyntaxError: .*JSON.*\n {4}at block 1, line 2$/s);
  });

  it("that is printed is cut, too, and so is what caused it", async () => {
    const code =
      'try {\n  throw new Error("a", { cause: new TypeError("b") });\n} catch (error) {\n  console.log(error);\n}\n';
    expect((await printedBy(code))[0]).toBe(
      "Error: a\n    at block 1, line 2 {\n  [cause]: TypeError: b\n      at block 1, line 2\n}\n",
    );
  });

  it("may be anything", async () => {
    expect((await printedBy("throw { code: 5 };")).at(-1)).toBe("Uncaught { code: 5 }");
  });
});
