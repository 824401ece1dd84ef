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

/** `key`: the assistant that it is about; absent, one's own first, then anybody's. */
export async function readProgress(key: string | undefined, signal?: AbortSignal): Promise<Progress> {
  const query = { limit: 200 };
  const [all, health] = await Promise.all([
    api.get<Page<Assistant>>("/assistants", { query, signal }),
    api.get<Page<AssistantHealthSummary>>("/assistants-health", { query, signal }),
  ]);
  const made = all.body.items.filter(({ source }) => source === "api");
  const assistant = key === NEW ? undefined : chosen(made, health.body.items, key);
  const isMine = health.body.items.some((one) => one.assistant === assistant?.key);
  const [sightings, tried, people] = await Promise.all([
    assistant === undefined ? undefined : read<AssistantSightings>(`/assistants/${assistant.key}/sightings`, signal),
    assistant === undefined || !isMine ? undefined : lastTry(assistant.key, signal),
    may("people.read") ? read<Page<Person>>("/people?limit=2", signal) : undefined,
  ]);
  const isSeen = sightings?.seen.some(({ own }) => !own) ?? false;
  return {
    assistant,
    health: health.body.items.find((one) => one.assistant === assistant?.key),
    keys: all.body.items.map((one) => one.key),
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
