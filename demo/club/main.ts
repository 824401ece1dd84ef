/** The club as a process. Environment: PORT (0: a free one), CLUB_TOKEN_SECONDS. */
import { numberFrom } from "../environment.ts";
import { runUntilEnded } from "../process-life.ts";
import { startClub } from "./server.ts";

const server = await startClub({
  port: numberFrom(process.env, "PORT", 0),
  tokenSeconds: numberFrom(process.env, "CLUB_TOKEN_SECONDS", 3600),
});
runUntilEnded("Club", server);
