import { TURN_ERRORS } from "../../protocol/errors.ts";
import type { Words } from "./words.ts";

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

export const english: Words = {
  language: "en",

  openChat: "Open chat",
  closeChat: "Close chat",
  unread: (count) => plural(count, "unread message", "unread messages"),
  role: "AI assistant",
  assistant: "Assistant",
  newConversation: "New conversation",
  menu: "Menu",
  theme: "Appearance",
  themes: { system: "Like the device", light: "Light", dark: "Dark" },

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
  stop: "Stop",
  charactersLeft: (count) => plural(count, "character left", "characters left"),
  charactersOver: (count) => plural(count, "character too many", "characters too many"),

  sending: "Sending …",
  sentAgain: "It is sent again by itself.",
  queued: "Waiting for the answer before",
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
  wrongSetUp: "This chat is not set up correctly. The browser’s console tells the owner why.",
  reload: "Reload the page",
  incomplete: "A part of this chat could not be loaded.",

  copy: "Copy",
  copied: "Copied",
  code: "Code",
  table: "Table",
  showImage: (host) => `Show image from ${host}`,

  errors: {},
  turnErrors: TURN_ERRORS,
};
