/** A block of TypeScript as JavaScript that can be evaluated inside a function. Its lines stay where they are. */
import { transform } from "sucrase";

/** What imports are made of: a function that is given a module's name and those that are wanted of it. */
export const IMPORT = "__import";

/** @throws a SyntaxError with its line in `loc`, as sucrase's parser finds it */
export function javaScriptOf(source: string): string {
  const { code } = transform(source, {
    transforms: ["typescript"],
    disableESTransforms: true,
    keepUnusedImports: true, // the next block may use them
  });
  return withImports(code).replace(CALL, (_, kept?: string) => kept ?? `${IMPORT}(`);
}

/** `import(` outside of texts and comments, which are left as they are. */
const CALL =
  /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\/)|(?<![\w$.])import\s*\(/g;

/** `import a, { b, c as d } from "…"` or `import * as a from "…"` or `import "…"`, at the beginning of a line. */
const STATEMENT =
  /^import\b(?:\s*([\w$]+)\s*,?)?(?:\s*\{([^}]*)\}|\s*\*\s*as\s+([\w$]+))?(?:\s*from)?\s*(["'])([^"'\n]+)\4;?/gm;

/** An import is a declaration of names, like others: the blocks below see them. */
const withImports = (code: string): string =>
  code.replace(STATEMENT, (statement, whole?: string, names?: string, space?: string, _?: string, from?: string) => {
    const wanted = (names ?? "").split(",").flatMap((name) => name.trim() || []);
    const pairs = wanted.map((name) => name.split(/\s+as\s+/));
    if (whole) pairs.push(["default", whole]);
    const asked = `await ${IMPORT}(${JSON.stringify([from, pairs.map(([name]) => name)]).slice(1, -1)})`;
    const lines = "\n".repeat(statement.split("\n").length - 1);
    if (space) return `const ${space} = ${asked};${lines}`;
    return `const { ${pairs.map(([name, own = name]) => `${name}: ${own}`).join(", ")} } = ${asked};${lines}`;
  });
