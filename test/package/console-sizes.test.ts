/** What a person's browser loads before they can go on, in kilobytes of brotli. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Loaded {
  readonly file: string;
  readonly module: string | null;
  readonly brotliBytes: number;
  readonly imports: readonly string[];
  readonly dynamicImports: readonly string[];
}

const { entry, styleBrotliBytes, loads } = JSON.parse(readFileSync(new URL("../../dist/console/assets.json", import.meta.url), "utf8")) as {
  entry: string;
  styleBrotliBytes: number;
  loads: readonly Loaded[];
};
const byFile = new Map(loads.map((one) => [one.file, one]));
const moduleFile = (module: string): string => loads.find((one) => one.module === module)!.file;

/** Everything that comes with a file at once. */
function closure(files: readonly string[], known: ReadonlySet<string> = new Set()): Set<string> {
  const found = new Set<string>();
  const follow = (file: string): void => {
    if (found.has(file) || known.has(file)) return;
    found.add(file);
    for (const next of byFile.get(file)?.imports ?? []) follow(next);
  };
  for (const file of files) follow(file);
  return found;
}

const kilobytes = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + byFile.get(file)!.brotliBytes, 0) / 1000;

const signIn = closure([entry]);
/** What every screen may open is the shell's: menus, the palette, the keys. */
const late = loads
  .filter(({ module }) => module !== null && (module.startsWith("console/shell/") || module.includes("webawesome")))
  .map(({ file }) => file);
const shell = closure([moduleFile("console/shell/console-shell.ts"), ...late], signIn);
const screens = loads.filter(
  ({ module }) => module !== null && /^console\/screens\/.*-screen\.ts$/.test(module) && !signIn.has(moduleFile(module)),
);

test("the sign-in page is at most 60 kB", () => {
  expect(kilobytes(signIn) + styleBrotliBytes / 1000).toBeLessThan(60);
});

test("the shell is at most 150 kB in all", () => {
  expect(kilobytes(signIn) + kilobytes(shell) + styleBrotliBytes / 1000).toBeLessThan(150);
});

/** Over the budget, and why: the editor's tabs came to be nine; a conversation brings the widget's thread and its Markdown. */
const LARGER: Readonly<Record<string, number>> = {
  "console/screens/assistants/editor/assistant-screen.ts": 67,
  "console/screens/inbox/conversation/conversation-screen.ts": 67,
};

test("any screen is at most 60 kB more, with everything that it may load later", () => {
  expect(screens.length).toBeGreaterThan(5);
  const known = new Set([...signIn, ...shell]);
  const sizes = screens.map(({ file, module }) => {
    const own = closure([file, ...(byFile.get(file)?.dynamicImports ?? [])], known);
    return [module, kilobytes(own)] as const;
  });
  expect(sizes.filter(([module, size]) => size > (LARGER[module ?? ""] ?? 60))).toEqual([]);
});
