/**
 * Reads the public interface from the source: names, signatures, comments and where they stand, by TypeScript's own parser.
 * A method of Tensor is one line that calls an operation, so what it does is read where that operation is defined.
 * Read next: write.ts.
 */
import { fileURLToPath } from "node:url";
import {
  type ExportDeclaration,
  Node,
  Project,
  Scope,
  type SourceFile,
  SyntaxKind,
  type VariableDeclaration,
} from "ts-morph";
import { commentExample, commentText, constructorText, mirroredName } from "./comments.ts";
import { type Member, type Options, optionsOf, shortened, signatureText, typesOf } from "./signatures.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A public function, class, or member of Tensor. */
export interface Entry {
  /** As it is exported: `softmax`. */
  readonly name: string;
  readonly signatures: readonly string[];
  /** The source comment in Markdown: the text, then parameters, result and errors. */
  readonly text: string;
  /** What the comment says that it mirrors. */
  readonly mirrors: string | undefined;
  /** The comment's example. */
  readonly example: string | undefined;
  readonly options: readonly Options[];
  /** The other types that its signature names. */
  readonly types: readonly Member[];
  readonly members: readonly Member[];
  /** `src/autograd/ops/matmul.ts` */
  readonly source: string;
  /** The comment above its group in the source, for methods of Tensor. */
  readonly group: string;
}

const project = new Project({ tsConfigFilePath: `${root}tsconfig.json`, skipAddingFilesFromTsConfig: true });
project.addSourceFilesAtPaths(`${root}src/**/*.ts`);

/**
 * The values that a file exports, and what each name stands for: a declaration, or a whole file for a namespace. Where one
 * object is all that a file exports, the names are its properties.
 */
export function exportsOf(path: string, only?: "functions" | "classes"): Map<string, Node> {
  const found = new Map<string, Node>();
  const file = project.getSourceFileOrThrow(root + path);
  const types = new Set(file.getExportDeclarations().flatMap(typesExportedBy));
  for (const [name, declarations] of file.getExportedDeclarations()) {
    if (types.has(name)) continue;
    const value = declarations.find((node) => !Node.isInterfaceDeclaration(node) && !Node.isTypeAliasDeclaration(node));
    const kind = Node.isClassDeclaration(value) ? "classes" : "functions";
    if (value && (!only || only === kind)) found.set(name, value);
  }
  const [first] = found.values();
  const isObject =
    found.size === 1 && Node.isVariableDeclaration(first) && Node.isObjectLiteralExpression(first.getInitializer());
  return isObject
    ? new Map(
        first
          .getType()
          .getProperties()
          .map((own) => [own.getName(), own.getDeclarations()[0]]),
      )
    : found;
}

/** `export { type Storage }` */
const typesExportedBy = (node: ExportDeclaration): string[] =>
  node
    .getNamedExports()
    .filter((named) => node.isTypeOnly() || named.isTypeOnly())
    .map((named) => named.getAliasNode()?.getText() ?? named.getName());

/** What a property `{ relu }` is short for. */
function declarationOf(node: Node): Node {
  const symbol = Node.isShorthandPropertyAssignment(node) ? node.getValueSymbolOrThrow() : undefined;
  return (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations()[0] ?? node;
}

/** The path of the file in which something is declared; of a namespace, the file that it is. */
export const fileOf = (node: Node): string => node.getSourceFile().getFilePath().slice(root.length);

/** What users can import. Files of the engine export to each other, too. */
const published = new Set(publishedBy("src/index.ts"));
export const isPublished = (node: Node): boolean => published.has(node);

function publishedBy(path: string): Node[] {
  return [...exportsOf(path).values()].flatMap((node) => (Node.isSourceFile(node) ? publishedBy(fileOf(node)) : node));
}

/** What a page says of an exported function or class. `prefix` is what users write before its name: `nn.`. */
export function readExport(name: string, exported: Node, prefix: string): Entry {
  const node = declarationOf(exported);
  const isClass = Node.isClassDeclaration(node);
  const calls = isClass
    ? node.getSymbolOrThrow().getTypeAtLocation(node).getConstructSignatures()
    : node.getType().getCallSignatures();
  const start = isClass ? `new ${prefix}${name}` : prefix + name;
  const isAbstract = isClass && node.isAbstract();
  const isValue = !isClass && calls.length === 0;
  const written = isValue
    ? [`${start}: ${node.getType().getText(node)}`]
    : calls.map((call) => start + signatureText(call, node));
  const first = secondNames.get(name);
  const commented = [exported, exportedAs(name, node)].find((place) => place && commentText(place)) ?? node;
  const entry = {
    name,
    signatures: isAbstract ? [`abstract class ${prefix}${name}`] : written,
    ...said(commented),
    text: [commentText(commented), ...hiddenBases(node).slice(0, 1).map(commentText), constructorText(node)]
      .filter(Boolean)
      .join("\n\n"),
    options: optionsOf(calls, node),
    types: typesOf(calls, node),
    members: isClass ? membersOf(node) : [],
    source: fileOf(node),
    group: "",
  };
  return first ? asSecondName(entry, first) : entry;
}

/** What a second name stands for. */
const secondNames = new Map(
  project
    .getSourceFileOrThrow(`${root}src/autograd/ops/second-names.ts`)
    .getDescendantsOfKind(SyntaxKind.ExportSpecifier)
    .map((specifier) => [specifier.getAliasNode()?.getText() ?? "", specifier.getName()]),
);

/** What a page says of a second name: that it is one, with the example of the first. */
const asSecondName = (entry: Entry, first: string): Entry => ({
  ...entry,
  text: `The same as \`${first}\`.`,
  mirrors: undefined,
  example: entry.example?.replaceAll(new RegExp(`\\b${first}(?=_?\\()`, "g"), entry.name),
});

/** `variance as var`: a comment may stand where another name is given. */
const exportedAs = (name: string, node: Node): Node | undefined =>
  node
    .getSourceFile()
    .getExportDeclarations()
    .flatMap((declaration) => declaration.getNamedExports())
    .find((specifier) => specifier.getAliasNode()?.getText() === name);

/** What a comment says beside its text. */
const said = (node: Node): Pick<Entry, "mirrors" | "example"> => ({
  mirrors: mirroredName(node),
  example: commentExample(node),
});

/** The members of Tensor: first those of the class, then the operations that are methods, then the other methods. */
export function readTensor(): Entry[] {
  const tensor = project.getSourceFileOrThrow(`${root}src/tensor/tensor.ts`).getClassOrThrow("Tensor");
  const own = publicMembers(tensor).map((node) => ({
    ...readMember(node),
    ...said(node),
    options: [],
    types: [],
    members: [],
    source: fileOf(node),
    group: "what a tensor is",
    signatures: [readMember(node).signature],
  }));
  const files = methodTables.map((path) => project.getSourceFileOrThrow(root + path));
  const [everyday, others] = files.map(readTable);
  const families = [...new Set(others.map(({ group }) => group))]; // all that there are, in their order
  const inTables = families.flatMap((family) => [...everyday, ...others].filter(({ group }) => group === family));
  return [...own, ...inTables, ...methodFiles.flatMap(readMethods), ...readProperties(files[0])];
}

/** What is read of a tensor without a call, and is computed by operations. */
const readProperties = (file: SourceFile): Entry[] =>
  file
    .getInterfaceOrThrow("Transposed")
    .getProperties()
    .map((node) => ({
      ...readMember(node),
      ...said(node),
      signatures: [`x.${readMember(node).signature}`],
      options: [],
      types: [],
      members: [],
      source: fileOf(node),
      group: "shapes like another's, and other ways to ask for them",
    }));

/** All operations, methods or not, by name. */
export const operations = exportsOf("src/autograd/ops/index.ts");

/** The methods that a table lists: as functions, and as `x.relu()` and `x.relu_()`. */
function readTable(file: SourceFile): Entry[] {
  let group = "";
  const names = file
    .getVariableDeclarationOrThrow("table")
    .getFirstDescendantByKindOrThrow(SyntaxKind.ArrayLiteralExpression);
  return names.getElements().map((element) => {
    group = headingAbove(element) ?? group;
    const name = element.getText().slice(1, -1);
    const operation = name.replace(/_$/, "");
    const node = operations.get(operation);
    if (!node) throw new Error(`${name}: there is no such operation`);
    const entry = readExport(operation, node, "");
    const methods = node
      .getType()
      .getCallSignatures()
      .map((call) => `x.${name}${signatureText(call, node, 1)}`);
    return { ...entry, name, group, signatures: name === operation ? [...entry.signatures, ...methods] : methods };
  });
}

/** A comment of one line above an entry of a list begins a group. */
function headingAbove(node: Node): string | undefined {
  const ranges = node
    .getLeadingCommentRanges()
    .filter((range) => range.getKind() === SyntaxKind.SingleLineCommentTrivia);
  return ranges.at(-1)?.getText().slice(2).trim();
}

function readMethods(path: string): Entry[] {
  const methods = methodsIn(path);
  let group = "";
  return methods
    .getInitializerIfKindOrThrow(SyntaxKind.ObjectLiteralExpression)
    .getProperties()
    .map((node) => {
      group = headingAbove(node) ?? group;
      const name = node.getSymbolOrThrow().getName();
      const calls = node.getType().getCallSignatures();
      return {
        name,
        ...said(node),
        signatures: calls.map((call) => `x.${name}${signatureText(call, node)}`),
        text: commentText(node),
        options: optionsOf(calls, node),
        types: typesOf(calls, node),
        members: [],
        source: fileOf(node),
        group,
      };
    });
}

/** The files that list operations that are methods of Tensor. */
const methodTables = ["src/autograd/everyday-methods.ts", "src/autograd/methods.ts"];

/** The files that add methods to Tensor, beside those of the tables. */
export const methodFiles = [...methodTables, "src/autograd/filling.ts"];

/** The object of methods that a file adds to a class. */
export const methodsIn = (path: string): VariableDeclaration =>
  project.getSourceFileOrThrow(root + path).getVariableDeclarationOrThrow("methods");

function publicMembers(node: Node): Node[] {
  if (!Node.isClassDeclaration(node)) return [];
  return [...node.getStaticMethods(), ...node.getInstanceMembers()].filter((member) => {
    const name = member.getName();
    const isHidden = /^[#[]/.test(name) || Node.isSetAccessorDeclaration(member);
    return !isHidden && !(Node.isScoped(member) && member.getScope() !== Scope.Public);
  });
}

function readMember(node: Node): Member {
  if (Node.isMethodDeclaration(node) || Node.isMethodSignature(node)) {
    const name = node.getName();
    const isStatic = Node.isMethodDeclaration(node) && node.isStatic();
    const owner = isStatic ? `${node.getParentIfKindOrThrow(SyntaxKind.ClassDeclaration).getName()}.` : "";
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

/** What hooks.ts adds to Module. */
function hookMethods(): Node[] {
  const [declaration] = project.getSourceFileOrThrow(`${root}src/nn/hooks.ts`).getModules();
  return declaration.getInterfaceOrThrow("Module").getMethods();
}

/** What a class has that is not its public base's; and, for Module, what hooks.ts adds. Overrides say what is new. */
function membersOf(node: Node): Member[] {
  const added = fileOf(node) === "src/nn/module.ts" ? hookMethods() : [];
  const isNews = (member: Node) => commentText(member) || !(Node.isOverrideable(member) && member.hasOverrideKeyword());
  const classes = [...hiddenBases(node).reverse(), node];
  return [...classes.flatMap(publicMembers).filter(isNews), ...added].map(readMember);
}
