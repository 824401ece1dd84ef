import * as z from "zod";
import { connectorOf } from "../../configuration/assistant-of.ts";
import type { LeftOutTools, ModelOutcomes } from "../../conversation/ports/model-test.ts";
import type { VoiceSettings } from "../../conversation/ports/voice.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import type { Sightings } from "../../sightings/sightings.ts";
import { ownLeftOut } from "../assistants/assistant-tests.ts";
import type { WatchedAssistant, WatchedAssistants } from "../assistants/watched-assistants.ts";
import { isAssistantsOwn, type StandingPorts, suspensionOf } from "../assistants/connector-standing.ts";
import type { ConnectorRegistry } from "../assistants/connectors.ts";
import type { StoredConnector } from "../assistants/stored-connectors.ts";
import { type SightingsView, sightingsView } from "./assistant-pages.ts";
import { connectorFindings, type WatchedConnector } from "./connector-findings.ts";
import { type Finding, findingSchema, worstFirst } from "./finding.ts";
import { modelFindings } from "./model-findings.ts";
import { pageFindings } from "./page-findings.ts";
import { voiceFindings } from "./voice-findings.ts";

export interface AssistantHealthPorts {
  readonly assistants: WatchedAssistants;
  readonly connectors: Pick<ConnectorRegistry, "stored">;
  readonly standing: StandingPorts;
  readonly models: ModelOutcomes & LeftOutTools;
  readonly sightings: Pick<Sightings, "of" | "strays">;
  /** Whether somebody is there who may decide approvals. */
  readonly hasApprover: () => Promise<boolean>;
  /** What a live assistant hears and speaks with. */
  readonly voice: (key: string) => VoiceSettings | undefined;
  readonly isKnownKey: (key: string) => boolean;
  /** This server, as browsers reach it; `isWebsite`: under a path of a website. */
  readonly address: { readonly url: () => string; readonly origins: () => readonly string[]; readonly isWebsite: boolean };
  readonly clock: Pick<Clock, "now">;
}

export const healthSchema = z.object({ findings: z.array(findingSchema).describe("The worst first.") });
export const healthSummarySchema = z.object({
  assistant: z.string(),
  name: z.string(),
  broken: z.int(),
  risky: z.int(),
  hints: z.int(),
  worst: findingSchema.optional(),
  lastSeen: z.object({ origin: z.string(), at: z.number() }).optional().describe("The website that came last. Absent: none did."),
});
export type HealthSummary = z.input<typeof healthSummarySchema>;

const KEPT_FOR_GOOD: Finding = {
  code: "kept-for-good",
  severity: "hint",
  title: "Conversations are kept for good",
  detail: "They stay, and the database grows with them. The assistant's retention says after how many days they end.",
  link: { kind: "retention" },
};

/** What is wrong or risky with assistants, from what is known at this moment. It asks nobody outside. */
export class AssistantHealth {
  readonly #ports: AssistantHealthPorts;

  constructor(ports: AssistantHealthPorts) {
    this.#ports = ports;
  }

  /** The pages that came to an assistant. Throws `RequestError` `not-found` or `forbidden`. */
  async sightings(staff: Staff, key: string): Promise<SightingsView> {
    return this.#sightings(staff, await this.#ports.assistants.find(staff, key));
  }

  /** The worst first. Throws `RequestError` `not-found` or `forbidden`. */
  async of(staff: Staff, key: string): Promise<readonly Finding[]> {
    const { assistants, connectors, hasApprover } = this.#ports;
    const assistant = await assistants.find(staff, key);
    const stored = assistant.connectors === undefined ? await connectors.stored(key) : [];
    const view = this.#sightings(staff, assistant);
    return this.#findings(assistant, view, { stored, standing: this.#ports.standing, hasApprover: await hasApprover() });
  }

  /**
   * By key, after `after`: every assistant whose health this person sees, or those of `keys`. What several have in common is
   * read once.
   */
  async summary(
    staff: Staff,
    { after = "", limit, keys }: { readonly after?: string; readonly limit: number; readonly keys?: readonly string[] | undefined },
  ): Promise<readonly HealthSummary[]> {
    const { assistants, connectors, hasApprover } = this.#ports;
    const all = keys === undefined ? await assistants.all(staff) : await assistants.some(staff, keys);
    const watched = all.filter(({ key }) => key > after).slice(0, limit);
    const asked = keys === undefined ? await connectors.stored() : await Promise.all(watched.map(({ key }) => connectors.stored(key)));
    const stored = Map.groupBy(asked.flat(), ({ assistant }) => assistant);
    const common = { standing: remembering(this.#ports.standing), hasApprover: await hasApprover() };
    return Promise.all(
      watched.map(async (assistant) => {
        const view = this.#sightings(staff, assistant);
        const findings = await this.#findings(assistant, view, { ...common, stored: stored.get(assistant.key) ?? [] });
        return summaryOf(assistant, findings, view);
      }),
    );
  }

  #sightings(staff: Staff, assistant: WatchedAssistant): SightingsView {
    const { sightings, isKnownKey, address } = this.#ports;
    return sightingsView(assistant, {
      pages: sightings.of(assistant.key),
      strays: sightings.strays(),
      isAdmin: staff.roles.includes("admin"),
      isKnownKey,
      ownOrigins: address.isWebsite ? [] : address.origins(),
      publicUrl: address.url(),
    });
  }

  async #findings(assistant: WatchedAssistant, view: SightingsView, known: Known): Promise<readonly Finding[]> {
    const { models, voice, clock } = this.#ports;
    const connectors = await watchedConnectors(assistant, known);
    const servers = connectors.map(({ connector }) => connector.server);
    const leftOut = ownLeftOut(models.leftOut(assistant.model), servers);
    return worstFirst([
      ...modelFindings(assistant, models.lastOutcome(assistant.model), { servers: servers.length, leftOut }),
      ...connectors.flatMap((one) => connectorFindings(one, known.hasApprover)),
      ...voiceFindings(assistant.key, voice(assistant.key)),
      ...pageFindings(assistant, view, clock.now()),
      ...(assistant.retention?.conversationDays === undefined ? [KEPT_FOR_GOOD] : []),
    ]);
  }
}

interface Known {
  readonly stored: readonly StoredConnector[];
  readonly standing: StandingPorts;
  readonly hasApprover: boolean;
}

function watchedConnectors({ key: assistant, connectors }: WatchedAssistant, { stored, standing }: Known): Promise<WatchedConnector[]> {
  const all = connectors?.map((connector) => ({ connector, record: undefined })) ?? stored.map(fromRecord);
  return Promise.all(
    all.map(async ({ connector, record }) => {
      const [suspended, server, tools] = await Promise.all([
        record === undefined ? undefined : suspensionOf(record, standing),
        standing.servers.find(connector.server, assistant),
        standing.servers.tools(connector.server, assistant),
      ]);
      return { assistant, connector, suspended, server, tools };
    }),
  );
}

function fromRecord(record: StoredConnector): { readonly connector: WatchedConnector["connector"]; readonly record: StoredConnector } {
  return { connector: connectorOf(record.server, record.settings), record };
}

function summaryOf({ key, name }: WatchedAssistant, findings: readonly Finding[], { seen }: SightingsView): HealthSummary {
  const count = (severity: Finding["severity"]): number => findings.filter((finding) => finding.severity === severity).length;
  const [worst] = findings;
  const shown = worst === undefined || worst.severity === "hint" ? {} : { worst };
  const latest = seen.find(({ own }) => !own);
  const lastSeen = latest === undefined ? {} : { lastSeen: { origin: latest.origin, at: latest.lastSeen } };
  return { assistant: key, name, broken: count("broken"), risky: count("risky"), hints: count("hint"), ...shown, ...lastSeen };
}

/** For one answer: each person and each server is asked for once, however many assistants have them. */
function remembering({ people, sharing, servers }: StandingPorts): StandingPorts {
  return {
    sharing,
    people: { find: once((id: string) => people.find(id)) },
    servers: {
      find: once((key: string, assistant: string) => servers.find(key, assistant), placeOf),
      tools: once((key: string, assistant: string) => servers.tools(key, assistant), placeOf),
      sharedConnection: once((key: string) => servers.sharedConnection(key)),
    },
  };
}

/** A server that all assistants share is one, whoever's connector it is. */
function placeOf(key: string, assistant: string): string {
  return isAssistantsOwn(key) ? `${key}/${assistant}` : key;
}

function once<Asked extends readonly string[], Answer>(
  ask: (...asked: Asked) => Answer,
  nameOf: (...asked: Asked) => string = (...asked) => asked.join("/"),
): (...asked: Asked) => Answer {
  const answers = new Map<string, Answer>();
  return (...asked) => {
    const name = nameOf(...asked);
    const answer = answers.has(name) ? (answers.get(name) as Answer) : ask(...asked);
    answers.set(name, answer);
    return answer;
  };
}
