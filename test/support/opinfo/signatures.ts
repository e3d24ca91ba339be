/** How public functions, methods and layers are called: the names of parameters and options, and what kinds of value each takes. */
import { Node, type Signature, type Type, type ts } from "ts-morph";
import { exportsOf } from "../../../docs/generate/read.ts";

export type Kind = "tensor" | "number" | "string" | "boolean" | "list" | "null";

export interface Parameter {
  readonly name: string;
  readonly kinds: readonly Kind[];
}

export interface CallSignature {
  readonly parameters: readonly Parameter[];
  /** What the object at the end may have. */
  readonly options: readonly Parameter[];
}

interface Typed {
  readonly name: string;
  readonly type: Type;
}

function kindsOf(type: Type): Kind[] {
  if (type.isUnion()) return [...new Set(type.getUnionTypes().flatMap(kindsOf))];
  if (type.isNumber() || type.isNumberLiteral()) return ["number"];
  if (type.isString() || type.isStringLiteral()) return ["string"];
  if (type.isBoolean() || type.isBooleanLiteral()) return ["boolean"];
  if (type.isNull()) return ["null"];
  if (isList(type)) return ["list"];
  return type.getSymbol()?.getName() === "Tensor" ? ["tensor"] : [];
}

const isList = (type: Type): boolean => type.isArray() || type.isReadonlyArray() || type.isTuple();

function isOptions(type: Type): boolean {
  const given = type.getNonNullableType();
  return kindsOf(type).length === 0 && (given.isObject() || given.isIntersection());
}

/** The parameters one by one: of an operation, `...args` of which the type has names and types. */
function listed(name: string, type: Type): Typed[] {
  const tuple = type.isUnion()
    ? type.getUnionTypes().find((one) => one.isTuple() && !targetOf(one).hasRestElement)
    : type;
  if (!tuple?.isTuple()) return [{ name, type }];
  const { labeledElementDeclarations: labels = [] } = targetOf(tuple);
  return tuple.getTupleElements().map((type, i) => ({ name: labels[i]?.name.getText() ?? name, type }));
}

const targetOf = (tuple: Type) => tuple.getTargetTypeOrThrow().compilerType as ts.TupleType;

function signatureOf(call: Signature, at: Node): CallSignature {
  const all = call.getParameters().flatMap((symbol) => {
    const type = symbol.getTypeAtLocation(at);
    return /^(args|rest|inputs)$/.test(symbol.getName())
      ? listed(symbol.getName(), type)
      : { name: symbol.getName(), type };
  });
  const options = all
    .filter(({ type }) => isOptions(type))
    .flatMap(({ type }) => type.getNonNullableType().getProperties())
    .map((own) => ({ name: own.getName(), type: own.getTypeAtLocation(at) }));
  const parameterOf = ({ name, type }: Typed): Parameter => ({ name, kinds: kindsOf(type) });
  return { parameters: all.filter(({ type }) => !isOptions(type)).map(parameterOf), options: options.map(parameterOf) };
}

/** Of several calls the one with most parameters, each of which takes what it takes in any of them, with the options of all. */
function longest(calls: readonly Signature[], at: Node): CallSignature | undefined {
  const all = calls.map((call) => signatureOf(call, at)).sort((a, b) => b.parameters.length - a.parameters.length);
  if (all.length <= 1) return all[0];
  const parameters = all[0].parameters.map(({ name }, i) => ({
    name,
    kinds: [...new Set(all.flatMap((call) => call.parameters[i]?.kinds ?? []))],
  }));
  return { parameters, options: all.flatMap(({ options }) => options) };
}

function ofNamespace(path: string, prefix: string): [string, CallSignature][] {
  return [...exportsOf(path)].flatMap(([name, node]): [string, CallSignature][] => {
    if (Node.isSourceFile(node)) return [];
    const type = Node.isClassDeclaration(node) ? node.getSymbolOrThrow().getTypeAtLocation(node) : node.getType();
    const found = longest([...type.getConstructSignatures(), ...type.getCallSignatures()], node);
    return found ? [[prefix + name, found]] : [];
  });
}

function ofMethods(): [string, CallSignature][] {
  const tensor = exportsOf("src/index.ts").get("Tensor") as Node;
  return tensor
    .getType()
    .getProperties()
    .flatMap((own): [string, CallSignature][] => {
      const found = longest(own.getTypeAtLocation(tensor).getCallSignatures(), tensor);
      return found ? [[`Tensor.${own.getName()}`, found]] : [];
    });
}

/** By path: `softmax`, `Tensor.softmax`, `nn.functional.gelu`, `nn.GELU`. */
export const signatures: ReadonlyMap<string, CallSignature> = new Map([
  ...ofNamespace("src/index.ts", ""),
  ...ofNamespace("src/autograd/ops/linalg/index.ts", "linalg."),
  ...ofNamespace("src/nn/functional.ts", "nn.functional."),
  ...ofNamespace("src/nn/index.ts", "nn."),
  ...ofMethods(),
]);
