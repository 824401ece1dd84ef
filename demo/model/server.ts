import { randomUUID } from "node:crypto";
import express, { type NextFunction, type Request, type Response } from "express";
import { listenOnLoopback, type Listening } from "../listen.ts";
import { answerCompletion, type Pace } from "./completion-endpoint.ts";
import { wireError } from "./wire.ts";

export interface ScriptedModelOptions extends Pace {
  /** 0 takes a free port. */
  readonly port: number;
  readonly now?: () => number;
  readonly newId?: () => string;
}

/**
 * Starts the scripted model on the loopback address. An OpenAI-compatible client gets `<url>/v1` as its base URL, and
 * any key will do.
 */
export function startModel(options: ScriptedModelOptions): Promise<Listening> {
  const now = options.now ?? Date.now;
  const newId = options.newId ?? randomUUID;
  const app = express();
  app.disable("x-powered-by");
  app.get("/v1/models", (_request, response) => {
    response.json({ object: "list", data: [{ id: "scripted", object: "model", created: 1_767_225_600, owned_by: "frontdesk-demo" }] });
  });
  app.post("/v1/chat/completions", express.json({ limit: "20mb" }), (request, response) =>
    answerCompletion(request, response, { ...options, now, newId }),
  );
  app.use((request, response) => {
    response.status(404).json(wireError(`Unknown request: ${request.method} ${request.path}`, "invalid_request_error", "unknown_url"));
  });
  // Express knows an error handler by its four parameters.
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) next(error);
    else
      response.status(400).json(wireError(error instanceof Error ? error.message : "The request cannot be read.", "invalid_request_error"));
  });
  return listenOnLoopback(app, options.port);
}
