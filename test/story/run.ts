/**
 * `npm run story -- <name>`: the stories of one folder below `test/story/`, in Chromium, over what was built. `console`
 * are those of the staff's console, `voice` are calls with programs that speak and hear. What follows the name goes to vitest.
 */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ensureChromium, ensureSoundBrowser } from "../engines/ensure-engines.ts";
import { fetchSoundRoom } from "../support/sound-room.ts";
import { fetchSpeechPrograms } from "../support/speech-programs.ts";

const folder = import.meta.dirname;
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const [name = "", ...rest] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`There are no stories called "${name}". There are: ${names.join(", ")}.`);
  process.exit(1);
}
ensureChromium();
if (name === "voice") {
  fetchSpeechPrograms();
  fetchSoundRoom();
  ensureSoundBrowser();
}
const child = spawn("npx", ["vitest", "run", `test/story/${name}/`, ...rest], { cwd: join(folder, "../.."), stdio: "inherit" });
child.on("close", (code) => process.exit(code ?? 1));
