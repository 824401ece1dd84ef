/** `npm run demo`: the whole product with a shop around it, offline. See `--help`. */
import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { numberFrom } from "./environment.ts";
import { fillDemo } from "./fill/fill-demo.ts";
import { type Demo, startDemo } from "./start/start-demo.ts";

const help = `npm run demo [-- --fresh]

Starts a demo shop, its order server, its club, a scripted model and Frontdesk, all on this machine only, and fills the
console with people, servers, assistants and conversations.

  --fresh      forget the conversations and orders of earlier demos first

  SANDBOX_URL, SANDBOX_PORT    where views of tools are shown: at the fifth port after Frontdesk's by default
  PORT                         Frontdesk's port, 4400 by default; the shop takes the next one, the other parts those after it
  DATA_DIR                     where conversations and orders are kept, .data/demo by default
  OPENAI_API_KEY, ANTHROPIC_API_KEY, GOOGLE_GENERATIVE_AI_API_KEY
                               use that provider's model instead of the scripted one
  FRONTDESK_MODEL_URL          use any OpenAI-compatible server, for example http://127.0.0.1:11434/v1
  FRONTDESK_MODEL, FRONTDESK_MODEL_KEY
                               name of the model, and the key for FRONTDESK_MODEL_URL`;

const repository = fileURLToPath(new URL("..", import.meta.url));

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      fresh: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const standardDirectory = join(repository, ".data/demo");
  const dataDirectory = resolve(process.env["DATA_DIR"] ?? standardDirectory);
  if (values.fresh && dataDirectory !== standardDirectory)
    throw new Error(`--fresh clears only .data/demo. Delete ${dataDirectory} yourself if that is meant.`);
  if (values.fresh) await rm(standardDirectory, { recursive: true, force: true });

  const publicUrl = process.env["PUBLIC_URL"];
  // Whoever reaches the demo from elsewhere must not find accounts in it that it made itself.
  const isOnlyHere = publicUrl === undefined || isLoopback(publicUrl);
  const adminKey = process.env["FRONTDESK_ADMIN_KEY"] || randomBytes(32).toString("hex");
  const lastWords: string[] = [];
  let demo: Demo | undefined;
  demo = await startDemo({
    dataDirectory,
    port: numberFrom(process.env, "PORT", 4400),
    environment: isOnlyHere ? { ...process.env, FRONTDESK_ADMIN_KEY: adminKey } : process.env,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    views: isOnlyHere,
    onLine(part, line) {
      lastWords.push(`${part}: ${line}`);
      if (lastWords.length > 200) lastWords.shift();
    },
    onDeath(part, how) {
      const words = lastWords.filter((line) => line.startsWith(`${part}: `)).slice(-20);
      console.error(`\nThe ${part} process ended ${how}, so the demo ends too. Its last words:\n${words.join("\n")}`);
      // Before everything has started there is no handle yet; the other parts end when this process does.
      void Promise.resolve(demo?.stop()).finally(() => process.exit(1));
    },
  });
  const running = demo;
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    console.log("\nEnding the demo …");
    void running.stop().finally(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, end);

  console.log(`
  The shop      ${running.shopUrl}
  Frontdesk     ${running.deskUrl}

  ${running.modelSentence}
  Conversations and orders are kept in ${relative(process.cwd(), dataDirectory) || "."}; start over with: npm run demo -- --fresh
  Ctrl-C ends all of it.
`);
  if (isOnlyHere) await fillConsole(running, { adminKey, dataDirectory, isEnding: () => ending });
}

/** The demo answers already, and goes on if this fails. */
async function fillConsole(
  demo: Demo,
  given: { readonly adminKey: string; readonly dataDirectory: string; readonly isEnding: () => boolean },
): Promise<void> {
  try {
    const { emails, password, filled } = await fillDemo({ ...demo, ...given });
    console.log(`  The console   ${demo.deskUrl}/console
    sign in as  ${emails.join(", ")}
    password    ${password}
`);
    await filled;
    console.log("  The console is filled: people, servers, assistants and conversations.\n");
  } catch (error) {
    if (given.isEnding()) return;
    console.error(`  The console could not be filled: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname);
}

if (import.meta.main) {
  try {
    await run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
