/**
 * Reads the public interface from the source: names, signatures, comments and where they stand, by TypeScript's own parser.
 * A method of Tensor is one line that calls an operation, so what it does is read where that operation is defined.
 * Read next: write.ts.
 */
import { fileURLToPath } from "node:url";
import { Node, Project, Scope, type SourceFile, SyntaxKind } from "ts-morph";
import { commentText, constructorText } from "./comments.ts";
import { type Member, type Options, optionsOf, shortened, signatureText, typesOf } from "./signatures.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A public function, class, or member of Tensor. */
export interface Entry {
  /** As it is exported: `softmax`. */
  readonly name: string;
  readonly signatures: readonly string[];
  /** The source comment in Markdown: the text, then parameters, result and errors. */
  readonly text: string;
  readonly options: readonly Options[];
  /** The other types that its signature names. */
  readonly types: readonly Member[];
  readonly members: readonly Member[];
  /** `src/autograd/ops/norm.ts` */
  readonly source: string;
  /** The comment above its group in the source, for methods of Tensor. */
  readonly group: string;
}

const project = new Project({ tsConfigFilePath: `${root}tsconfig.json`, skipAddingFilesFromTsConfig: true });
project.addSourceFilesAtPaths(`${root}src/**/*.ts`);

const place = (node: Node): string => node.getSourceFile().getFilePath().slice(root.length);

/** The values that a file exports, and what each name stands for: a declaration, or a whole file for a namespace. */
export function exportsOf(path: string, only?: "classes" | "functions"): Map<string, Node> {
  const found = new Map<string, Node>();
  for (const [name, declarations] of project.getSourceFileOrThrow(root + path).getExportedDeclarations()) {
    const value = declarations.find((node) => !Node.isInterfaceDeclaration(node) && !Node.isTypeAliasDeclaration(node));
    if (value && (!only || Node.isClassDeclaration(value) === (only === "classes"))) found.set(name, value);
  }
  return found;
}

/** The path of the file in which something is declared; of a namespace, the file that it is. */
export const fileOf = (node: Node): string => node.getSourceFile().getFilePath().slice(root.length);

/** What users can import. Files of the engine export to each other, too. */
const published = new Set(publishedBy("src/index.ts"));

function publishedBy(path: string): Node[] {
  return [...exportsOf(path).values()].flatMap((node) => (Node.isSourceFile(node) ? publishedBy(fileOf(node)) : node));
}

/** What a page says of an exported function or class. `prefix` is what users write before its name: `nn.`. */
export function readExport(name: string, node: Node, prefix: string): Entry {
  const isClass = Node.isClassDeclaration(node);
  const calls = isClass
    ? node.getSymbolOrThrow().getTypeAtLocation(node).getConstructSignatures()
    : node.getType().getCallSignatures();
  const start = isClass ? `new ${prefix}${name}` : prefix + name;
  const isAbstract = isClass && node.isAbstract();
  const written = calls.map((call) => start + signatureText(call, node));
  return {
    name,
    signatures: isAbstract ? [`abstract class ${prefix}${name}`] : written,
    text: [commentText(node), ...hiddenBases(node).slice(0, 1).map(commentText), constructorText(node)]
      .filter(Boolean)
      .join("\n\n"),
    options: optionsOf(calls),
    types: typesOf(calls),
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
    types: [],
    members: [],
    source: place(node),
    group: "what a tensor is",
    signatures: [readMember(node).signature],
  }));
  const files = ["methods", "array-methods"].map((name) =>
    project.getSourceFileOrThrow(`${root}src/autograd/${name}.ts`),
  );
  return [...own, ...files.flatMap(readMethods)];
}

function readMethods(file: SourceFile): Entry[] {
  const methods = file.getVariableDeclarationOrThrow("methods");
  let group = "";
  return methods
    .getInitializerIfKindOrThrow(SyntaxKind.ObjectLiteralExpression)
    .getProperties()
    .map((node) => {
      for (const range of node.getLeadingCommentRanges()) {
        if (range.getKind() === SyntaxKind.SingleLineCommentTrivia) group = range.getText().slice(2).trim();
      }
      const name = node.getSymbolOrThrow().getName();
      const calls = node.getType().getCallSignatures();
      const definition = documented(node);
      return {
        name,
        signatures: calls.map((call) => `x.${name}${signatureText(call, node)}`),
        text: commentText(definition),
        options: optionsOf(calls),
        types: typesOf(calls),
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
    const signature = owner + name + signatureText(node.getSignature(), node);
    return { name, signature, text: commentText(node) };
  }
  const [name, type] = [node.getSymbolOrThrow().getName(), shortened(node.getType().getText(node))];
  return { name, signature: `${name}: ${type}`, text: commentText(node) };
}

/** The classes between this one and the first that has a page of its own. */
function hiddenBases(node: Node): Node[] {
  const base = Node.isClassDeclaration(node) ? node.getBaseClass() : undefined;
  return !base || published.has(base) ? [] : [base, ...hiddenBases(base)];
}

/** What a class has that is not its public base's; and, for Module, what hooks.ts adds. Overrides say what is new. */
function membersOf(node: Node): Member[] {
  const added =
    fileOf(node) === "src/nn/module.ts" ? readMethods(project.getSourceFileOrThrow(`${root}src/nn/hooks.ts`)) : [];
  const isNews = (member: Node) => commentText(member) || !(Node.isOverrideable(member) && member.hasOverrideKeyword());
  const classes = [...hiddenBases(node).reverse(), node];
  const members = classes.flatMap(publicMembers).filter(isNews).map(readMember);
  return [...members, ...added.map((entry) => ({ ...entry, signature: entry.signatures[0].replace(/^x\./, "") }))];
}
