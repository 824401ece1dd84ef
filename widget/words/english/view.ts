import type { ViewWords } from "../types/view-words.ts";

export const englishView: ViewWords = {
  title: (tool, server) => `${tool}, a view of ${server}`,
  by: (server) => `View of ${server}`,
  loading: "The view is loading …",
  fullScreen: "Full screen",
  leaveFullScreen: "Leave full screen",
  failures: {
    blocked: "This website does not let the view be shown.",
    "not-started": "The view did not start.",
    left: "The view went somewhere else, so it was closed.",
    asked: "The view has closed itself.",
    storm: "The view disturbed the chat, so it was closed.",
    refused: "The view could not be opened.",
  },
  instead: "Its content as text",
  show: "Show the view",

  askLink: "Open this page?",
  wantsLink: (server) => `The view of ${server} wants to open it in a new tab.`,
  open: "Open",
  askMessage: "Send this message?",
  wantsMessage: (server) => `The view of ${server} wrote it. It is sent as your own.`,
  send: "Send",
  no: "No",

  errors: {},
};
