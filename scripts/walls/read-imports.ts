import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

/**
 * What each source file imports: paths of our own from the root, names of packages, `node:…`. Type imports count like
 * any other.
 */
export type Imports = ReadonlyMap<string, readonly string[]>;

const SOURCES = "{protocol,voice,widget,console,server,demo,scripts,test}/**/*.{ts,mjs}";
const NOT_OURS = /(?:^|\/)(?:node_modules|peers|\.artifacts)\//;

/** Reads every source file below `root`. Throws where one cannot be parsed. */
export function readImports(root: string): Imports {
  const paths = globSync(SOURCES, { cwd: root })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !NOT_OURS.test(path))
    .toSorted();
  return new Map(paths.map((path) => [path, importsOf(path, readFileSync(join(root, path), "utf8"))]));
}

/**
 * What one file imports, in every way there is: `import`, `import type`, `export … from`, `import("…")`, and
 * `import("…").Type`.
 */
export function importsOf(path: string, source: string): readonly string[] {
  const { module, program, errors } = parseSync(path, source);
  const [fault] = errors;
  if (fault !== undefined) throw new Error(`${path} could not be parsed: ${fault.message}`);
  const named = new Set([
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
  ]);
  // Walking the tree costs more than all the rest, so only files in which such an import can be.
  if (source.includes("import(")) {
    const remember = ({ source: name }: { readonly source: { readonly type: string; readonly value?: unknown } }): void => {
      if (name.type === "Literal" && typeof name.value === "string") named.add(name.value);
    };
    new Visitor({ ImportExpression: remember, TSImportType: remember }).visit(program);
  }
  return [...named].map((name) => (name.startsWith(".") ? posix.join(posix.dirname(path), name) : packageOf(name)));
}

/** `lit` of `lit/directives/repeat.js`, `@lit/context` of `@lit/context/x`; Node's own modules as they are. */
function packageOf(name: string): string {
  if (name.startsWith("node:")) return name;
  const parts = name.split("/");
  return parts.slice(0, name.startsWith("@") ? 2 : 1).join("/");
}
