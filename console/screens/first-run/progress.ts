import { api, type Page } from "../../api/client.ts";
import type { Assistant, AssistantHealthSummary, AssistantSightings, Conversation, Person } from "../../api/types.ts";
import { may, me } from "../../foundation/screen.ts";

export const STEPS = ["assistant", "server", "try", "site", "team"] as const;
export type Step = (typeof STEPS)[number];

/** An address that says so begins another assistant. */
export const NEW = "new";
/** A received message, the turn, its step and its end: less than that is no answer. */
const EVENTS_OF_AN_ANSWER = 4;

/** How far somebody has come, as the server's state shows it. Nothing of it is a box that was ticked. */
export interface Progress {
  /** The assistant that the steps are about; undefined: there is none yet. */
  readonly assistant: Assistant | undefined;
  readonly health: AssistantHealthSummary | undefined;
  readonly keys: readonly string[];
  /** Those that this person can take. */
  readonly steps: readonly Step[];
  readonly done: Readonly<Record<Step, boolean>>;
}

/** Of each list; no page is longer. */
export const READ_AT_MOST = 200;

/** What there is to choose from: the first page of each. */
export interface Known {
  readonly assistants: Page<Assistant>;
  readonly health: Page<AssistantHealthSummary>;
}

export async function readKnown(signal?: AbortSignal): Promise<Known> {
  const [assistants, health] = await Promise.all([
    read<Page<Assistant>>(`/assistants?limit=${READ_AT_MOST}`, signal),
    read<Page<AssistantHealthSummary>>(`/assistants-health?limit=${READ_AT_MOST}`, signal),
  ]);
  return { assistants, health };
}

/** `key`: the assistant that it is about; absent, one's own first, then anybody's. */
export async function readProgress(key: string | undefined, known: Known, signal?: AbortSignal): Promise<Progress> {
  const { items: all } = known.assistants;
  const { items: health } = known.health;
  const made = all.filter(({ source }) => source === "api");
  const assistant = key === NEW ? undefined : chosen(made, health, key);
  const isMine = health.some((one) => one.assistant === assistant?.key);
  const [sightings, tried, people] = await Promise.all([
    assistant === undefined ? undefined : read<AssistantSightings>(`/assistants/${assistant.key}/sightings`, signal),
    assistant === undefined || !isMine ? undefined : lastTry(assistant.key, signal),
    may("people.read") ? read<Page<Person>>("/people?limit=2", signal) : undefined,
  ]);
  const isSeen = sightings?.seen.some(({ own }) => !own) ?? false;
  return {
    assistant,
    health: health.find((one) => one.assistant === assistant?.key),
    keys: all.map((one) => one.key),
    steps: STEPS.filter((step) => step !== "team" || may("people.write")),
    done: {
      assistant: assistant !== undefined,
      server: (assistant?.connectors.length ?? 0) > 0,
      try: (tried?.events ?? 0) >= EVENTS_OF_AN_ANSWER,
      site: isSeen,
      team: (people?.items.length ?? 0) > 1,
    },
  };
}

/** The first step that is not done; undefined: all are. */
export function nextStep({ steps, done }: Progress): Step | undefined {
  return steps.find((step) => !done[step]);
}

function chosen(made: readonly Assistant[], changeable: readonly AssistantHealthSummary[], key: string | undefined): Assistant | undefined {
  if (key !== undefined) return made.find((one) => one.key === key);
  const mine = made.filter((one) => changeable.some(({ assistant }) => assistant === one.key));
  return mine.find(({ owner }) => owner?.id === me.self?.id) ?? mine[0];
}

async function read<Body>(path: string, signal: AbortSignal | undefined): Promise<Body> {
  return (await api.get<Body>(path, { signal })).body;
}

async function lastTry(key: string, signal: AbortSignal | undefined): Promise<Conversation | undefined> {
  return (await read<Page<Conversation>>(`/assistants/${key}/preview/conversations?limit=1`, signal)).items[0];
}
