import { TURN_ERRORS } from "../../../protocol/errors.ts";
import type { Words } from "../types/words.ts";

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

export const english: Words = {
  language: "en",

  openChat: "Open chat",
  closeChat: "Close chat",
  unread: (count) => plural(count, "unread message", "unread messages"),
  role: "AI assistant",
  assistant: "Assistant",
  newConversation: "New conversation",
  askNew: "Start a new conversation?",
  losesCard: "The open request will expire.",
  losesCall: "Your call will end.",
  startNew: "Start new",
  keepThis: "Keep this one",
  menu: "Menu",
  theme: "Appearance",
  themes: { system: "System", light: "Light", dark: "Dark" },
  connections: "Connections",
  talkToPerson: "Talk to a person",
  team: "Team",

  greeting: "How can we help?",
  conversation: "Conversation",
  olderLoading: "Loading earlier messages …",
  newMessages: "New messages",
  replying: (name) => `${name} is replying`,
  says: (name) => `${name}:`,
  you: "You",
  today: "Today",
  yesterday: "Yesterday",

  message: "Message",
  placeholder: "Write a message …",
  send: "Send",
  startCall: "Start call",
  inCall: "You are in a call",
  stop: "Stop",
  charactersLeft: (count) => plural(count, "character left", "characters left"),
  charactersOver: (count, limit) =>
    `${count.toLocaleString("en")} ${count === 1 ? "character" : "characters"} over the limit of ${limit.toLocaleString("en")}`,

  sending: "Sending …",
  sentAgain: "It is sent again by itself.",
  queued: "Next in line",
  queuedBehindCard: "Will be answered after the decision above",
  notSent: "Not sent.",
  tryAgain: "Try again",
  tryAgainIn: (duration) => `Try again in ${duration}.`,
  remove: "Remove",
  stopping: "Stopping …",
  stopped: "Stopped",
  brokenOff: "The answer breaks off here.",

  thinking: "Thinking …",
  connecting: "Connecting …",
  reconnecting: "Reconnecting …",
  offline: "No connection. Your messages are sent when it is back.",
  unreached: "The chat cannot be reached at the moment. Your messages are sent when it is back.",
  wrongSetUp: "This chat is not available here. Please contact us another way.",
  reload: "Reload the page",
  incomplete: "A part of this chat could not be loaded.",
  notLoaded: "Chat not available",

  copy: "Copy",
  copied: "Copied",
  code: "Code",
  table: "Table",
  done: "Done",
  notDone: "Not done",
  showImage: (host) => `Show image from ${host}`,

  errors: {},
  turnErrors: TURN_ERRORS,
};
