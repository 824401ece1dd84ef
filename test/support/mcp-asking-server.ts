import { eventStream, scriptedServer, type Answer, type ScriptedMessage, type ScriptedServer } from "./mcp-scripted-server.ts";

/** What the client said to a request of the server. */
export interface ClientAnswer {
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A call under way at a server that asks. */
export interface AskingCall {
  readonly arguments: Record<string, unknown>;
  /** Sends a request on the call's own stream, and waits for the client's answer. */
  ask(method: string, params: object): Promise<ClientAnswer>;
  notify(method: string, params: object): void;
}

/**
 * A server of the legacy era that asks its client during calls: `act` gives what a call answers, or throws what goes
 * out as an error.
 */
export async function askingServer(
  act: (call: AskingCall) => Promise<object>,
  script: Record<string, Answer> = {},
): Promise<ScriptedServer> {
  const waiting = new Map<unknown, (answer: ClientAnswer) => void>();
  let asked = 0;
  return scriptedServer({
    // An answer has no method of its own.
    POST: (response, message) => {
      response.writeHead(202).end();
      waiting.get(message.id)?.(message as ClientAnswer & ScriptedMessage);
    },
    "tools/call": (response, { id, params }) => {
      const send = eventStream(response);
      const call: AskingCall = {
        arguments: (params?.["arguments"] ?? {}) as Record<string, unknown>,
        notify: (method, more) => send({ jsonrpc: "2.0", method, params: more }),
        ask: (method, more) => {
          const answered = Promise.withResolvers<ClientAnswer>();
          const question = `question-${(asked += 1)}`;
          waiting.set(question, answered.resolve);
          send({ jsonrpc: "2.0", id: question, method, params: more });
          return answered.promise;
        },
      };
      act(call).then(
        (result) => {
          send({ jsonrpc: "2.0", id, result });
          response.end();
        },
        (error: unknown) => {
          send({ jsonrpc: "2.0", id, error });
          response.end();
        },
      );
    },
    ...script,
  });
}

/** A result that says in a text what came. */
export function told(value: unknown): object {
  return { content: [{ type: "text", text: JSON.stringify(value) }] };
}
