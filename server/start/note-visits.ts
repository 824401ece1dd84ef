import type { IncomingMessage } from "node:http";
import { addressOf, networkOf } from "../guard/network/address.ts";
import type { LineSightings } from "../live/line/customer-gateway.ts";
import { isPreviewName } from "../setup/assistants/assistant-previews.ts";
import type { Visit } from "../sightings/sightings.ts";
import type { Base } from "./open-base.ts";
import type { Setup } from "./open-setup.ts";

interface VisitNotes extends LineSightings {
  readonly pageRefused: (request: IncomingMessage, assistant: string | undefined) => void;
  readonly scriptLoaded: (request: IncomingMessage) => void;
}

/** Lets the door, the line and the widget's files say which page a request came from. */
export function noteVisits({ setup: { sightings, live }, settings, address }: Pick<Base, "settings" | "address"> & Setup): VisitNotes {
  const visitOf = (request: IncomingMessage, page: string | undefined): Visit => ({
    // A browser leaves the header out where a page asks its own server.
    page: page ?? (request.headers["sec-fetch-site"] === "same-origin" ? address.origins()[0] : undefined),
    network: networkOf(addressOf(request, settings.trustedProxies)),
  });
  return {
    seen: (assistant, request) => {
      if (!isPreviewName(assistant)) sightings.seen(assistant, visitOf(request, request.headers.origin));
    },
    refused: ({ reason, asked }, request) => {
      if (isPreviewName(asked)) return;
      const visit = visitOf(request, request.headers.origin);
      if (reason === "origin-refused") sightings.refused(asked, visit);
      else sightings.askedForUnknown(asked, visit);
    },
    pageRefused: (request, asked) => {
      const visit = visitOf(request, request.headers.origin);
      if (asked === undefined || live.find(asked) === undefined) sightings.refusedByAll(visit);
      else if (!isPreviewName(asked)) sightings.refused(asked, visit);
    },
    scriptLoaded: (request) => sightings.scriptLoaded(visitOf(request, request.headers.origin ?? request.headers.referer)),
  };
}
