import { parseSync } from "vite";
import type { ESTree } from "vite";

interface Declarations {
  readonly text: string;
  /** The modules that it names, as they are called in the sources. */
  readonly imports: readonly string[];
}

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text?: string;
}

/** Sources name each other with `.ts`; whoever reads declarations from a package looks for `.js`. */
const SOURCE_IMPORT = /((?:from|import\()\s*"\.{1,2}\/[^"]+)\.ts"/g;
const ANY_IMPORT = /(?:from|import\()\s*"([^"]+)"/g;

/**
 * Takes out of the text of a declaration file what only we may know: private members, Lit and what is for Lit, and
 * imports that nothing needs then.
 */
export function publicDeclarations(name: string, text: string): Declarations {
  const changes = parseSync(name, text).program.body.flatMap((statement) => {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    return declaration?.type === "ClassDeclaration" ? publicClass(declaration) : [];
  });
  const shown = change(text, changes);
  const imports = parseSync(name, shown).program.body.filter((statement) => statement.type === "ImportDeclaration");
  const body = change(shown, imports);
  const isNeeded = (local: string): boolean => new RegExp(`\\b${local}\\b`).test(body);
  const needless = imports.filter(({ specifiers }) => !specifiers.some(({ local }) => isNeeded(local.name)));
  const kept = change(shown, needless)
    .replace(/\n\/\/# sourceMappingURL=.*/, "")
    .trim();
  return {
    text: `${kept.replace(SOURCE_IMPORT, '$1.js"')}\n`,
    imports: [...kept.matchAll(ANY_IMPORT)].map(([, specifier = ""]) => specifier),
  };
}

function publicClass({ superClass, body }: ESTree.Class): Change[] {
  const isElement = superClass?.type === "Identifier" && superClass.name === "LitElement";
  const changes: Change[] = isElement ? [{ start: superClass.start, end: superClass.end, text: "HTMLElement" }] : [];
  let start = body.start + 1;
  for (const member of body.body) {
    // From the end of the one before: its comment goes with it.
    if (isPrivate(member) || (isElement && isForLit(member))) changes.push({ start, end: member.end });
    start = member.end;
  }
  return changes;
}

function isPrivate(member: ESTree.ClassElement): boolean {
  if (!("key" in member)) return true;
  return member.key.type === "PrivateIdentifier" || member.accessibility === "private" || member.accessibility === "protected";
}

/** Statics, the constructor and what the browser or Lit calls. */
function isForLit(member: ESTree.ClassElement): boolean {
  if (!("key" in member) || member.static) return true;
  return member.key.type === "Identifier" && /^constructor$|Callback$/.test(member.key.name);
}

function change(text: string, changes: readonly Change[]): string {
  let changed = text;
  for (const { start, end, text: put = "" } of changes.toSorted((left, right) => right.start - left.start))
    changed = changed.slice(0, start) + put + changed.slice(end);
  return changed;
}
