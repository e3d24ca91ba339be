/** Where a user of the package may point in an editor: every public name, every member of a class, every option. */
import { ts } from "ts-morph";

/** A line that a user may write; they point at the last `name` in it. */
export interface Place {
  readonly code: string;
  readonly name: string;
}

/** Something that has members or can be called: how a user writes it, and how its type. */
interface Written {
  readonly value: string;
  readonly type: string;
}

const instanceOf = (type: string): Written => ({ value: `(0 as unknown as ${type})`, type });

/**
 * The places of what a file imports: `import * as files from "lucidgrad/files"`.
 * @param home the folder in which the package is declared; what comes from elsewhere is not its own
 */
export function publicPlaces(file: ts.SourceFile, checker: ts.TypeChecker, home: string): Place[] {
  const places: Place[] = [];
  const visited = new Set<ts.Symbol>();

  const isOurs = ({ declarations = [] }: ts.Symbol) =>
    declarations.every((node) => {
      const { fileName } = node.getSourceFile();
      return fileName.startsWith(home) && !fileName.slice(home.length).includes("node_modules");
    });

  /** The functions of an object that is exported, such as nn.functional. */
  function objectMembers(symbol: ts.Symbol): readonly ts.Symbol[] {
    if (!(symbol.flags & ts.SymbolFlags.Variable)) return [];
    const type = checker.getTypeOfSymbol(symbol);
    const { ObjectLiteral, TypeLiteral } = ts.SymbolFlags;
    const isObject = type.isIntersection() || type.symbol?.flags & (ObjectLiteral | TypeLiteral);
    return isObject && type.getCallSignatures().length === 0 ? checker.getPropertiesOfType(type) : [];
  }

  /** What a module exports, that of its namespaces included, by the path that a user writes. */
  function exportsOf(path: string, module: ts.Symbol): [path: string, symbol: ts.Symbol][] {
    return checker.getExportsOfModule(module).flatMap((member): [string, ts.Symbol][] => {
      const symbol = member.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(member) : member;
      const name = `${path}.${member.name}`;
      if (symbol.flags & ts.SymbolFlags.ValueModule) return exportsOf(name, symbol);
      return [[name, symbol], ...objectMembers(symbol).map((own): [string, ts.Symbol] => [`${name}.${own.name}`, own])];
    });
  }

  function visitExport(path: string, symbol: ts.Symbol): void {
    const name = path.replace(/.*\./, "");
    if (symbol.flags & ts.SymbolFlags.Type) {
      const type = checker.getDeclaredTypeOfSymbol(symbol);
      const parameters = type.aliasTypeArguments ?? (type as ts.InterfaceType).typeParameters ?? [];
      const anys = parameters.length > 0 ? `<${parameters.map(() => "any").join(", ")}>` : "";
      places.push({ code: `type T = ${path}${anys};`, name });
      if (type.isClassOrInterface()) visitMembers(instanceOf(path + anys), type);
    }
    if (!(symbol.flags & ts.SymbolFlags.Value)) return;
    const type = checker.getTypeOfSymbol(symbol);
    const makers = type.getConstructSignatures();
    if (makers.length > 0) {
      places.push({ code: `new ${path}();`, name });
      visitOptions(`ConstructorParameters<typeof ${path}>`, makers);
      visitMembers({ value: path, type: `typeof ${path}` }, type);
    } else visitValue({ value: path, type: `typeof ${path}` }, name, type);
  }

  function visitValue(written: Written, name: string, type: ts.Type): void {
    const calls = type.getCallSignatures();
    places.push({ code: `${written.value}${calls.length > 0 ? "()" : ""};`, name });
    visitOptions(`Parameters<${written.type}>`, calls);
  }

  /** Its own members: those that it inherits as they are, are visited at the class that has them, if that is exported. */
  function visitMembers({ value, type: written }: Written, type: ts.Type): void {
    const bases = (type.isClassOrInterface() ? checker.getBaseTypes(type) : []).filter(({ symbol }) =>
      visited.has(symbol),
    );
    for (const property of checker.getPropertiesOfType(type)) {
      const { name, declarations = [] } = property;
      const isHidden = declarations.some(
        (node) => ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.NonPublicAccessibilityModifier,
      );
      const isWord = /^[a-z]\w*$/i.test(name) && name !== "prototype";
      const isInherited = bases.some((base) => {
        const inherited = base.getProperty(name);
        return inherited && inherited.declarations?.[0] === declarations[0];
      });
      if (!isWord || isHidden || isInherited || !isOurs(property)) continue;
      const member = { value: `${value}.${name}`, type: `(${written})["${name}"]` };
      visitValue(member, name, checker.getTypeOfSymbol(property));
    }
  }

  /** The settings of every options object that a function takes. `Parameters` sees the last overload. */
  function visitOptions(parameters: string, calls: readonly ts.Signature[]): void {
    const types = (calls.at(-1)?.getParameters() ?? []).map((symbol) => checker.getTypeOfSymbol(symbol));
    const flat = types.flatMap((type) =>
      checker.isTupleType(type) ? checker.getTypeArguments(type as ts.TypeReference) : type,
    );
    for (const [i, type] of flat.map((type) => checker.getNonNullableType(type)).entries()) {
      const { symbol } = type;
      const isOptions = symbol && symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeLiteral);
      if (!isOptions || symbol.flags & ts.SymbolFlags.Class || type.getCallSignatures().length > 0) continue;
      if (!isOurs(symbol) || visited.has(symbol)) continue;
      visited.add(symbol);
      visitMembers(instanceOf(`NonNullable<${parameters}[${i}]>`), type);
    }
  }

  const exported = file.statements.filter(ts.isImportDeclaration).flatMap(({ moduleSpecifier, importClause }) => {
    const module = checker.getSymbolAtLocation(moduleSpecifier);
    const path = importClause?.namedBindings;
    return module && path && ts.isNamespaceImport(path) ? exportsOf(path.name.text, module) : [];
  });
  for (const [, symbol] of exported) visited.add(symbol);
  for (const [path, symbol] of new Map(exported.map((entry) => [entry[1], entry])).values()) visitExport(path, symbol);
  return places;
}
