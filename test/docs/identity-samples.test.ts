/** The samples of docs/identity.md, run as they are written there, where their language is at hand. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { verifyIdentity } from "../../server/identity/customers/identity-token.ts";
import { SECRET, SHOP_IDENTITY } from "../identity/identity-tokens.ts";

interface Language {
  readonly fence: string;
  readonly file: string;
  /** Run to see whether it is there, and new enough where the page says how new it has to be. */
  readonly probe: readonly [string, ...string[]];
  readonly run: readonly [string, ...string[]];
}

const page = readFileSync(join(import.meta.dirname, "../../docs/identity.md"), "utf8");
const LANGUAGES: readonly Language[] = [
  { fence: "js", file: "token.mjs", probe: [process.execPath, "--version"], run: [process.execPath] },
  { fence: "python", file: "token.py", probe: ["python3", "--version"], run: ["python3"] },
  { fence: "php", file: "token.php", probe: ["php", "--version"], run: ["php"] },
  { fence: "ruby", file: "token.rb", probe: ["ruby", "--version"], run: ["ruby"] },
  { fence: "go", file: "token.go", probe: ["go", "version"], run: ["go", "run"] },
  { fence: "java", file: "ChatToken.java", probe: ["javac", "-version"], run: ["java"] },
  { fence: "csharp", file: "token.cs", probe: ["dotnet", "--version"], run: ["dotnet", "run"] },
  { fence: "elixir", file: "token.exs", probe: ["elixir", "-e", ":json.encode(1)"], run: ["elixir"] },
];

function isThere([program, ...given]: Language["probe"]): boolean {
  try {
    execFileSync(program, given, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.for(LANGUAGES)(
  "the sample in $fence makes a token that is taken",
  { timeout: 60_000 },
  async ({ fence, file, probe, run }, { skip }) => {
    const [, sample] = new RegExp(`\`\`\`${fence}\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
    expect(sample).toBeDefined();
    skip(!isThere(probe), `${probe[0]} is not on this machine, or too old.`);
    const folder = await mkdtemp(join(tmpdir(), "frontdesk-sample-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, file), sample ?? "");
    const [program, ...before] = run;
    const token = execFileSync(program, [...before, file, SECRET, "customer-42"], { cwd: folder, encoding: "utf8" }).trim();
    const ports = { publishedKeys: { find: () => Promise.reject(new Error("none")) }, now: () => Date.now() };
    const verified = await verifyIdentity(token, { assistant: "shop", settings: SHOP_IDENTITY }, ports);
    expect(verified).toMatchObject({ facts: { subject: "customer-42" }, tokenId: expect.stringMatching(/^.{16,}$/) });
  },
);
