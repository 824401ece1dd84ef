/** What a person, or a screen reader, finds in a window. A name that is a text fits as a whole; a pattern in any part. */
export interface Wanted {
  readonly role?: string;
  readonly name?: string | RegExp;
  /** What can be read in it. */
  readonly text?: string | RegExp;
  /** Looks within the first one of these only. */
  readonly within?: Wanted;
}

/** One that was found, as it is in the window. */
export interface Seen {
  readonly name: string;
  readonly text: string;
  readonly value: string;
  readonly isEnabled: boolean;
  readonly isChecked: boolean;
  readonly hasFocus: boolean;
  /** Whether a press in its middle reaches it. */
  readonly isInReach: boolean;
  /** In CSS pixels of the window. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** One step of a search, from the outermost: a form in which JSON carries a `Wanted`. */
export interface SeekStep {
  readonly role?: string | undefined;
  readonly name?: SeekText | undefined;
  readonly text?: SeekText | undefined;
}
interface SeekText {
  readonly source: string;
  readonly flags: string;
}

const textOf = (text: string | RegExp | undefined, isWhole: boolean): SeekText | undefined => {
  if (text === undefined) return undefined;
  if (text instanceof RegExp) return { source: text.source, flags: text.flags };
  const source = text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return { source: isWhole ? `^${source}$` : source, flags: "" };
};

export function seekSteps({ role, name, text, within }: Wanted): readonly SeekStep[] {
  return [...(within === undefined ? [] : seekSteps(within)), { role, name: textOf(name, true), text: textOf(text, false) }];
}

/**
 * Finds what is drawn and fits, in the page and in all shadow roots. With `toPress`, the last one is scrolled into view
 * and remembered for `aim`. Runs inside the page: nothing outside this function may be used.
 */
export function seek(steps: readonly SeekStep[], toPress: boolean): readonly Seen[] {
  const roles: Readonly<Record<string, string>> = {
    A: "link",
    BUTTON: "button",
    CODE: "code",
    FIELDSET: "group",
    FORM: "form",
    H1: "heading",
    H2: "heading",
    H3: "heading",
    H4: "heading",
    LI: "listitem",
    SECTION: "region",
    SUMMARY: "button",
    TABLE: "table",
    TD: "cell",
    TEXTAREA: "textbox",
    TH: "columnheader",
  };
  const plain = (text: string | null | undefined): string => (text ?? "").replaceAll(/\s+/g, " ").trim();
  const roleOf = (element: Element): string => {
    const told = element.getAttribute("role");
    if (told !== null) return told;
    if (!(element instanceof HTMLInputElement)) return roles[element.tagName] ?? "";
    return ["radio", "checkbox"].includes(element.type) ? element.type : "textbox";
  };
  /** The text below it, through the shadow roots. */
  const textWithin = (node: Node): string => {
    if (node instanceof Text) return node.data;
    if (node instanceof HTMLSlotElement && node.assignedNodes().length > 0) return node.assignedNodes().map(textWithin).join("");
    if (!(node instanceof Element) || !node.checkVisibility()) return "";
    const text = [...(node.shadowRoot ?? node).childNodes].map(textWithin).join("");
    return getComputedStyle(node).display.startsWith("inline") ? text : ` ${text} `;
  };
  const nameOf = (element: Element): string => {
    const ids = element.getAttribute("aria-labelledby")?.split(/\s+/) ?? [];
    const root = element.getRootNode() as ShadowRoot;
    if (ids.length > 0) return plain(ids.map((id) => root.getElementById(id)?.textContent).join(" "));
    const labels = "labels" in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
    return plain(
      element.getAttribute("aria-label") ?? (labels.length > 0 ? labels.map((label) => label.textContent).join(" ") : textWithin(element)),
    );
  };
  const below = function* (node: Element | Document | ShadowRoot): Generator<Element> {
    const children = node instanceof Element && node.shadowRoot ? [...node.shadowRoot.children, ...node.children] : node.children;
    for (const child of children) {
      yield child;
      yield* below(child);
    }
  };
  const fits = (element: Element, textOf: (element: Element) => string, wanted: SeekText | undefined): boolean =>
    wanted === undefined || new RegExp(wanted.source, wanted.flags).test(plain(textOf(element)));
  const isDrawn = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true }) && element.getBoundingClientRect().width > 0;
  const active = (): Element | null => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element;
  };
  const isHit = (element: Element, x: number, y: number): boolean => {
    let hit = document.elementFromPoint(x, y);
    while (hit?.shadowRoot?.elementFromPoint(x, y) && hit.shadowRoot.elementFromPoint(x, y) !== hit)
      hit = hit.shadowRoot.elementFromPoint(x, y);
    for (let node: Node | null = hit; node !== null; node = node.parentNode ?? (node instanceof ShadowRoot ? node.host : null))
      if (node === element) return true;
    return false;
  };

  let found: Element[] = [];
  for (const [index, step] of steps.entries()) {
    const places = index === 0 ? [document] : found.slice(0, 1);
    found = places
      .flatMap((place) => [...below(place)])
      .filter(
        (element) =>
          (step.role === undefined || roleOf(element) === step.role) &&
          isDrawn(element) &&
          fits(element, nameOf, step.name) &&
          fits(element, textWithin, step.text),
      );
    // Of those that only hold the one with the text, the innermost.
    if (step.role === undefined)
      found = found.filter((element) => !found.some((other) => other !== element && [...below(element)].includes(other)));
  }
  if (toPress) {
    found.at(-1)?.scrollIntoView({ block: "nearest", behavior: "instant" });
    (window as unknown as { soughtByTest?: Element | undefined }).soughtByTest = found.at(-1);
  }
  return found.map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return {
      name: nameOf(element),
      text: plain(textWithin(element)),
      value: (element as HTMLInputElement).value ?? "",
      isEnabled: !element.matches(":disabled, [aria-disabled=true]"),
      isChecked: (element as HTMLInputElement).checked,
      hasFocus: active() === element,
      isInReach: isHit(element, x + width / 2, y + height / 2),
      box: { x, y, width, height },
    };
  });
}
