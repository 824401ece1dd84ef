/** English and German beside each other, so that nobody changes one and forgets the other. */
export type Language = "en" | "de";

export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

/** Plural words and sentences with names in them are functions. */
type Words = Readonly<Record<string, unknown>>;

type SameShape<English> = {
  readonly [Name in keyof English]: English[Name] extends string
    ? string
    : English[Name] extends (...given: infer Given) => string
      ? (...given: Given) => string
      : SameShape<English[Name]>;
};

/** The language of this page. It changes with a reload only. */
export const LANGUAGE: Language = document.documentElement.lang.startsWith("de") ? "de" : "en";

/**
 * A screen's words, in the page's language:
 *
 *     export const peopleWords = words({ title: "People" }, { title: "Personen" });
 */
export function words<English extends Words>(english: English, german: SameShape<English>): SameShape<English> {
  return LANGUAGE === "de" ? german : (english as SameShape<English>);
}

/** What the server says by a code, in German; its own sentences are English. */
export type German<Code extends string, Given = undefined> = Readonly<Record<Code, string | ((given: Given) => string)>>;

/** The server's sentence in the page's language; a code that is not known here leaves the server's own words. */
export function saidBy<Given = undefined>(german: German<string, Given>, code: string | undefined, own: string, given: Given): string {
  return LANGUAGE === "de" ? foundIn(german, code, own, given) : own;
}

/** In English as well: where the server's own sentence speaks to programs, and names fields as they do. */
interface Both<Given> {
  readonly english: Partial<German<string, Given>>;
  readonly german: German<string, Given>;
}

export function saidInBoth<Given = undefined>(both: Both<Given>, code: string | undefined, own: string, given: Given): string {
  return foundIn(LANGUAGE === "de" ? both.german : both.english, code, own, given);
}

function foundIn<Given>(sayings: Both<Given>["english"], code: string | undefined, own: string, given: Given): string {
  if (code === undefined || !Object.hasOwn(sayings, code)) return own;
  const found = sayings[code];
  return typeof found === "function" ? found(given) : (found ?? own);
}
