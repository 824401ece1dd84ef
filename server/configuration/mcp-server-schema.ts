import * as z from "zod";
import { localFields, remoteFields } from "../tools/mcp/servers/server-fields.ts";

/** An MCP server as the file has it: a remote one as over the API, or, here alone, a program that is started. */
export const mcpServerSchema = z.union([z.strictObject(remoteFields), z.strictObject(localFields)]);
