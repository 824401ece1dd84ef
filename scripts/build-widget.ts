/**
 * Builds the widget into `dist/widget/`:
 *
 *   frontdesk.js       the pasted script
 *   assets/*           what it loads, named by content, to be cached for ever; those of calls among it: the weights of voice
 *                      activity, and the audio worklet
 *   index.js           what `import "frontdesk"` gives; shares the assets
 *   assets.json        every file with its sizes and its SHA-384 for `integrity`
 *   LICENSES.txt       the licences of what is bundled
 *
 * Each file has a `.br` and a `.gz` beside it. Prints the sizes.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { minify } from "terser";
import { build, parseSync } from "vite";
import type { Rolldown } from "vite";
import { LANGUAGES } from "../widget/words/languages.ts";
import { wordsFor } from "../widget/words/words-for.ts";
import { licenceOf, licencesOf } from "./widget-licences.ts";
import { compactTemplates } from "./widget-compact-templates.ts";
import { innerNames } from "./widget-inner-names.ts";
import { guestLit } from "./widget-guest-lit.ts";
import { hasSideEffects, leanLibraries } from "./widget-lean-libraries.ts";
import { describe, writeCompressed } from "./widget-assets.ts";
import type { Asset } from "./widget-assets.ts";
import { SILERO_PACKAGE, voiceWeights } from "./voice-weights.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** An entry of `assets.json`. `chat`: a text chat in English loads it. */
export type BuiltFile = Omit<Asset, "contents"> & { readonly chat: boolean };

/** Builds into `directory`, which is emptied before. */
export async function buildWidget(directory: string): Promise<readonly BuiltFile[]> {
  await rm(directory, { recursive: true, force: true });
  const [weights, worklet] = await Promise.all([describeWeights(), buildWorklet()]);
  const panel = await bundle({
    input: "widget/index.ts",
    define: { FRONTDESK_VOICE_WEIGHTS: JSON.stringify(weights.file), FRONTDESK_VOICE_WORKLET: JSON.stringify(worklet.file) },
  });
  const entry = panel.find((chunk) => chunk.isEntry);
  if (entry === undefined) throw new Error("The widget's build made no entry. Is widget/index.ts there?");
  const assets = await Promise.all(panel.map(({ fileName, code }) => describe(fileName, code)));

  // Every chat loads these before it can be used, and what draws answers with the first message; other languages,
  // pictures and the like come when they are wanted.
  if (entry.imports.length > 0)
    throw new Error(`The panel's file needs ${entry.imports.join(", ")} as well: the pasted script fetches and checks one file.`);
  const whole = assets.find(({ file }) => file === entry.fileName)!;
  const define = {
    FRONTDESK_PANEL: JSON.stringify([whole.file, sha256(whole.contents)]),
    FRONTDESK_LAUNCHER_WORDS: JSON.stringify(await launcherWords()),
  };
  const [embed] = await bundle({ input: "widget/embed.ts", output: { format: "iife", entryFileNames: "frontdesk.js" }, define });
  if (embed === undefined) throw new Error("The pasted script's build made nothing. Is widget/embed.ts there?");

  const index = `export { ${await publishedNames()} } from "./${entry.fileName}";\n`;
  const pasted = await describe("frontdesk.js", embed.code);
  const answers = assets.find(({ file }) => /\/markdown-parts-/.test(file));
  if (answers === undefined)
    throw new Error("The widget's build made no chunk for widget/elements/markdown/markdown-parts.ts. Is it still imported late?");
  const chat = new Set([pasted, whole, answers]);
  const files = [pasted, await describe("index.js", index), ...assets, weights, worklet].map((asset) => ({ asset, chat: chat.has(asset) }));
  await mkdir(join(directory, "assets"), { recursive: true });
  await Promise.all(files.map(({ asset }) => writeCompressed(join(directory, asset.file), asset)));
  const listed = files.map(({ asset: { file, bytes, brotliBytes, gzipBytes, integrity }, chat }) => ({
    file,
    bytes,
    brotliBytes,
    gzipBytes,
    integrity,
    chat,
  }));
  await writeFile(join(directory, "assets.json"), `${JSON.stringify({ entry: entry.fileName, files: listed }, undefined, 2)}\n`);
  const licences = [await licencesOf([...panel, embed]), await licenceOf(SILERO_PACKAGE)];
  await writeFile(join(directory, "LICENSES.txt"), `${licences.join("\n")}\n`);
  return listed;
}

/** What voice activity computes with, fetched when a call starts. */
async function describeWeights(): Promise<Asset> {
  const weights = await voiceWeights();
  return describe(`assets/silero-${createHash("sha256").update(weights).digest("base64url").slice(0, 8)}.bin`, weights);
}

/** What a call's audio contexts load: a file of its own, since a worklet may come from nowhere but an address. */
export async function buildWorklet(): Promise<Asset> {
  const [chunk] = await bundle({ input: "voice/worklet/main.ts", name: "voice-worklet" });
  if (chunk === undefined) throw new Error("The worklet's build made nothing. Is voice/worklet/main.ts there?");
  return describe(chunk.fileName, chunk.code);
}

/** Shorter than the manifest's SHA-384, and all that `integrity` needs: the pasted script counts its bytes. */
function sha256(contents: string | Uint8Array): string {
  return `sha256-${createHash("sha256").update(contents).digest("base64")}`;
}

/** What the launcher says in each language: the pasted script has no room for all words. */
async function launcherWords(): Promise<Readonly<Record<string, readonly [openChat: string, notLoaded: string]>>> {
  const words = await Promise.all(["en", ...Object.keys(LANGUAGES)].map(async (tag) => wordsFor(tag)));
  return Object.fromEntries(words.map(({ language, openChat, notLoaded }) => [language, [openChat, notLoaded]]));
}

/** The names in `widget/index.ts`: the entry's file exports more, for the other assets. */
async function publishedNames(): Promise<string> {
  const { program } = parseSync("index.ts", await readFile(join(root, "widget/index.ts"), "utf8"));
  const names = program.body.flatMap((statement) =>
    statement.type === "ExportNamedDeclaration" && statement.exportKind === "value"
      ? statement.specifiers.map(({ exported }) => exported)
      : [],
  );
  return names.map((name) => (name.type === "Identifier" ? name.name : JSON.stringify(name.value))).join(", ");
}

interface Bundle {
  readonly input: string;
  /** What the built file is called. */
  readonly name?: string;
  readonly output?: Rolldown.OutputOptions;
  readonly define?: Record<string, string>;
}

async function bundle({ input, name = "frontdesk", output = {}, define = {} }: Bundle): Promise<readonly Rolldown.OutputChunk[]> {
  const built = await build({
    define: { "process.env.NODE_ENV": '"production"', ...define },
    plugins: [compactTemplates(), guestLit(), leanLibraries()],
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    // Whatever NODE_ENV is, in a test for example.
    mode: "production",
    resolve: { conditions: ["module", "browser", "production"] },
    build: {
      write: false,
      target: "es2022",
      minify: "oxc",
      modulePreload: false,
      rolldownOptions: {
        input: { [name]: join(root, input) },
        treeshake: { moduleSideEffects: hasSideEffects },
        // What the entry shares with what comes later stays in it: one request less.
        preserveEntrySignatures: "allow-extension",
        output: {
          entryFileNames: "assets/[name]-[hash].js",
          chunkFileNames: ({ facadeModuleId }) => `assets/${languageOf(facadeModuleId) ?? "[name]"}-[hash].js`,
          comments: { legal: false },
          ...output,
        },
      },
    },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (result === undefined || !("output" in result)) throw new Error("Vite gave no output: is it watching?");
  const chunks = result.output.filter((part) => part.type === "chunk");
  return Promise.all(chunks.map(async (chunk) => ({ ...chunk, code: await smaller(chunk, output.format !== "iife") })));
}

/** Every customer loads each byte: Terser leaves a hundredth fewer of what Vite's own minifier made. */
async function smaller({ name, code }: Rolldown.OutputChunk, module: boolean): Promise<string> {
  const compress = { passes: 3, unsafe_arrows: true, pure_getters: true, keep_fargs: false };
  const regex = innerNames(module ? name : "embed");
  const mangle = regex ? { properties: { regex, builtins: true } } : {};
  return (await minify(code, { module, ecma: 2020, compress, mangle })).code ?? code;
}

/** "german-words": the files of a language are called as those of every other. */
function languageOf(moduleId: string | null): string | undefined {
  const [, language, file] = /\/widget\/words\/([a-z]+)\/([a-z]+)\.ts$/.exec(moduleId ?? "") ?? [];
  return language && `${language}-${file}`;
}

function report(files: readonly BuiltFile[]): string {
  const lines = files.map(
    ({ file, bytes, brotliBytes, chat }) => `${chat ? "*" : " "} ${file.padEnd(44)}${kilobytes(bytes)}${kilobytes(brotliBytes)}`,
  );
  const sum = files.filter(({ chat }) => chat).reduce((bytes, { brotliBytes }) => bytes + brotliBytes, 0);
  return [`${"".padEnd(46)}       raw    brotli`, ...lines, `* ${"what a text chat loads".padEnd(54)}${kilobytes(sum)}`].join("\n");
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(2)} kB`.padStart(10);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(report(await buildWidget(join(root, "dist/widget"))));
}
