import { AsyncLocalStorage } from "node:async_hooks";
import type { Client, CreateMessageResult, ElicitResult } from "@modelcontextprotocol/client";
import type { McpSdk } from "./mcp-sdk.ts";

/**
 * Whoever answers what a server of the legacy era asks while a request of ours is under way. Declared here, made in
 * `questions/`.
 */
export interface ServerQuestions {
  /** Answers an `elicitation/create`. Never rejects. */
  elicit(params: unknown): Promise<ElicitResult>;
  /** Answers a `sampling/createMessage`. Rejects with a reason that the server is given. */
  sample(params: unknown): Promise<CreateMessageResult>;
}

/** `User rejected sampling request`, as the specification's examples have it. */
const REJECTED = -1;

/** The requests under way on one link, and which of them a question of the server belongs to. */
export class OpenRequests {
  readonly #current = new AsyncLocalStorage<ServerQuestions>();
  readonly #open = new Set<ServerQuestions>();

  /** Does the work of one request; what the server asks meanwhile goes to `questions`. */
  async run<T>(questions: ServerQuestions, work: () => Promise<T>): Promise<T> {
    this.#open.add(questions);
    try {
      return await this.#current.run(questions, work);
    } finally {
      this.#open.delete(questions);
    }
  }

  /** Has the client pass on questions. Roots have no handler: the client answers that it does not know the method. */
  attend(sdk: McpSdk, client: Client, { sampling }: { readonly sampling: boolean }): void {
    client.setRequestHandler("elicitation/create", async ({ params }) => this.#asked()?.elicit(params) ?? { action: "decline" as const });
    if (!sampling) return;
    const rejected = (reason: string) => new sdk.ProtocolError(REJECTED, `Sampling was refused: ${reason}`);
    client.setRequestHandler("sampling/createMessage", async ({ params }) => {
      const asked = this.#asked();
      if (asked === undefined) throw rejected("no call is running");
      return asked.sample(params).catch((error: unknown) => {
        throw rejected(error instanceof Error ? error.message : String(error));
      });
    });
  }

  /**
   * What is asked on a request's own stream is that request's; elsewhere it is the latest one's, since all of them are
   * one conversation's.
   */
  #asked(): ServerQuestions | undefined {
    const own = this.#current.getStore();
    return own !== undefined && this.#open.has(own) ? own : [...this.#open].at(-1);
  }
}
