import { chmod, rm } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";
import { join, resolve } from "node:path";
import { createHash } from "node:crypto";
import * as z from "zod";
import type { Log } from "../foundation/log.ts";

/** The server does not run, or runs as somebody else. */
export class NotRunningError extends Error {
  override readonly name = "NotRunningError";
}

/** What the program `frontdesk` asks of the server that has the database open. */
const askSchema = z.strictObject({ do: z.literal("backup"), path: z.string().min(1).max(4096) });
const answerSchema = z.union([z.object({ done: z.string() }), z.object({ failed: z.string() })]);
type Ask = z.output<typeof askSchema>;

const LONGEST_ASK = 16_384;
/** Of a path to a socket, systems take so many bytes. */
const LONGEST_PATH = 100;

/** Where the server of a data folder listens for its own program: a socket that only its user may use. */
export function controlPath(dataDir: string): string {
  const folder = resolve(dataDir);
  const name = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  if (process.platform === "win32") return `\\\\.\\pipe\\frontdesk-${name}`;
  const path = join(folder, "control.sock");
  return Buffer.byteLength(path) <= LONGEST_PATH ? path : join("/tmp", `frontdesk-${process.getuid?.() ?? 0}-${name}.sock`);
}

/**
 * Listens until the returned function is called. A socket that cannot be made is logged: the server works without it.
 */
export async function listenForControl(
  { dataDir, log }: { readonly dataDir: string; readonly log: Log },
  backup: (path: string) => Promise<string>,
): Promise<() => Promise<void>> {
  const path = controlPath(dataDir);
  const server = createServer((socket) => serve(socket, backup));
  try {
    // What a process left that died; the database's lock says that no other one runs.
    if (process.platform !== "win32") await rm(path, { force: true });
    await new Promise<void>((listening, failed) => server.once("error", failed).listen(path, listening));
    if (process.platform !== "win32") await chmod(path, 0o600);
  } catch (error) {
    log.warn({ path, error: String(error) }, "`frontdesk backup` will not reach this server: its socket could not be made.");
  }
  return () => new Promise((closed) => server.close(() => closed()));
}

function serve(socket: Socket, backup: (path: string) => Promise<string>): void {
  let text = "";
  const answer = (said: z.input<typeof answerSchema>): void => void socket.end(`${JSON.stringify(said)}\n`);
  socket.setEncoding("utf8").on("error", () => undefined);
  socket.on("data", (more: string) => {
    text += more;
    if (text.length > LONGEST_ASK) return void socket.destroy();
    if (!text.endsWith("\n")) return;
    const ask = askOf(text);
    if (ask === undefined) return answer({ failed: "The server does not know what was asked. Is it of the same version?" });
    backup(ask.path).then(
      (done) => answer({ done }),
      (error: unknown) => answer({ failed: error instanceof Error ? error.message : String(error) }),
    );
  });
}

function askOf(text: string): Ask | undefined {
  try {
    return askSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Asks the server that runs over a data folder. Throws `NotRunningError`, or what the server answered. */
export async function askServer(dataDir: string, ask: Ask): Promise<string> {
  const path = controlPath(dataDir);
  const text = await new Promise<string>((answered, failed) => {
    let said = "";
    const socket = createConnection(path, () => socket.write(`${JSON.stringify(ask)}\n`));
    socket.setEncoding("utf8");
    socket.on("data", (more: string) => (said += more));
    socket.on("end", () => answered(said));
    socket.on("error", (cause) => failed(new NotRunningError(`No server of ${dataDir} can be reached.`, { cause })));
  });
  const parsed = answerSchema.safeParse(text === "" ? undefined : JSON.parse(text));
  if (!parsed.success) throw new NotRunningError(`The server of ${dataDir} ended before it answered.`);
  if ("failed" in parsed.data) throw new Error(parsed.data.failed);
  return parsed.data.done;
}
