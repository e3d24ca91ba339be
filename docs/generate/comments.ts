/** Source comments as Markdown. */
import { type JSDoc, Node, SyntaxKind } from "ts-morph";

/** What a declaration's comment says, or nothing: without "Mirrors `torch.name`.", which the page says in its own place. */
export function commentText(node: Node): string {
  const overloads = Node.isFunctionDeclaration(node) ? node.getOverloads() : [];
  const own = [...overloads, node].map(ownComment).find((comment) => comment !== undefined);
  return own ? markdown(own) : "";
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

function markdown(comment: JSDoc): string {
  const [text, ...tags] = `\n${comment.getInnerText()}`.split(/\s(?=@(?:param|returns|throws)\b)/);
  const paragraphs = text.replace(/^\n/, "").trimEnd().split(/\n\n+/).map(paragraphText);
  return [...paragraphs, tags.map(tagText).join("\n")].filter(Boolean).join("\n\n");
}

/** Indented paragraphs are formulas or code. */
function paragraphText(paragraph: string): string {
  if (paragraph.startsWith("  ")) return `\`\`\`text\n${paragraph.replaceAll(/^ {1,5}/gm, "")}\n\`\`\``;
  const line = paragraph.replaceAll("\n", " ");
  return line.replace(/ ?\bMirrors `[\w.]+`\.(?= |$)/, "").trim();
}

/** `@param dim which one` as an item of a list. */
function tagText(tag: string): string {
  const [, kind, text] = /^@(\w+)\s*(.*)$/.exec(tag.replaceAll(/\s+/g, " ").trim()) ?? [];
  if (kind === "param") return `- ${text.replace(/^(\w+)/, "`$1`:")}`;
  const verb = kind === "throws" ? "Throws" : "Returns";
  return text.startsWith(",") ? `- ${verb}${text}` : `- ${verb} ${text}`;
}
