/** Every field that the API takes has a control in the console, or a reason why it has none. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { collectRoutes } from "../../scripts/collect-routes.ts";
import { openApiDocument } from "../../server/http/api/openapi.ts";

const SCREENS = fileURLToPath(new URL("../../console/screens/", import.meta.url));

interface FormOfFields {
  /** Where it is, below `console/screens/`. */
  readonly at: string;
  /** What draws a field that is in no form, such as a switch that holds at once. */
  readonly by?: Readonly<Record<string, string>>;
  /** The fields that have no control, and why. */
  readonly without?: Readonly<Record<string, string>>;
}

const IN_FILE_ONLY = "Programs are started by the configuration file only; the field is there so that an import is told so.";
const PROGRAMS = { "/command": IN_FILE_ONLY, "/args": IN_FILE_ONLY, "/env": IN_FILE_ONLY };
const NOT_OF_A_GRANTEE = "The person or group is chosen by its name.";
const SHARES: FormOfFields = {
  at: "tools/sharing",
  by: { "/generalAccess": 'name="general-access"', "/shares/level": "shareWords.level(name)" },
  without: { "/shares/grantee/kind": NOT_OF_A_GRANTEE, "/shares/grantee/id": NOT_OF_A_GRANTEE },
};
const CONNECTOR: FormOfFields = {
  at: "assistants/tools",
  by: {
    "/connection": 'name="connection"',
    "/permissions": "toolsWords.permissionOf(",
    "/permissions/permission": "toolsWords.permissionOf(",
    "/permissions/approver": "toolsWords.permissionOf(",
    "/permissions/rememberable": "toolsWords.rememberable,",
    "/permissions/safeToRepeat": "toolsWords.safeToRepeat,",
    "/permissions/approverGroups": "approverWords.groups",
    "/permissions/people": "approverWords.people",
    "/permissions/expires": "approverWords.expires",
    "/permissions/spoken": "approverWords.spoken}",
    "/permissions/when/argument": "approverWords.argument",
    "/permissions/when/is": "approverWords.is",
    "/permissions/when/value": "approverWords.value",
    "/permissions/when/approver": "approverWords.approver",
    "/permissions/when/people": "approverWords.several",
    "/server": "toolsWords.addOne(",
  },
};

/** An engine's fields are drawn alike in both lists. */
const VOICE: FormOfFields = {
  at: "assistants/voice",
  by: {
    ...Object.fromEntries(["endMs", "confirmedMs", "holdingMs", "earlyMs"].map((name) => [`/turns/${name}`, `"${name}"`])),
    ...Object.fromEntries(
      ["hearing", "speaking"].flatMap((list) => [
        ...["provider", "baseUrl", "apiKey", "sampleRate"].map((name) => [`/${list}/${name}`, `    "${name}",`]),
        ...["model", "language", "voice", "speed"].map((name) => [`/${list}/${name}`, `textBox(parts, "${name}"`]),
      ]),
    ),
    "/realtime/provider": 'provider: "openai"',
    "/hearing/baseUrl": 'textBox(parts, "baseUrl"',
    "/speaking/baseUrl": 'textBox(parts, "baseUrl"',
  },
};

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/** Each day is drawn in the same way. */
const HOURS = {
  "/people/hours/timeZone": "peopleSettingsWords.timeZone",
  ...Object.fromEntries(
    DAYS.flatMap((day) => [
      [`/people/hours/week/${day}/from`, "peopleSettingsWords.from(name)"],
      [`/people/hours/week/${day}/to`, "peopleSettingsWords.to(name)"],
    ]),
  ),
};

/** By operation. */
const FORMS: Readonly<Record<string, FormOfFields>> = {
  changeDraft: { at: "assistants", by: HOURS },
  changeAssistant: { at: "assistants", by: HOURS },
  replaceAssistantIdentity: { at: "assistants/identity" },
  replaceAssistantVoice: VOICE,
  createAssistant: {
    at: "assistants",
    by: HOURS,
    without: { "/reuseKey": "For programs that make again what they deleted; people choose another key." },
  },
  createMcpServer: { at: "tools", without: PROGRAMS },
  changeMcpServer: { at: "tools", without: PROGRAMS },
  createHttpTool: { at: "tools" },
  changeHttpTool: { at: "tools" },
  addConnector: CONNECTOR,
  changeConnector: CONNECTOR,
  replaceMcpServerShares: SHARES,
  replaceConnectionShares: SHARES,
  invitePerson: { at: "people" },
  updatePerson: { at: "people" },
  createGroup: { at: "people" },
  updateGroup: { at: "people" },
  createApiKey: { at: "api-keys" },
};

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { operationId: string; requestBody?: { content: Record<string, { schema: Schema }> } }>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

let document: Document;
beforeAll(async () => {
  document = openApiDocument(await collectRoutes(), { version: "", url: "" }) as unknown as Document;
});

function bodyOf(operation: string): Schema {
  const found = Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .find(({ operationId }) => operationId === operation);
  const schema = found?.requestBody?.content["application/json"]?.schema;
  if (schema === undefined) throw new Error(`${operation} has no body.`);
  return schema;
}

/** The pointer of each field; entries of lists and maps are one field, unless they have fields of their own. */
function fieldsOf(schema: Schema, at = ""): readonly string[] {
  const { $ref, type, properties, additionalProperties, items } = schema;
  if ($ref !== undefined) return fieldsOf(document.components.schemas[$ref.split("/").at(-1) ?? ""] ?? {}, at);
  const forms = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (forms !== undefined) return [...new Set(forms.flatMap((form) => fieldsOf(form, at)))];
  if (properties !== undefined) return Object.entries(properties).flatMap(([name, one]) => fieldsOf(one, `${at}/${name}`));
  if (typeof additionalProperties === "object") return fieldsOf(additionalProperties, at);
  if (items?.properties !== undefined) return fieldsOf(items, at);
  return type === "null" ? [] : [at];
}

function sourceOf(folder: string): string {
  return readdirSync(`${SCREENS}${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith("-words.ts") && !name.endsWith("field-names.ts"))
    .map((name) => readFileSync(`${SCREENS}${folder}/${name}`, "utf8"))
    .join("\n");
}

describe("a control for each field of", () => {
  test.each(Object.entries(FORMS))("%s", (operation, { at, by = {}, without = {} }) => {
    const source = sourceOf(at);
    const fields = fieldsOf(bodyOf(operation));
    expect(fields.length).toBeGreaterThan(1);
    // A form's field is named by its pointer.
    const isDrawn = (field: string): boolean => source.includes(by[field] ?? `"${field}"`);
    expect(fields.filter((field) => !isDrawn(field) && !Object.hasOwn(without, field))).toEqual([]);
    // A reason for a field that is gone, or has a control by now, is none.
    expect(Object.keys(without).filter((field) => !fields.includes(field))).toEqual([]);
  });
});
