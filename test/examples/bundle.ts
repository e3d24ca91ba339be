/** Before the first test of the examples: they are bundled, once for all files. */
import { readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { bundle } from "../support/bundle.ts";
import { root } from "../support/tree.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder of the bundled programs. */
    programs: string;
  }
}

const examples = join(root, "examples");
const names = [...readdirSync(examples).filter((name) => name.endsWith(".ts")), "experiments/run.ts"];
const programs = Object.fromEntries(names.map((name) => [name.replace(".ts", ""), join(examples, name)]));

export default async function setup({ provide }: TestProject) {
  const folder = await bundle(programs);
  symlinkSync(join(examples, "support"), join(folder, "support")); // texts that programs read
  provide("programs", folder);
  return () => rmSync(folder, { recursive: true });
}
