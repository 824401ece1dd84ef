import { Router } from "express";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Meter } from "../conversation/ports/meter.ts";

export interface Metrics {
  readonly meter: Meter;
  /** Prometheus' text format, to be mounted at `/metrics`. It names assistants and MCP servers, never customers. */
  readonly routes: Router;
}

const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];
const FIRST_TOKEN_SECONDS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30];

/**
 * The counters of one server. Loading this file loads their library, so import it late. `sockets` counts those of
 * customers that are open now.
 */
export function createMetrics(sockets: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "frontdesk_sockets",
    help: "Open sockets of customers",
    registers,
    collect() {
      this.set(sockets());
    },
  });
  const { running, turns, turnSeconds, steps, tokens, firstToken, calls, callSeconds } = createCounters(registers);
  const meter: Meter = {
    runStarted: (assistant) => running.inc({ assistant }),
    runEnded: (assistant) => running.dec({ assistant }),
    turnEnded(assistant, outcome, durationMs) {
      turns.inc({ assistant, outcome });
      turnSeconds.observe({ assistant }, durationMs / 1000);
    },
    stepEnded(assistant, usage, firstTokenMs) {
      steps.inc({ assistant });
      if (usage.inputTokens !== undefined) tokens.inc({ assistant, direction: "input" }, usage.inputTokens);
      if (usage.outputTokens !== undefined) tokens.inc({ assistant, direction: "output" }, usage.outputTokens);
      if (firstTokenMs !== undefined) firstToken.observe({ assistant }, firstTokenMs / 1000);
    },
    toolCalled(server, outcome, durationMs) {
      calls.inc({ server, outcome });
      callSeconds.observe({ server }, durationMs / 1000);
    },
  };

  const routes = Router();
  routes.get("/", async (_request, response) => {
    response.set({ "Content-Type": registry.contentType, "Cache-Control": "no-store" }).end(await registry.metrics());
  });
  return { meter, routes };
}

function createCounters(registers: Registry[]) {
  return {
    running: new Gauge({
      name: "frontdesk_turns_running",
      help: "Answers that are being made; one that waits for a person is not",
      labelNames: ["assistant"],
      registers,
    }),
    turns: new Counter({ name: "frontdesk_turns_total", help: "Answers that ended", labelNames: ["assistant", "outcome"], registers }),
    turnSeconds: new Histogram({
      name: "frontdesk_turn_seconds",
      help: "From the start of an answer to its end",
      labelNames: ["assistant"],
      buckets: SECONDS,
      registers,
    }),
    steps: new Counter({ name: "frontdesk_steps_total", help: "Steps of language models", labelNames: ["assistant"], registers }),
    tokens: new Counter({
      name: "frontdesk_tokens_total",
      help: "Tokens of language models, as the provider counts them",
      labelNames: ["assistant", "direction"],
      registers,
    }),
    firstToken: new Histogram({
      name: "frontdesk_first_token_seconds",
      help: "From asking a language model to its first text",
      labelNames: ["assistant"],
      buckets: FIRST_TOKEN_SECONDS,
      registers,
    }),
    calls: new Counter({
      name: "frontdesk_tool_calls_total",
      help: "Tool calls that ended",
      labelNames: ["server", "outcome"],
      registers,
    }),
    callSeconds: new Histogram({
      name: "frontdesk_tool_call_seconds",
      help: "From the start of a tool call to its end",
      labelNames: ["server"],
      buckets: SECONDS,
      registers,
    }),
  };
}
