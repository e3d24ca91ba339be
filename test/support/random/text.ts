/** A program as one would write it by hand, in one line. */
import type { Program, Step } from "../torch.ts";
import type { Body, Literal } from "./replay.ts";

const isWord = /^[a-zA-Z_]\w*$/;

function literalText({ data, dtype, shape, requiresGrad, strides, offset }: Literal): string {
  const memory = `tensor([${data.join(", ")}], { dtype: "${dtype}" })`;
  const x = strides
    ? `new Tensor(${memory}.storage, "${dtype}", [${shape.join(", ")}], [${strides.join(", ")}], ${offset})`
    : `${memory}${shape.length === 1 ? "" : `.view([${shape.join(", ")}])`}`;
  return requiresGrad ? `${x}.detach().requiresGrad_()` : x;
}

function argumentText(arg: unknown): string {
  if (typeof arg !== "object" || arg === null) return JSON.stringify(arg);
  if (Array.isArray(arg)) return `[${listText(arg)}]`;
  if ("$" in arg) return `v${arg.$}`;
  if ("$number" in arg) return String(arg.$number);
  if ("$slice" in arg) return `new Slice(${listText(arg.$slice as unknown[])})`;
  if ("$lambda" in arg) return (arg.$lambda as string[]).join(" => ");
  if ("$function" in arg) return functionText(arg.$function as Body);
  const entries = Object.entries(arg).map(([key, value]) => `${key}: ${argumentText(value)}`);
  return entries.length > 0 ? `{ ${entries.join(", ")} }` : "{}";
}

const listText = (args: readonly unknown[]): string => args.map(argumentText).join(", ");

const functionText = ({ params, steps, result }: Body): string =>
  `(${params.map((param) => `v${param}`).join(", ")}) => { ${stepsText(steps)}; return ${argumentText(result)} }`;

function stepText([value, kind, of, ...rest]: Step): string {
  const name = rest[0] as string;
  const member = isWord.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
  if (kind === "set") return `v${of}${member} = ${argumentText(rest[1])}`;
  const made = {
    literal: () => literalText(of as Literal),
    call: () => `${/(^|\.)[A-Z]\w*$/.test(of as string) ? "new " : ""}${of}(${listText(rest[0] as unknown[])})`,
    get: () => `v${of}${member}`,
    method: () => `v${of}${member}(${listText(rest[1] as unknown[])})`,
  }[kind]();
  return `v${value} = ${made}`;
}

const stepsText = (steps: readonly Step[]): string => steps.map(stepText).join("; ");

export const programText = ({ steps, result }: Program): string => `${stepsText(steps)}; ${argumentText(result)}`;
