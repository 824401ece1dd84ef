/** What WebDriver and WebDriver BiDi call actions: both take the same. */

/** Keys by the names that pages read in `event.key`, as the private-use characters that WebDriver has for them. */
const KEYS: Readonly<Record<string, string>> = {
  Backspace: "\uE003",
  Tab: "\uE004",
  Enter: "\uE007",
  Shift: "\uE008",
  Control: "\uE009",
  Escape: "\uE00C",
  Home: "\uE011",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
};

type Action = Readonly<Record<string, unknown>>;

/** One press of the mouse's first button there. */
export function clickActions(x: number, y: number): readonly Action[] {
  return [
    {
      type: "pointer",
      id: "mouse",
      parameters: { pointerType: "mouse" },
      actions: [
        { type: "pointerMove", x: Math.round(x), y: Math.round(y), duration: 0 },
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ],
    },
  ];
}

/** Keys one after another; of a chord, all down in order and up in the opposite one. */
export function keyActions(keys: readonly (string | readonly string[])[]): readonly Action[] {
  const actions = keys.flatMap((key) => {
    const values = (typeof key === "string" ? [key] : key).map((name) => KEYS[name] ?? name);
    const move = (type: string) => (value: string) => ({ type, value });
    return [...values.map(move("keyDown")), ...values.toReversed().map(move("keyUp"))];
  });
  return [{ type: "key", id: "keyboard", actions }];
}
