import { html, type TemplateResult } from "lit";
import { fieldName } from "../editor/field-names.ts";
import { valueDifference } from "../editor/value-difference.ts";
import type { differingFields } from "./differing-fields.ts";

/** Each field that differs, by its name, with what became of it. */
export function settingsDifferences(fields: ReturnType<typeof differingFields>): readonly TemplateResult[] {
  return fields.map(
    ({ path, before, after }) =>
      html`<h3>${fieldName(path)}</h3>
        ${valueDifference(path, before, after)}`,
  );
}
