import type { Assistant } from "../ports/assistant.ts";
import type { Tool } from "../ports/tools.ts";
import { withFilled } from "./bound-arguments.ts";
import type { CallState } from "./call-state.ts";
import { continuationOf } from "./continuation.ts";
import { Flight } from "./flight.ts";
import type { Run } from "./run.ts";
import { sample } from "./sampling.ts";

/** Makes a call, from its beginning or with what it goes on with, and lets its end come in by mail. */
export function launchCall(run: Run, tool: Tool, call: CallState, input: Readonly<Record<string, unknown>>): void {
  const { clock, models } = run.ports;
  const flight = new Flight(
    {
      clock,
      conversationId: run.id,
      post: (mail) => run.mailbox.post(mail),
      sample: (asking, { requestId, request, usedTokens, signal }) => {
        const { turnId, callId, tool: reference } = asking.proposed;
        const place = { conversationId: run.id, turnId, callId, requestId, server: reference.server };
        const { assistant } = run;
        const ofTurn = (assistant?.turnTokens ?? 0) - (run.state.turn?.tokens ?? 0);
        const tokensLeft = Math.min(request.tokenBudget - usedTokens, ofTurn);
        const model = ({ model: settings }: Assistant) => models.of(settings);
        return sample(place, request, { assistant, model, tokensLeft, signal, now: () => clock.now() });
      },
    },
    call,
  );
  run.inFlight.set(call.callId, flight);
  // The last place before it leaves: nothing that came in between reaches what the server filled in.
  flight.start(tool, withFilled(input, call.proposed), continuationOf(call));
}
