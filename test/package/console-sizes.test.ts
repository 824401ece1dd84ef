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

/** What each screen loads besides the sign-in page and the shell. */
const opened = screens.map(({ file, module }) => ({ module, files: closure([file], new Set([...signIn, ...shell])) }));

test("any screen is at most 50 kB more when it opens", () => {
  expect(opened.length).toBeGreaterThan(5);
  const sizes = opened.map(({ module, files }) => [module, kilobytes(files)] as const);
  expect(sizes.filter(([, size]) => size > 50)).toEqual([]);
});

test("any screen is at most 63 kB more with any one thing that is opened in it: a tab, a dialog, details", () => {
  const sizes = opened.flatMap(({ module, files }) => {
    const later = new Set([...files].flatMap((file) => byFile.get(file)?.dynamicImports ?? []));
    return [...later].map(
      (file) => [module, file, kilobytes(files) + kilobytes(closure([file], new Set([...signIn, ...shell, ...files])))] as const,
    );
  });
  expect(sizes.length).toBeGreaterThan(5);
  expect(sizes.filter(([, , size]) => size > 63)).toEqual([]);
});
