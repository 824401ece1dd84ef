/**
 * The scripted model as a process. Environment: PORT (0: a free one), MODEL_TOKENS_PER_SECOND (0: no pause),
 * MODEL_FIRST_TOKEN_MS.
 */
import { numberFrom } from "../environment.ts";
import { runUntilEnded } from "../process-life.ts";
import { startModel } from "./server.ts";

const server = await startModel({
  port: numberFrom(process.env, "PORT", 0),
  tokensPerSecond: numberFrom(process.env, "MODEL_TOKENS_PER_SECOND", 60),
  firstTokenMs: numberFrom(process.env, "MODEL_FIRST_TOKEN_MS", 350),
});
runUntilEnded("Model", server);
