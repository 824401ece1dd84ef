import * as z from "zod";
import type { InputField } from "../../../../protocol/input-fields.ts";
import { isObject, quoted, readField, unusable, UnusableFormError } from "./form-field.ts";

const FIELDS = 50;
/** All fields together, as they are kept in the journal and sent to every tab. */
const FORM_CHARACTERS = 64 * 1024;

const formSchema = z.object({
  type: z.literal("object"),
  properties: z.custom<Record<string, unknown>>(isObject, "expected an object"),
  required: z.array(z.string()).optional(),
});

/**
 * The fields of a form, from the restricted schema of an elicitation (both eras). Throws `UnusableFormError` for what
 * is not in the restricted schema, and for what looks like a password, a key or a means of payment: those must be asked
 * for on the server's own page (URL mode).
 */
export function formFields(requestedSchema: unknown): readonly InputField[] {
  const parsed = formSchema.safeParse(requestedSchema);
  if (!parsed.success) throw unusable("its schema is not that of a form", parsed.error);
  const entries = Object.entries(parsed.data.properties);
  if (entries.length > FIELDS) throw new UnusableFormError(`it has more than ${FIELDS} fields`);
  const required = new Set(parsed.data.required);
  for (const name of required)
    if (!Object.hasOwn(parsed.data.properties, name))
      throw new UnusableFormError(`it requires the field ${quoted(name)}, which it does not have`);
  const fields = entries.map(([name, property]) => readField(name, property, required.has(name)));
  if (JSON.stringify(fields).length > FORM_CHARACTERS) throw new UnusableFormError(`it is larger than ${FORM_CHARACTERS / 1024} kB`);
  return fields;
}
