/**
 * Reads the public interface from the source: names, signatures, comments and where they stand, by TypeScript's own parser.
 * A method of Tensor is one line that calls an operation, so what it does is read where that operation is defined.
 * Read next: write.ts.
 */
import { fileURLToPath } from "node:url";
import { type JSDoc, Node, Project, Scope, type Signature, type SourceFile, SyntaxKind, type Type } from "ts-morph";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A setting of an options object, or a member of a class. */
export interface Member {
  readonly signature: string;
  readonly text: string;
  /** What a class's member is called; empty for a setting. */
  readonly name: string;
}

/** Settings that a parameter takes, by the name of their type. */
export interface Options {
  readonly name: string;
  readonly settings: readonly Member[];
}

/** A public function, class, or member of Tensor. */
export interface Entry {
  /** As it is exported: `softmax`. */
  readonly name: string;
  readonly signatures: readonly string[];
  /** The source comment in Markdown: the text, then parameters, result and errors. */
  readonly text: string;
  readonly options: readonly Options[];
  readonly members: readonly Member[];
  /** `src/autograd/ops/norm.ts#L20` */
  readonly source: string;
  /** The comment above its group in the source, for methods of Tensor. */
  readonly group: string;
}

const project = new Project({ tsConfigFilePath: `${root}tsconfig.json`, skipAddingFilesFromTsConfig: true });
project.addSourceFilesAtPaths(`${root}src/**/*.ts`);

const place = (node: Node): string =>
  `${node.getSourceFile().getFilePath().slice(root.length)}#L${node.getStartLineNumber()}`;

/** The values that a file exports, and what each name stands for: a declaration, or a whole file for a namespace. */
export function exportsOf(path: string): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const [name, declarations] of project.getSourceFileOrThrow(root + path).getExportedDeclarations()) {
    const value = declarations.find((node) => !Node.isInterfaceDeclaration(node) && !Node.isTypeAliasDeclaration(node));
    if (value) found.set(name, value);
  }
  return found;
}

/** The path of the file in which something is declared; of a namespace, the file that it is. */
export const fileOf = (node: Node): string => node.getSourceFile().getFilePath().slice(root.length);

/** What a page says of an exported function or class. `prefix` is what users write before its name: `nn.`. */
export function readExport(name: string, node: Node, prefix: string): Entry {
  const isClass = Node.isClassDeclaration(node);
  const calls = isClass
    ? node.getSymbolOrThrow().getTypeAtLocation(node).getConstructSignatures()
    : node.getType().getCallSignatures();
  const start = isClass ? `new ${prefix}${name}` : prefix + name;
  const isAbstract = isClass && node.isAbstract();
  const written = calls.map((call) => start + signatureText(call, node, isClass ? "" : ": "));
  return {
    name,
    signatures: isAbstract ? [`abstract class ${prefix}${name}`] : written,
    text: commentText(node) + (isClass ? constructorText(node) : ""),
    options: optionsOf(calls),
    members: isClass ? membersOf(node) : [],
    source: place(node),
    group: "",
  };
}

/** The members of Tensor: first those of the class, then the methods of each file that adds some. */
export function readTensor(): Entry[] {
  const tensor = project.getSourceFileOrThrow(`${root}src/tensor/tensor.ts`).getClassOrThrow("Tensor");
  const own = publicMembers(tensor).map((node) => ({
    ...readMember(node),
    text: commentText(node),
    options: [],
    members: [],
    source: place(node),
    group: "what a tensor is",
    signatures: [readMember(node).signature],
  }));
  const files = ["methods", "array-methods"].map((name) => project.getSourceFileOrThrow(`${root}src/autograd/${name}.ts`));
  return [...own, ...files.flatMap(readMethods)];
}

function readMethods(file: SourceFile): Entry[] {
  const methods = file.getVariableDeclarationOrThrow("methods");
  let group = "";
  return methods.getInitializerIfKindOrThrow(SyntaxKind.ObjectLiteralExpression).getProperties().map((node) => {
    for (const range of node.getLeadingCommentRanges()) {
      if (range.getKind() === SyntaxKind.SingleLineCommentTrivia) group = range.getText().slice(2).trim();
    }
    const name = node.getSymbolOrThrow().getName();
    const calls = node.getType().getCallSignatures();
    const definition = documented(node);
    return {
      name,
      signatures: calls.map((call) => `x.${name}${signatureText(call, node, ": ")}`),
      text: commentText(definition),
      options: optionsOf(calls),
      members: [],
      source: place(definition),
      group,
    };
  });
}

/** Where a method is explained: at itself or, if it has no comment, at the first documented function that it calls. */
function documented(method: Node): Node {
  if (commentText(method)) return method;
  const body = Node.isShorthandPropertyAssignment(method) ? method.getValueSymbolOrThrow().getDeclarations() : [method];
  for (const call of body.flatMap((node) => node.getDescendantsOfKind(SyntaxKind.CallExpression))) {
    const symbol = call.getExpression().getSymbol();
    const declarations = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
    const found = declarations.find((node) => commentText(node));
    if (found) return found;
  }
  return method;
}

const commentsOf = (node: Node): JSDoc[] => {
  const owner = Node.isVariableDeclaration(node) ? node.getVariableStatement() : node;
  if (!owner) return [];
  if (Node.isJSDocable(owner)) return owner.getJsDocs();
  return owner.getChildrenOfKind(SyntaxKind.JSDoc); // of a property of an object
};

/** A source comment as Markdown, without "Mirrors `torch.name`.", which the page says in its own place. */
function commentText(node: Node): string {
  const overload = Node.isFunctionDeclaration(node) ? node.getOverloads().at(0) : undefined;
  return [...commentsOf(node), ...(overload ? commentsOf(overload) : [])].slice(0, 1).map(markdown).join("");
}

function constructorText(node: Node): string {
  const [constructor] = Node.isClassDeclaration(node) ? node.getConstructors() : [];
  return constructor ? commentText(constructor).replace(/^(?=.)/, "\n\n") : "";
}

function markdown(comment: JSDoc): string {
  const lines = comment.getInnerText().split("\n");
  const firstTag = lines.findIndex((line) => line.startsWith("@"));
  const text = firstTag < 0 ? lines : lines.slice(0, firstTag);
  const tags = (firstTag < 0 ? [] : lines.slice(firstTag)).join(" ").split(/\s+(?=@)/).join("\n");
  const paragraphs = text.join("\n").trimEnd().split(/\n\n+/).map((paragraph) => {
    if (/^ {2}/.test(paragraph)) return `\`\`\`text\n${paragraph.replaceAll(/^ {1,5}/gm, "")}\n\`\`\``;
    return paragraph.replaceAll("\n", " ").replace(/ ?\bMirrors `[\w.]+`\.(?= |$)/, "").trim();
  });
  const list = tags.split("\n").filter(Boolean).map((tag) => {
    const [, kind, rest] = /^@(\w+)\s*(.*)$/.exec(tag) ?? [];
    if (kind === "throws") return `- Throws${rest.startsWith(",") ? "" : " "}${rest.trim()}`;
    if (kind === "returns") return `- Returns ${rest.trim()}`;
    return `- ${rest.trim().replace(/^(\w+)/, "`$1`:")}`;
  });
  return [...paragraphs, list.join("\n")].filter(Boolean).join("\n\n");
}

/** `(x: Tensor, dim = -1): Tensor`, as it is written in the source, without \`this\` and without what is taken apart. */
function signatureText(call: Signature, at: Node, arrow: string): string {
  const parameters = call.getParameters().flatMap((symbol) => symbol.getDeclarations().slice(0, 1));
  const listed = parameters.filter(Node.isParameterDeclaration);
  const inner = Node.isVariableDeclaration(at) ? at.getDescendantsOfKind(SyntaxKind.ArrowFunction)[0] : undefined;
  const isWrapped = Node.isVariableDeclaration(at) && Node.isCallExpression(at.getInitializer()); // defineOp("name", (…) => …)
  const written = isWrapped ? (inner?.getParameters() ?? []) : listed;
  const words = written.filter((parameter) => parameter.getName() !== "this").map((parameter) => {
    const name = Node.isIdentifier(parameter.getNameNode()) ? parameter.getName() : "options";
    const type = shortened(parameter.getTypeNode()?.getText() ?? parameter.getType().getText(parameter));
    const initial = parameter.getInitializer()?.getText();
    if (parameter.isRestParameter()) return `...${name}: ${type}`;
    if (initial === undefined) return `${name}${parameter.hasQuestionToken() ? "?" : ""}: ${type}`;
    if (name === "options") return `options?: ${type}`;
    return /^(-?[\d.]+|"\w+"|true|false)$/.test(initial) ? `${name} = ${initial}` : `${name}: ${type} = ${initial}`;
  });
  const result = arrow && arrow + shortened(call.getReturnType().getText(at));
  const known = isWrapped && !inner ? shortened(at.getType().getText(at).replace(/ => .*/, "")) : `(${words.join(", ")})`;
  return known + result;
}

/** Types without the places that they are imported from, and one line long. */
const shortened = (type: string): string =>
  type.replaceAll(/import\([^)]*\)\./g, "").replaceAll(/\b[a-z]\w*\.(?=[A-Z])/g, "").replaceAll(/\s+/g, " ");

/** The settings of every options object that the calls take. */
function optionsOf(calls: readonly Signature[]): Options[] {
  const found = new Map<string, Options>();
  for (const symbol of calls.flatMap((call) => call.getParameters())) {
    const [declaration] = symbol.getDeclarations();
    const type = (Node.isParameterDeclaration(declaration) ? declaration.getType() : symbol.getDeclaredType()).getNonNullableType();
    const [parameters] = [type.isTuple() ? type.getTupleElements() : [type]];
    for (const one of parameters.map((part) => part.getNonNullableType())) {
      const settings = settingsOf(one);
      const name = one.getSymbol()?.getName() ?? "";
      if (settings.length > 0) found.set(name, { name, settings });
    }
  }
  return [...found.values()];
}

function settingsOf(type: Type): Member[] {
  const declared = (type.getAliasTypeArguments()[0] ?? type).getSymbol()?.getDeclarations()[0]; // of Partial<Settings>
  if (!declared || !Node.isInterfaceDeclaration(declared) || !fileOf(declared).startsWith("src/")) return [];
  return declared.getType().getProperties().flatMap((symbol) => {
    const [node] = symbol.getDeclarations();
    if (!Node.isPropertySignature(node)) return [];
    const [name, of] = [node.getName(), shortened(node.getTypeNode()?.getText() ?? "")];
    return [{ name: "", signature: `${name}: ${of}`, text: commentText(node) }];
  });
}

function publicMembers(node: Node): Node[] {
  if (!Node.isClassDeclaration(node)) return [];
  return [...node.getStaticMethods(), ...node.getInstanceMembers()].filter((member) => {
    const name = member.getName();
    const isHidden = /^[#[]/.test(name) || Node.isSetAccessorDeclaration(member);
    return !isHidden && !(Node.isScoped(member) && member.getScope() !== Scope.Public);
  });
}

function readMember(node: Node): Member {
  if (Node.isMethodDeclaration(node)) {
    const name = node.getName();
    const owner = node.isStatic() ? `${node.getParentIfKindOrThrow(SyntaxKind.ClassDeclaration).getName()}.` : "";
    const signature = owner + name + signatureText(node.getSignature(), node, ": ");
    return { name, signature, text: commentText(node) };
  }
  const [name, type] = [node.getSymbolOrThrow().getName(), shortened(node.getType().getText(node))];
  return { name, signature: `${name}: ${type}`, text: commentText(node) };
}

/** What a class has of its own, not by way of its base; and, for Module, what hooks.ts adds. */
function membersOf(node: Node): Member[] {
  const added = fileOf(node) === "src/nn/module.ts" ? readMethods(project.getSourceFileOrThrow(`${root}src/nn/hooks.ts`)) : [];
  const members = publicMembers(node).map(readMember);
  return [...members, ...added.map((entry) => ({ ...entry, signature: entry.signatures[0].replace(/^x\./, "") }))];
}
