/** Blocks that share their names: what the guide's chapters print when they run as the site runs them. */
import { expect, it } from "vitest";
import { chapters, programBlocks } from "../../../docs/generate/guide.ts";
import { makeConsole, makeProcess } from "../../../docs/site/client/runner/console.ts";
import { loadModule } from "../../../docs/site/client/runner/modules.ts";
import { Scope } from "../../../docs/site/client/runner/scope.ts";
import { read } from "../../support/tree.ts";

it.each(chapters)("%s", async (chapter) => {
  let printed = "";
  const write = (_: string, text: string) => {
    printed += text;
  };
  const scope = new Scope({ console: makeConsole(write), process: makeProcess(write) }, loadModule);
  for (const [i, { code, printed: expected }] of programBlocks(read(`docs/guide/${chapter}`)).entries()) {
    printed = "";
    await scope.run(i, code);
    expect(printed.replace(/ *\d+\.\d+ ms/g, "")).toBe(expected.replace(/ *\d+\.\d+ ms/g, ""));
  }
});
