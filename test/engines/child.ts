import { spawn, type SpawnOptions } from "node:child_process";

/** A program of a browser's, started by a test. */
export interface Child {
  /** Waits until it wrote a line that fits, and returns the first group; throws with all that it wrote if it ends before. */
  readonly said: (pattern: RegExp) => Promise<string>;
  /** Kills it with its own children, and waits until it is gone. */
  readonly end: () => Promise<void>;
}

/** Ends the whole group when the program ends, and when the test that holds the other end of its input is gone. */
const WATCH = '{ "$@" < /dev/null; kill -9 0; } & read -r end; kill -9 0';

/** Starts a program in a process group of its own, whose output is read. It does not outlive this process. */
export function startChild(command: string, parameters: readonly string[], options: SpawnOptions = {}): Child {
  const child = spawn("sh", ["-c", WATCH, "sh", command, ...parameters], { ...options, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  const ended = new Promise<void>((resolve) => {
    child.on("close", () => resolve());
    child.on("error", (error) => {
      lines.push(error.message);
      resolve();
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.setEncoding("utf8").on("data", (text: string) => {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        lines.push(line);
        for (const listener of listeners) listener(line);
      }
    });
  }
  return {
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (line: string): void => {
          const found = pattern.exec(line);
          if (found) resolve(found[1] ?? "");
        };
        lines.forEach(look);
        listeners.add(look);
        void ended.then(() => reject(new Error(`${command} ended before it was ready:\n${lines.slice(-20).join("\n")}`)));
      }),
    end: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}
