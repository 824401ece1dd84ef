import * as z from "zod";
import { cutTexts } from "../../tools/definitions/cut-texts.ts";
import { readDefinition } from "../../tools/definitions/tool-definition.ts";
import { hiddenTexts } from "./hidden-characters.ts";
import { differenceOf } from "./tool-difference.ts";
import { stateOf, TOOL_STATES, type ToolPin } from "./tool-pin.ts";

const definitionViewSchema = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()),
  outputSchema: z.record(z.string(), z.unknown()).optional(),
  annotations: z.record(z.string(), z.unknown()).optional(),
  hash: z.string(),
});

/** A tool as staff see it. */
export const toolViewSchema = z.object({
  name: z.string().describe("The server's own name for it."),
  modelName: z.string().describe("The name that the model sees."),
  title: z.string(),
  description: z.string().describe("As the model reads it: without what cannot be seen, and cut where it is too long."),
  parameters: z.record(z.string(), z.unknown()).describe("JSON Schema of the arguments, as the model reads it."),
  outputSchema: z.record(z.string(), z.unknown()).optional(),
  annotations: z.record(z.string(), z.unknown()).optional(),
  readOnly: z.boolean().optional().describe("What the server says of it, which nobody has checked."),
  destructive: z.boolean().optional().describe("What the server says of it, which nobody has checked."),
  enabled: z.boolean().describe("Whether people let the model have it."),
  state: z
    .enum(TOOL_STATES)
    .describe(
      "changed: hidden until somebody accepts the change. new: it asks before each call until somebody has looked. gone: not in the last list.",
    ),
  offered: z.boolean().describe("Whether the model may see it at this moment, as far as the server is concerned."),
  hash: z.string().describe("SHA-256 of the accepted definition."),
  acceptedAt: z.number().describe("Milliseconds since 1970."),
  acceptedBy: z.string().optional(),
  hidden: z
    .array(z.object({ path: z.string(), characters: z.array(z.string()), revealed: z.string() }))
    .describe("Texts with characters that cannot be seen; ⟨U+…⟩ stands for each."),
  cut: z
    .array(z.object({ path: z.string(), characters: z.int(), readCharacters: z.int() }))
    .describe("Texts that are too long: the model reads their beginning only. Ask whoever runs the server for shorter ones."),
  change: z
    .object({
      hash: z.string().describe("Send this to accept it."),
      seenAt: z.number(),
      definition: definitionViewSchema,
      difference: z.array(z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional(), text: z.string() })),
      hidden: z.array(z.object({ path: z.string(), characters: z.array(z.string()), revealed: z.string() })),
    })
    .optional()
    .describe("What the server offers instead of the accepted definition."),
  firstSeenAt: z.number(),
  lastSeenAt: z.number(),
});
export type ToolView = z.output<typeof toolViewSchema>;

export function toolView(tool: string, modelName: string, pin: ToolPin): ToolView {
  const { said, hash, at, by } = pin.accepted;
  const read = readDefinition(said);
  const definition = typeof read === "string" ? undefined : read;
  const state = stateOf(pin);
  return {
    name: tool,
    modelName,
    title: definition?.title ?? tool,
    description: definition?.description ?? "",
    parameters: definition?.inputSchema ?? {},
    ...(said.outputSchema === undefined ? {} : { outputSchema: said.outputSchema }),
    ...(said.annotations === undefined ? {} : { annotations: said.annotations }),
    ...(definition?.readOnly === undefined ? {} : { readOnly: definition.readOnly }),
    ...(definition?.destructive === undefined ? {} : { destructive: definition.destructive }),
    enabled: pin.enabled,
    state,
    offered: pin.enabled && state !== "changed" && state !== "gone" && definition !== undefined,
    hash,
    acceptedAt: at,
    ...(by === undefined ? {} : { acceptedBy: by }),
    hidden: hiddenTexts(said).map((text) => ({ ...text, characters: [...text.characters] })),
    cut: cutTexts(said).map((text) => ({ ...text })),
    ...(pin.offered === undefined ? {} : { change: changeView(pin.accepted, pin.offered) }),
    firstSeenAt: pin.firstSeenAt,
    lastSeenAt: pin.lastSeenAt,
  };
}

function changeView(accepted: ToolPin["accepted"], offered: NonNullable<ToolPin["offered"]>): NonNullable<ToolView["change"]> {
  const { name: _, ...definition } = offered.said;
  return {
    hash: offered.hash,
    seenAt: offered.at,
    definition: { ...definition, hash: offered.hash },
    difference: differenceOf(accepted.said, offered.said).map((change) => ({ ...change })),
    hidden: hiddenTexts(offered.said).map((text) => ({ ...text, characters: [...text.characters] })),
  };
}
