/**
 * What every public function takes, as its types say, for the edge of the package to check: src/edge/signatures.ts.
 * Types are looked through to what can be told of a value: `x: Tensor, dim?: int | int[], options?: ReductionOptions`.
 */
import {
  type ClassDeclaration,
  type InterfaceDeclaration,
  Node,
  type ParameterDeclaration,
  Scope,
  type Signature,
  SyntaxKind,
  type TupleTypeNode,
  type Type,
  type TypeNode,
  type TypeOperatorTypeNode,
  type TypeReferenceNode,
  type Symbol as TypeSymbol,
} from "ts-morph";
import { exportsOf, fileOf, isPublished, methodFiles, methodsIn } from "./read.ts";
import { isOurs, parametersOf } from "./signatures.ts";

/** A text for each way to call a function, a constructor (`nn.Linear`) or a method (`nn.Module.train`). */
const signatures = new Map<string, string[]>();
/** What options hold, by the name of their type: `keepdim?: boolean`. */
const options = new Map<string, string>();

/** Kinds of values, of which it has to be one. */
type Kinds = readonly string[];

/** Types that say more than those that they stand for, or that nothing can be told of. */
const known: Readonly<Record<string, Kinds>> = {
  Int: ["int"],
  Iterable: ["iterable"],
  Uint8Array: ["Uint8Array"],
  ArrayLike: ["object"],
  NestedArray: ["unknown"], // of any depth, as the next: whoever reads it checks it
  ModelInput: ["unknown"],
  MappedDims: ["unknown"],
};

/** What users import, and the modules that it is written in. */
const entries = {
  index: "index",
  files: "files",
  image: "data/image",
  datasets: "data/datasets",
  models: "models/index",
};

/** The modules of the edge that follow from others, by path. */
export function makeEdge(): Map<string, string> {
  const files = new Map(Object.entries(entries).map(([name, path]) => [`src/edge/${name}.ts`, entryText(path)]));
  for (const path of methodFiles) read("Tensor", methodsIn(path));
  const tables = [
    `export const signatures = new Map<string, readonly string[]>${tableText(signatures)};\n`,
    `/** Of options, by the name of their type. */\nexport const settings = new Map<string, string>${tableText(options)};\n`,
  ];
  return files.set(
    "src/edge/signatures.ts",
    moduleText("what public functions take, by the types in the source", ...tables),
  );
}

export const moduleText = (comment: string, ...parts: readonly string[]): string =>
  `// biome-ignore-all format: made by a program\n/** Made by \`npm run docs\`: ${comment}. */\n${parts.join("\n")}`;

/** Every name of a module, behind a guard. */
function entryText(path: string): string {
  const names = [...exportsOf(`src/${path}.ts`)].map(([name, node]) => {
    read(name, node);
    return name;
  });
  const list = names.filter((name) => name !== "var");
  // A word of the language: only as an export can a name be that.
  const hasVar = list.length < names.length;
  return moduleText(
    `what ../${path}.ts exports, as users get it`,
    `import * as engine from "../${path}.ts";\nimport { guarded } from "./guard.ts";\n`,
    `const names = guarded(engine);\nexport const {\n${wrapped(list)}} = names;\n`,
    ...(hasVar ? ["const { var: variance } = names;\n\nexport { variance as var };\n"] : []),
  );
}

/** Names with commas, as many to a line as there is room for. */
const wrapped = (names: readonly string[]): string =>
  `${names.join(", ")},`.replaceAll(/(.{1,117},)(?: |$)/g, "  $1\n");

const tableText = (table: ReadonlyMap<string, unknown>): string =>
  `([\n${[...table].map((entry) => `  ${JSON.stringify(entry)},\n`).join("")}])`;

function read(name: string, node: Node): void {
  if (Node.isSourceFile(node)) for (const [own, inner] of exportsOf(fileOf(node))) read(`${name}.${own}`, inner);
  else if (Node.isClassDeclaration(node)) readClass(name, node);
  else if (node.getType().getCallSignatures().length > 0) add(name, node.getType().getCallSignatures(), node);
  else if (!node.getType().isString() && !node.getType().isStringLiteral() && !isMade(node))
    for (const own of node.getType().getProperties()) read(`${name}.${own.getName()}`, declarationOf(own));
}

/** Whether it is an object of a class, which has the methods. */
const isMade = (node: Node): boolean => {
  const [declared] = node.getType().getSymbol()?.getDeclarations() ?? [];
  return Node.isClassDeclaration(declared);
};

/** Of a property `{ relu }`, what it is short for. */
function declarationOf(property: TypeSymbol): Node {
  const [node] = property.getDeclarations();
  if (!Node.isShorthandPropertyAssignment(node)) return node;
  const symbol = node.getValueSymbolOrThrow();
  return (symbol.getAliasedSymbol() ?? symbol).getDeclarations()[0];
}

/**
 * A class that is to be extended leaves its constructor, and what is to be written, to those that extend it. A field that holds a
 * function is no method.
 */
function readClass(name: string, node: ClassDeclaration): void {
  const made = node.getSymbolOrThrow().getTypeAtLocation(node);
  if (!node.isAbstract()) add(name, made.getConstructSignatures(), node);
  for (const symbol of [...made.getProperties(), ...node.getType().getProperties()]) {
    const calls = symbol.getTypeAtLocation(node).getCallSignatures();
    const takesSome = calls.some((call) => call.getParameters().length > 0);
    const [declared] = symbol.getDeclarations();
    const isMethod = !Node.isPropertyDeclaration(declared);
    if (takesSome && isMethod && /^[a-z]/.test(symbol.getName()) && isOwn(declared, node))
      add(`${name}.${symbol.getName()}`, calls, node);
  }
}

/** Whether a class brings a method to the public interface: itself, or by a base that is not there. */
function isOwn(method: Node | undefined, node: ClassDeclaration): boolean {
  if (Node.isAbstractable(method) && method.isAbstract()) return false;
  if (Node.isScoped(method) && method.getScope() !== Scope.Public) return false;
  const owner = method?.getParent();
  if (!Node.isClassDeclaration(owner) && !Node.isInterfaceDeclaration(owner)) return false;
  // An interface may add to a class: its type is the class's.
  const declared = owner.getType().getSymbolOrThrow().getDeclarations();
  return declared.includes(node) || !declared.some(isPublished);
}

function add(name: string, calls: readonly Signature[], at: Node): void {
  signatures.set(name, [...new Set(calls.map((call) => parameterTexts(call, at).join(", ")))]);
}

function parameterTexts(call: Signature, at: Node): string[] {
  const symbols = call.getParameters();
  // `(...args: Args)` of what a function makes: the parameters are in the tuple, or written in the function that was given.
  const made = symbols.length === 1 ? symbols[0].getTypeAtLocation(at) : undefined;
  const nodes = parametersOf(call, at).filter((node) => node.getName() !== "this");
  if (made?.isTuple() && nodes[0]?.isRestParameter()) return tupleTexts(made);
  return nodes.map((node) => {
    const symbol = symbols.find((candidate) => candidate.getName() === node.getName());
    return parameterText(node, symbol?.getTypeAtLocation(at) ?? node.getType());
  });
}

function parameterText(node: ParameterDeclaration, type: Type): string {
  const name = Node.isIdentifier(node.getNameNode()) ? node.getName() : "options";
  const written = node.getTypeNode();
  const isGiven = written && !written.getType().isTypeParameter();
  const followed = isGiven ? ofNode(written) : ofType(type);
  const kinds = written && followed.includes("unknown") ? ofNode(written) : followed;
  if (node.isRestParameter())
    return `...${name}: ${textOf(kinds.map((kind) => kind.replace(/\[\d*\]$/, "").replace(/^\((.*)\)$/, "$1")))}`;
  return `${name}${node.isOptional() ? "?" : ""}: ${textOf(kinds)}`;
}

/** The labels and types of `[input: Tensor, dim?: number]`. */
function tupleTexts(type: Type): string[] {
  const target: object = type.getTargetTypeOrThrow().compilerType;
  const { labeledElementDeclarations: labels = [], minLength = 0 } = target as Partial<TupleTarget>;
  return type.getTupleElements().map((element, i) => {
    const name = labels[i]?.name.getText() ?? "input";
    return `${name}${i < minLength ? "" : "?"}: ${textOf(ofType(element))}`;
  });
}

/** What TypeScript keeps of a tuple. */
interface TupleTarget {
  readonly labeledElementDeclarations: readonly ({ name: { getText(): string } } | undefined)[];
  readonly minLength: number;
}

const textOf = (kinds: Kinds): string => distinct(kinds).join(" | ");
const distinct = (kinds: Kinds): Kinds => [...new Set(kinds)].filter((kind) => kind !== "undefined");
/** `number[]`, or `number[2]` of a tuple. */
const listOf = (kinds: Kinds, length: number | "" = ""): string =>
  distinct(kinds).length > 1 || kinds[0].startsWith("object with")
    ? `(${textOf(kinds)})[${length}]`
    : `${textOf(kinds)}[${length}]`;

/** A type as it is written. */
function ofNode(node: TypeNode): Kinds {
  if (Node.isUnionTypeNode(node)) return node.getTypeNodes().flatMap(ofNode);
  if (Node.isParenthesizedTypeNode(node)) return ofNode(node.getTypeNode());
  if (Node.isTypeOperatorTypeNode(node) && isReadonly(node)) return ofNode(node.getTypeNode());
  if (Node.isNamedTupleMember(node)) return ofNode(node.getTypeNode());
  if (Node.isArrayTypeNode(node)) return [listOf(ofNode(node.getElementTypeNode()))];
  if (Node.isTupleTypeNode(node)) return [listOf(node.getElements().flatMap(ofNode), lengthOf(node))];
  if (Node.isIntersectionTypeNode(node)) return ofIntersection(node.getTypeNodes());
  if (Node.isTypeReference(node)) return ofReference(node);
  return ofType(node.getType());
}

/** Of `[first: Tensor, ...rest: Tensor[]]` any. */
const lengthOf = (node: TupleTypeNode): number | "" =>
  node.getElements().some((element) => Node.isRestTypeNode(element)) ? "" : node.getElements().length;

const isReadonly = (node: TypeOperatorTypeNode): boolean => node.getOperator() === SyntaxKind.ReadonlyKeyword;

/** Options of which some are narrowed are still these options. */
function ofIntersection([first, ...rest]: readonly TypeNode[]): Kinds {
  const names = rest.flatMap((node) =>
    node
      .getType()
      .getProperties()
      .map((symbol) => symbol.getName()),
  );
  return names.every((name) => first.getType().getProperty(name)) ? ofNode(first) : ["object"];
}

function ofReference(node: TypeReferenceNode): Kinds {
  const name = node.getTypeName().getText();
  if (known[name]) return known[name];
  if (name === "Pick" || name === "Readonly") return ofNode(node.getTypeArguments()[0]);
  if (name === "Record") return [`Record<${textOf(ofNode(node.getTypeArguments()[1]))}>`];
  if (name === "Partial") return ofNode(node.getTypeArguments()[0]).map((kind) => `Partial<${kind}>`);
  const symbol = node.getTypeName().getSymbol();
  const [declared] = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
  if (Node.isTypeParameterDeclaration(declared)) {
    const bound = declared.getConstraint();
    return bound ? ofNode(bound) : ["unknown"];
  }
  return Node.isTypeAliasDeclaration(declared) && isOurs(declared)
    ? ofNode(declared.getTypeNodeOrThrow())
    : ofType(node.getType());
}

/** A type that follows from others. */
function ofType(type: Type): Kinds {
  if (type.isBoolean()) return ["boolean"];
  if (type.isUnion()) return type.getUnionTypes().flatMap(ofType);
  if (type.isBooleanLiteral()) return ["boolean"];
  if (type.isArray() || type.isReadonlyArray()) return [listOf(ofType(type.getArrayElementTypeOrThrow()))];
  if (type.isTuple()) return [listOf(type.getTupleElements().flatMap(ofType), type.getTupleElements().length)];
  const [declared] = type.getSymbol()?.getDeclarations() ?? [];
  if (Node.isClassDeclaration(declared)) return [isPublished(declared) ? (declared.getName() ?? "") : "unknown"];
  if (type.getCallSignatures().length > 0) return ["function"];
  if (Node.isInterfaceDeclaration(declared)) return [ofInterface(declared)];
  const isPlain = type.isNumber() || type.isString() || type.isNull() || type.isUndefined() || type.isLiteral();
  return [isPlain || type.getText() === "bigint" ? type.getText() : "unknown"];
}

/** The name under which an interface of options is listed; what has methods too is an object with these. */
function ofInterface(declared: InterfaceDeclaration): string {
  if (!isOurs(declared)) return "object";
  const settings = declared
    .getType()
    .getProperties()
    .flatMap((symbol) => symbol.getDeclarations());
  if (!settings.every(Node.isPropertySignature)) {
    const needed = declared.getMethods().filter((method) => !method.hasQuestionToken());
    const names = needed
      .map((method) => method.getName())
      .filter((method) => /^\w+$/.test(method) && method !== "toString");
    return names.length > 0 ? `object with ${names.join(" and ")}` : "object";
  }
  const name = declared.getName();
  if (!options.has(name)) {
    const texts = settings.map((setting) => {
      const mark = setting.hasQuestionToken() ? "?" : "";
      return `${setting.getName()}${mark}: ${textOf(ofNode(setting.getTypeNodeOrThrow()))}`;
    });
    options.set(name, texts.join(", "));
  }
  return name;
}
