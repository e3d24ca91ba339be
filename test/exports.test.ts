/** Whoever writes a function around the library can name the types of what goes in and comes out. */
import { join } from "node:path";
import { Node, Project, SyntaxKind } from "ts-morph";
import { expect, it } from "vitest";
import { root } from "./support/tree.ts";

const project = new Project({ tsConfigFilePath: join(root, "tsconfig.json"), skipAddingFilesFromTsConfig: true });
project.addSourceFilesAtPaths(join(root, "src/**/*.ts"));

const exportedBy = (path: string): Node[] =>
  [...project.getSourceFileOrThrow(path).getExportedDeclarations().values()].flat();

/** What users can import, with what is in namespaces. */
const published = new Set(
  ["index", "data/datasets", "files", "data/image", "models/index"].flatMap((name) =>
    exportedBy(join(root, `src/${name}.ts`)),
  ),
);
for (const node of published) {
  if (Node.isSourceFile(node)) for (const inside of exportedBy(node.getFilePath())) published.add(inside);
}

const isPrivate = (member: Node): boolean =>
  member.getFirstChildByKind(SyntaxKind.PrivateIdentifier) !== undefined ||
  (Node.isModifierable(member) && member.hasModifier(SyntaxKind.ProtectedKeyword));

/** The types that a declaration names, but for those in function bodies and in members that are not public. */
function namedTypes(node: Node): Node[] {
  if (Node.isBlock(node) || isPrivate(node)) return [];
  const own = Node.isTypeReference(node)
    ? (node.getTypeName().getSymbol()?.getAliasedSymbol() ?? node.getTypeName().getSymbol())
    : undefined;
  return [...(own?.getDeclarations().slice(0, 1) ?? []), ...node.getChildren().flatMap(namedTypes)];
}

const nameOf = (node: Node): string => node.getSymbol()?.getName() ?? "";

/** What a tensor has of the engine, which a page on tensors does not explain either. */
const enginesOwn = ["Storage", "ViewRecord"];

it("types that public signatures name are exported, but for the engine's own", () => {
  const named = [...published].filter((node) => !Node.isSourceFile(node)).flatMap(namedTypes);
  const hidden = named.filter((type) => {
    const file = type.getSourceFile();
    return (
      file.getFilePath().startsWith(join(root, "src")) &&
      !published.has(type) &&
      exportedBy(file.getFilePath()).includes(type)
    );
  });
  expect([...new Set(hidden.map(nameOf))]).toEqual(enginesOwn);
  expect(named.length).toBeGreaterThan(500);
});
