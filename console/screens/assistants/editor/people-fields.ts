import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Form } from "../../../foundation/form.ts";
import { around, idOf, switchField, textField } from "../../../parts/fields.ts";
import { icon } from "../../../parts/icon.ts";
import { peopleSettingsWords } from "./people-words.ts";

const HOURS = "/people/hours";
const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
type Day = (typeof DAYS)[number];
interface Open {
  readonly from: string;
  readonly to: string;
}
interface Hours {
  readonly timeZone: string;
  readonly week: Readonly<Partial<Record<Day, readonly Open[]>>>;
}

/** What most offices have, to begin with. */
const USUAL: Open = { from: "09:00", to: "17:00" };
const MOST_A_DAY = 6;

/** Whether customers may ask for a person, when somebody is there, and what is said when nobody is. */
export function peopleFields(form: Form<object>, isReadOnly: boolean): TemplateResult {
  const hours = form.get(HOURS) as Hours | undefined;
  const isOn = form.get("/people/enabled") === true;
  return html`<section class="group" id="people">
    <h2>${peopleSettingsWords.title}</h2>
    ${switchField(form, { path: "/people/enabled", label: peopleSettingsWords.enabled, hint: peopleSettingsWords.enabledHint, isReadOnly })}
    ${
      isOn
        ? html`${alwaysField(form, hours, isReadOnly)} ${hours ? hoursFields(form, hours, isReadOnly) : nothing}
          ${textField(form, { path: "/people/outside", label: peopleSettingsWords.outside, hint: peopleSettingsWords.outsideHint, lines: 2, isOptional: true, isReadOnly })}
          ${switchField(form, { path: "/people/takeContact", label: peopleSettingsWords.takeContact, isReadOnly })}`
        : nothing
    }
  </section>`;
}

function alwaysField(form: Form<object>, hours: Hours | undefined, isReadOnly: boolean): TemplateResult {
  const changed = (event: Event): void => {
    const isAlways = (event.currentTarget as HTMLInputElement).checked;
    form.set(HOURS, isAlways ? undefined : usualHours());
  };
  return html`<div class="field switch-field">
    <label
      ><input
        type="checkbox"
        role="switch"
        .checked=${live(hours === undefined)}
        ?disabled=${isReadOnly}
        aria-describedby="always-hint"
        @change=${changed}
      />
      <span class="label">${peopleSettingsWords.always}</span></label
    >
    <div id="always-hint" class="hint" ?hidden=${hours !== undefined}>${peopleSettingsWords.alwaysHint}</div>
  </div>`;
}

function usualHours(): Hours {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const week = Object.fromEntries(DAYS.map((day, index) => [day, index < 5 ? [USUAL] : []]));
  return { timeZone, week };
}

function hoursFields(form: Form<object>, hours: Hours, isReadOnly: boolean): TemplateResult {
  const path = `${HOURS}/timeZone`;
  const zones = Intl.supportedValuesOf("timeZone");
  return html`${around(
      form,
      { path, label: peopleSettingsWords.timeZone },
      html`<input
          id=${idOf(path, form.place)}
          list="time-zones"
          .value=${live(hours.timeZone)}
          ?readonly=${isReadOnly}
          autocomplete="off"
          spellcheck="false"
          aria-describedby="${idOf(path, form.place)}-fault"
          aria-invalid=${form.fault(path) === undefined ? "false" : "true"}
          @input=${(event: Event) => form.set(HOURS, { ...hours, timeZone: (event.currentTarget as HTMLInputElement).value })}
        /><datalist id="time-zones">${zones.map((zone) => html`<option value=${zone}></option>`)}</datalist>`,
    )}
    <fieldset class="hours">
      <legend class="label">${peopleSettingsWords.hours}</legend>
      ${DAYS.map((day) => dayField(form, hours, day, isReadOnly))}
    </fieldset>`;
}

function dayField(form: Form<object>, hours: Hours, day: Day, isReadOnly: boolean): TemplateResult {
  const name = peopleSettingsWords.days[day];
  const opens = hours.week[day] ?? [];
  // Every day is said, since a day that is left out of a change stays as it was.
  const set = (changed: readonly Open[]): void => {
    const week = Object.fromEntries(DAYS.map((one) => [one, one === day ? changed : (hours.week[one] ?? [])]));
    form.set(HOURS, { ...hours, week });
  };
  const time = (at: number, side: keyof Open): TemplateResult =>
    html`<input
      type="time"
      aria-label=${side === "from" ? peopleSettingsWords.from(name) : peopleSettingsWords.to(name)}
      .value=${live(opens[at]?.[side] ?? "")}
      ?readonly=${isReadOnly}
      aria-invalid=${form.fault(`${HOURS}/week/${day}/${at}/${side}`) === undefined ? "false" : "true"}
      @change=${(event: Event) => {
        const { value } = event.currentTarget as HTMLInputElement;
        set(opens.map((open, index) => (index === at ? { ...open, [side]: value } : open)));
      }}
    />`;
  return html`<div class="hours-day">
    <span>${name}</span>
    <div>
      ${opens.length === 0 ? html`<span class="muted">${peopleSettingsWords.closed}</span>` : nothing}
      ${opens.map(
        (_open, at) =>
          html`<span class="hours-open"
            >${time(at, "from")} – ${time(at, "to")}
            ${isReadOnly ? nothing : html`<button type="button" class="quiet icon-only" aria-label=${peopleSettingsWords.remove(name)} @click=${() => set(opens.filter((_one, index) => index !== at))}>${icon("close")}</button>`}</span
          >`,
      )}
      ${faultOf(form, day, opens.length)}
    </div>
    ${isReadOnly || opens.length >= MOST_A_DAY ? nothing : html`<button type="button" class="quiet icon-only" aria-label=${peopleSettingsWords.add(name)} @click=${() => set([...opens, opens.length === 0 ? USUAL : { from: "", to: "" }])}>${icon("plus")}</button>`}
  </div>`;
}

function faultOf(form: Form<object>, day: Day, count: number): TemplateResult | typeof nothing {
  const paths = Array.from({ length: count }, (_one, at) => [`${HOURS}/week/${day}/${at}/from`, `${HOURS}/week/${day}/${at}/to`]).flat();
  const fault = paths.map((path) => form.fault(path)).find((one) => one !== undefined);
  return fault === undefined ? nothing : html`<p class="field-fault">${fault}</p>`;
}
