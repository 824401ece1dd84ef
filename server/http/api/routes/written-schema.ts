import * as z from "zod";

/** What is answered when an event was written. */
export const writtenSchema = z.object({ seq: z.int().describe("The number of the event that was written.") });
