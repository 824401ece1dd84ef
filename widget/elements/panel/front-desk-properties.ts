/** What `<front-desk>` takes of its attributes. */
export const frontDeskProperties = {
  server: {},
  assistant: {},
  mode: { reflect: true },
  theme: { reflect: true },
  accent: {},
  lang: { reflect: true },
  position: { reflect: true },
  label: {},
  identityUrl: {},
  pageTools: {},
  isOpen: { type: Boolean, reflect: true, attribute: "open" },
};
