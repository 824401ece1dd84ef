/**
 * The text of `custom-elements.json`, the manifest of what `import "frontdesk"` gives
 * (https://github.com/webcomponents/custom-elements-manifest): the element with its attributes, methods, events, slots,
 * parts and custom properties, and the classes of its events. What is private stays out.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { create, ts } from "@custom-elements-manifest/analyzer";
import { litPlugin } from "@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js";
import * as z from "zod";

const root = join(import.meta.dirname, "..");
const TAG_NAME = "front-desk";
const CLASS_NAME = "FrontDesk";
const SOURCES = ["widget/elements/panel/front-desk.ts", "widget/elements/panel/front-desk-events.ts"];
/** Where people import it from. */
const MODULE = "dist/widget/index.js";

const typeSchema = z.object({ text: z.string() });
const describedSchema = z.object({ name: z.string(), description: z.string() });

const memberSchema = z.object({
  kind: z.enum(["field", "method"]),
  name: z.string(),
  description: z.string().optional(),
  privacy: z.string().optional(),
  static: z.boolean().optional(),
  type: typeSchema.optional(),
  default: z.string().optional(),
  readonly: z.boolean().optional(),
  attribute: z.string().optional(),
  reflects: z.boolean().optional(),
  parameters: z.array(z.object({ name: z.string(), type: typeSchema })).optional(),
  return: z.object({ type: typeSchema }).optional(),
});

const classSchema = z.object({ kind: z.literal("class"), name: z.string(), description: z.string(), members: z.array(memberSchema) });
const attributesSchema = z.object({ attributes: z.array(describedSchema.extend({ type: typeSchema })) });
const elementSchema = classSchema.extend({
  // Of a dispatched event that is made elsewhere the analyser knows the type only.
  events: z.array(describedSchema.extend({ type: typeSchema }).partial({ name: true, description: true })),
  slots: z.array(describedSchema),
  cssParts: z.array(describedSchema),
  cssProperties: z.array(describedSchema.extend({ default: z.string() })),
});

/** What the analyser says of `SOURCES`. */
function analysedSchema<Element extends z.ZodType, EventClass extends z.ZodType>(element: Element, eventClass: EventClass) {
  const elementModule = z.object({ declarations: z.tuple([element]) });
  return z.object({ modules: z.tuple([elementModule, z.object({ declarations: z.array(eventClass) })]) });
}

type Member = z.infer<typeof memberSchema>;

/** Throws where the docblock of the element and its properties disagree. */
export function manifestText(): string {
  const modules = SOURCES.map((path) => ts.createSourceFile(path, readFileSync(join(root, path), "utf8"), ts.ScriptTarget.ES2022, true));
  const [documented] = analysedSchema(attributesSchema, z.unknown()).parse(create({ modules })).modules;
  const [analysed, events] = analysedSchema(elementSchema, classSchema).parse(create({ modules, plugins: litPlugin() })).modules;
  const [element] = analysed.declarations;
  const [{ attributes }] = documented.declarations;
  const declarations = [
    {
      ...element,
      events: element.events.filter(({ name }) => name !== undefined),
      members: publicMembers(element.members),
      attributes: withFields(attributes, element.members),
      superclass: { name: "HTMLElement" },
      tagName: TAG_NAME,
      customElement: true,
    },
    ...events.declarations.map((event) => ({ ...event, members: publicMembers(event.members), superclass: { name: "Event" } })),
  ];
  const exported = declarations.map(({ name }) => ({ kind: "js", name, declaration: { name, module: MODULE } }));
  const defined = { kind: "custom-element-definition", name: TAG_NAME, declaration: { name: CLASS_NAME, module: MODULE } };
  const module = { kind: "javascript-module", path: MODULE, declarations, exports: [...exported, defined] };
  return `${JSON.stringify({ schemaVersion: "1.0.0", readme: "README.md", modules: [module] }, undefined, 2)}\n`;
}

/** The attributes of the docblock, each with the property that it sets. */
function withFields(documented: readonly z.infer<typeof attributesSchema>["attributes"][number][], members: readonly Member[]): object[] {
  const properties = members.filter((member) => isPublic(member) && member.attribute !== undefined);
  const bare = properties.find(({ attribute }) => !documented.some(({ name }) => name === attribute));
  if (bare !== undefined) throw new Error(`<${TAG_NAME}> has an attribute "${bare.attribute}" without an @attr line in its docblock.`);
  return documented.map((attribute) => {
    const property = properties.find((member) => member.attribute === attribute.name);
    if (property === undefined)
      throw new Error(`The docblock of <${TAG_NAME}> names an attribute "${attribute.name}" that no property has.`);
    return { ...attribute, default: property.default, fieldName: property.name };
  });
}

function publicMembers(members: readonly Member[]): Member[] {
  // `lang` is HTMLElement's own and has no type here: the element only listens to it.
  const shown = members.filter((member) => isPublic(member) && (member.kind === "method" || member.type !== undefined));
  // The "default" of an event's field is the constructor's parameter.
  return shown.map((member) => (member.readonly ? { ...member, default: undefined } : member));
}

function isPublic({ privacy = "public", static: isStatic = false }: Member): boolean {
  return privacy === "public" && !isStatic;
}
