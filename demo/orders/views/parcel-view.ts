import { readFileSync } from "node:fs";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { PARCEL_VIEW } from "../tools/parcel.ts";

const MIME_TYPE = "text/html;profile=mcp-app";

/** The parcel's view: one page that needs nothing from anywhere. */
export function parcelView(server: McpServer): void {
  server.registerResource("parcel-view", PARCEL_VIEW, { title: "Parcel", mimeType: MIME_TYPE }, () => ({
    contents: [
      {
        uri: PARCEL_VIEW,
        mimeType: MIME_TYPE,
        text: readFileSync(new URL("parcel.html", import.meta.url), "utf8"),
        _meta: { ui: { prefersBorder: true } },
      },
    ],
  }));
}
