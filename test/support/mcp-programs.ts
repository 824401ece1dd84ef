import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { readDefinition } from "../../server/tools/definitions/tool-definition.ts";
import type { WrittenLocal } from "./static-directory.ts";

const act = readDefinition({ name: "act", description: "", inputSchema: { type: "object" } });
if (typeof act === "string") throw new Error(act);
/** The one tool of a program, as the host reads it. */
export const ACT = act;

export interface ProgramScript {
  /** Code of a call's answer; `id`, `params`, `answer(result)`, `ask(method, params)`, `note(word)` are there. */
  readonly act?: string;
  /** It is not ready before the file of this name is there (`open`). */
  readonly gate?: string;
  /** Code that runs first. */
  readonly begin?: string;
  /** The description of its one tool, `act`, until `describe` says another one. */
  readonly description?: string;
}

/** Programs of a few lines that speak MCP, and write down what happens to them. They lie in a folder of their own. */
export class TestPrograms {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** A program as the host takes it. Its key is its name. */
  program(key: string, script: ProgramScript = {}, settings: Partial<WrittenLocal> = {}): WrittenLocal {
    const { gate, begin = "", act = "answer({ content: [] })", description = "" } = script;
    const code = `
      import { appendFileSync, existsSync, readFileSync } from "node:fs";
      import { createInterface } from "node:readline";
      const at = (name) => ${JSON.stringify(this.folder)} + "/" + name;
      const note = (word) => appendFileSync(at("notes"), ${JSON.stringify(key)} + " " + word + "\\n");
      note("start " + process.pid);
      const send = (message) => console.log(JSON.stringify({ jsonrpc: "2.0", ...message }));
      const asked = new Map();
      const ask = (method, params) => new Promise((done) => { const id = "q" + asked.size; asked.set(id, done); send({ id, method, params }); });
      ${begin}
      const open = async () => { while (!existsSync(at(${JSON.stringify(gate ?? "")}))) await new Promise((done) => setTimeout(done, 5)); };
      for await (const line of createInterface({ input: process.stdin })) {
        const { id, method, params, result, error } = JSON.parse(line);
        const answer = (result) => send({ id, result });
        if (method === undefined) asked.get(id)?.(error ?? result);
        if (method === "initialize") {
          note("capabilities " + Object.keys(params.capabilities).sort().join(","));
          ${gate === undefined ? "" : "await open();"}
          answer({ protocolVersion: "2025-06-18", capabilities: { tools: { listChanged: true } }, serverInfo: { name: "small", version: "1" } });
        }
        if (method === "tools/list") {
          note("listed");
          const changed = existsSync(at(${JSON.stringify(`${key}.description`)})) ? readFileSync(at(${JSON.stringify(`${key}.description`)}), "utf8") : undefined;
          answer({ tools: [{ name: "act", description: changed ?? ${JSON.stringify(description)}, inputSchema: { type: "object" } }] });
        }
        if (method === "tools/call") (async () => { note("call"); ${act} })();
      }`;
    return { key, name: key, command: process.execPath, args: ["--input-type=module", "-e", code], ...settings };
  }

  /** Lets everything go on that waits at this gate. */
  async open(gate: string): Promise<void> {
    await writeFile(join(this.folder, gate), "");
  }

  /** From its next list on, the program describes its tool like this. */
  async describe(key: string, description: string): Promise<void> {
    await writeFile(join(this.folder, `${key}.description`), description);
  }

  /** What programs wrote down, in order: `<key> <word> …`. */
  async notes(): Promise<readonly string[]> {
    const text = await readFile(join(this.folder, "notes"), "utf8").catch(() => "");
    return text.split("\n").filter((line) => line !== "");
  }

  /** The processes that were started, of one program or of all. */
  async starts(key?: string): Promise<readonly number[]> {
    const lines = (await this.notes()).filter((line) => line.includes(" start ") && (key === undefined || line.startsWith(`${key} `)));
    return lines.map((line) => Number(line.split(" ").at(-1)));
  }
}

/** For one test. */
export async function testPrograms(): Promise<TestPrograms> {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-programs-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return new TestPrograms(folder);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
