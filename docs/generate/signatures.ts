/** How functions are called, and what the types in their signatures stand for. */
import {
  type InterfaceDeclaration,
  Node,
  type ParameterDeclaration,
  type Signature,
  SyntaxKind,
  type Type,
  type TypeAliasDeclaration,
} from "ts-morph";
import { commentText } from "./comments.ts";

/** A setting of an options object, a member of a class, or a type. */
export interface Member {
  readonly name: string;
  readonly signature: string;
  readonly text: string;
}

/** Settings that a parameter takes, by the name of their type. */
export interface Options {
  readonly name: string;
  readonly settings: readonly Member[];
}

/**
 * `<T>(x: Tensor, dim = -1): Tensor`, as it is written in the source, but for \`this\`; of a class, only the parameters.
 * @param skipped how many parameters to leave out: the first of an operation is the tensor whose method it is
 */
export function signatureText(call: Signature, at: Node, skipped = 0): string {
  const parameters = `(${parameterTexts(call, at).slice(skipped).join(", ")})`;
  if (Node.isClassDeclaration(at)) return parameters;
  const generic = call.getTypeParameters().flatMap((type) => type.getSymbol()?.getDeclarations() ?? []);
  const ofTypes = generic.length > 0 ? `<${generic.map((type) => type.getText()).join(", ")}>` : "";
  return `${ofTypes}${parameters}: ${shortened(call.getReturnType().getText(at))}`;
}

function parameterTexts(call: Signature, at: Node): string[] {
  const parameters = parametersOf(call, at);
  if (parameters.some((parameter) => parameter.isRestParameter() && parameter.getType().isTypeParameter())) {
    return inferredTexts(at);
  }
  return parameters
    .filter((parameter) => parameter.getName() !== "this")
    .map((parameter) => parameterText(parameter, call, at));
}

/** The parameters as they are written: of an operation, those of the function that `defineOp` is given. */
export function parametersOf(call: Signature, at: Node): ParameterDeclaration[] {
  const made = Node.isVariableDeclaration(at) ? at.getInitializer() : undefined;
  const isOperation = Node.isCallExpression(made) && made.getExpression().getText() === "defineOp";
  return isOperation
    ? made.getFirstDescendantByKindOrThrow(SyntaxKind.ArrowFunction).getParameters()
    : call.getParameters().flatMap((symbol) => symbol.getDeclarations().filter(Node.isParameterDeclaration));
}

/** `["input: Tensor", "other: Tensor"]` of a function whose type follows from how it is made. */
function inferredTexts(at: Node): string[] {
  const [, parameters] = /^\((.*)\) => /.exec(shortened(at.getType().getText(at))) ?? [];
  return parameters ? parameters.split(/, (?=\w+\??:)/) : [];
}

function parameterText(parameter: ParameterDeclaration, call: Signature, at: Node): string {
  const isTakenApart = !Node.isIdentifier(parameter.getNameNode()); // { keepdim = false }
  const node = parameter.getTypeNode();
  // What a generic base calls Options is the interface that its subclass gives it.
  const symbol = call.getParameters().find((candidate) => candidate.getName() === parameter.getName());
  const given = symbol?.getTypeAtLocation(at).getNonNullableType();
  const isGiven = node?.getType().isTypeParameter() && given?.isInterface();
  const type = shortened(isGiven ? given.getText(at) : (node?.getText() ?? parameter.getType().getText(parameter)));
  const name = isTakenApart ? nameOfTakenApart(type) : parameter.getName();
  const initial = parameter.getInitializer()?.getText();
  if (parameter.isRestParameter()) return `...${name}: ${type}`;
  if (initial === undefined) return `${name}${parameter.hasQuestionToken() ? "?" : ""}: ${type}`;
  if (initial === "{}" || isTakenApart) return `${name}?: ${type}`;
  return /^(-?[\d.]+|"\w+"|true|false)$/.test(initial) ? `${name} = ${initial}` : `${name}: ${type} = ${initial}`;
}

/** `batch` for an ImageBatch; `options` for what has no name. */
function nameOfTakenApart(type: string): string {
  const [, lastWord = "options"] = /^(?:Pick<)?\w*([A-Z][a-z]+)\b/.exec(type) ?? [];
  return lastWord.toLowerCase();
}

/** A type without the places that its parts are imported from, in one line. */
export function shortened(type: string): string {
  const local = type.replaceAll(/import\([^)]*\)\./g, "").replaceAll(/\b[a-z]\w*\.(?=[A-Z])/g, "");
  return local.replaceAll(" | undefined;", ";").replaceAll("; }", " }").replaceAll(/\s+/g, " ");
}

/** The settings of every options object that the calls take. */
export function optionsOf(calls: readonly Signature[], at: Node): Options[] {
  const types = calls
    .flatMap((call) => call.getParameters().map((symbol) => symbol.getTypeAtLocation(at).getNonNullableType()))
    .flatMap((type) => (type.isTuple() ? type.getTupleElements() : [type]));
  const found = types.flatMap((type) => settingsType(type.getNonNullableType()) ?? []);
  return [...new Set(found)].map((declared) => ({ name: declared.getName(), settings: settingsOf(declared) }));
}

/** The interface that lists the settings of an options object, also of one in which all are optional. */
function settingsType(type: Type): InterfaceDeclaration | undefined {
  const isPartial = type.getAliasSymbol()?.getName() === "Partial";
  const [declared] = (isPartial ? type.getAliasTypeArguments()[0] : type).getSymbol()?.getDeclarations() ?? [];
  return Node.isInterfaceDeclaration(declared) && isOurs(declared) ? declared : undefined;
}

export const isOurs = (node: Node): boolean =>
  !node.getSourceFile().isInNodeModules() && !node.getSourceFile().isDeclarationFile();

function settingsOf(declared: InterfaceDeclaration): Member[] {
  const nodes = declared
    .getType()
    .getProperties()
    .flatMap((symbol) => symbol.getDeclarations());
  return nodes.filter(Node.isPropertySignature).map((node) => {
    const name = node.getName();
    const type = shortened(node.getTypeNode()?.getText() ?? "");
    return { name, signature: `${name}${node.hasQuestionToken() ? "?" : ""}: ${type}`, text: commentText(node) };
  });
}

/** The types of the source that parameters and results are written with, but for options. */
export function typesOf(calls: readonly Signature[], at: Node): Member[] {
  const options = optionsOf(calls, at).map(({ name }) => name);
  const written = calls.flatMap((call) => {
    const isWritten = call.compilerSignature.declaration !== undefined; // a class may leave its constructor out
    const whole = isWritten ? call.getDeclaration() : undefined;
    const result = whole && Node.isReturnTyped(whole) ? whole.getReturnTypeNode() : undefined;
    return [...parametersOf(call, at).map((parameter) => parameter.getTypeNode()), result];
  });
  const references = written
    .flatMap((node) => (node ? [node, ...node.getDescendants()] : []))
    .filter(Node.isTypeReference);
  const found = references.flatMap((reference) => declarationOf(reference.getTypeName()) ?? []);
  return [...new Set(found)].map(typeMember).filter(({ name }) => !options.includes(name));
}

/** What a name of a type stands for; a name for another name is looked through. */
function declarationOf(name: Node): TypeAliasDeclaration | InterfaceDeclaration | undefined {
  const symbol = name.getSymbol();
  const [declared] = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
  if (!declared || !isOurs(declared)) return undefined;
  if (Node.isInterfaceDeclaration(declared)) return declared;
  if (!Node.isTypeAliasDeclaration(declared)) return undefined;
  const meant = declared.getTypeNode();
  return (Node.isTypeReference(meant) && declarationOf(meant.getTypeName())) || declared;
}

function typeMember(declared: TypeAliasDeclaration | InterfaceDeclaration): Member {
  const name = declared.getName();
  const parts = Node.isInterfaceDeclaration(declared) ? declared.getMembers().map((member) => member.getText()) : [];
  const meaning = Node.isTypeAliasDeclaration(declared)
    ? (declared.getTypeNode()?.getText() ?? "")
    : `{ ${parts.join(" ")} }`;
  const parameters = declared.getTypeParameters().map((parameter) => parameter.getName());
  const whole = parameters.length > 0 ? `${name}<${parameters.join(", ")}>` : name;
  return { name, signature: `${whole} = ${shortened(meaning)}`, text: commentText(declared) };
}
