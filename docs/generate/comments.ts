/** Source comments as Markdown. */
import { type JSDoc, Node, SyntaxKind } from "ts-morph";

/**
 * What a declaration's comment says, or nothing: without "Mirrors `torch.name`." and the example, which the page shows in their
 * own places.
 */
export const commentText = (node: Node): string => markdown(wholeComment(node).split(EXAMPLE)[0]);

/** What a comment says that it mirrors: `torch.relu` after "Mirrors", or "Python's `slice`". */
export function mirroredName(node: Node): string | undefined {
  const [, python = "", code] = /\bMirrors\s(Python's )?`([^`]+)`/.exec(wholeComment(node)) ?? [];
  return python || !code ? code && `${python}\`${code}\`` : /[\w.]*\.\w+/.exec(code)?.[0];
}

/** The example that ends a comment, as statements: of an expression beside the tag, its value is printed. */
export function commentExample(node: Node): string | undefined {
  const [, example] = wholeComment(node).split(EXAMPLE);
  return !example || example.startsWith("\n") ? example?.slice(1) : printing(example.trim());
}

/** An expression as a statement that prints it. */
const printing = (expression: string): string =>
  expression.startsWith("console.log(") ? `${expression};` : `console.log(${expression});`;

const EXAMPLE = /(?:^|(?<=\s))@example\b/m;

function wholeComment(node: Node): string {
  const overloads = Node.isFunctionDeclaration(node) ? node.getOverloads() : [];
  return (
    [...overloads, node]
      .map(ownComment)
      .find((comment) => comment !== undefined)
      ?.getInnerText() ?? ""
  );
}

/** What the comment of a class's constructor says. */
export function constructorText(node: Node): string {
  const [own] = Node.isClassDeclaration(node) ? node.getConstructors() : [];
  return own ? commentText(own) : "";
}

/** The comment right above: one with a blank line below it is that of the file. */
function ownComment(node: Node): JSDoc | undefined {
  const owner = (Node.isVariableDeclaration(node) && node.getVariableStatement()) || node;
  const comments = Node.isJSDocable(owner) ? owner.getJsDocs() : owner.getChildrenOfKind(SyntaxKind.JSDoc);
  const last = comments.at(-1);
  const below = last && owner.getSourceFile().getFullText().slice(last.getEnd(), owner.getStart());
  return below?.includes("\n\n") ? undefined : last;
}

function markdown(comment: string): string {
  const [text, ...tags] = `\n${comment}`.split(/\s(?=@(?:param|returns|throws)\b)/);
  const paragraphs = text.replace(/^\n/, "").trimEnd().split(/\n\n+/).map(paragraphText);
  return [...paragraphs, tags.map(tagText).join("\n")].filter(Boolean).join("\n\n");
}

/** Indented paragraphs are formulas or code. */
function paragraphText(paragraph: string): string {
  if (paragraph.startsWith("  ")) return `\`\`\`text\n${paragraph.replaceAll(/^ {1,5}/gm, "")}\n\`\`\``;
  const line = paragraph.replaceAll("\n", " ");
  return line.replace(/ ?\bMirrors (Python's )?`[^`]+`\.(?= |$)/, "").trim();
}

/** `@param dim which one` as an item of a list. */
function tagText(tag: string): string {
  const [, kind, text] = /^@(\w+)\s*(.*)$/.exec(tag.replaceAll(/\s+/g, " ").trim()) ?? [];
  if (kind === "param") return `- ${text.replace(/^(\w+)/, "`$1`:")}`;
  const verb = kind === "throws" ? "Throws" : "Returns";
  return text.startsWith(",") ? `- ${verb}${text}` : `- ${verb} ${text}`;
}
