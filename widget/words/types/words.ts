import type { CallWords } from "./call-words.ts";
import type { ConnectWords } from "./connect-words.ts";
import type { PeopleWords } from "./people-words.ts";
import type { FeedbackWords } from "./feedback-words.ts";
import type { QuestionWords } from "./question-words.ts";
import type { ViewWords } from "./view-words.ts";
import type { VoiceWords } from "./voice-words.ts";

/**
 * Everything the widget says, in one language. Sentences are short and active, say what happened and what can be done,
 * and name no codes. To add a language: write a folder beside `german/` and name it in `languages.ts`.
 */
export interface Words {
  /** BCP 47 tag that `Intl` formats numbers, money and times with. */
  readonly language: string;

  readonly openChat: string;
  readonly closeChat: string;
  readonly unread: (count: number) => string;
  /** Shown under the assistant's name. */
  readonly role: string;
  /** Shown while the assistant's name is not known yet. */
  readonly assistant: string;
  readonly newConversation: string;
  /** Asked before a conversation is left in which something is going on, and what is lost when a card waits. */
  readonly askNew: string;
  readonly losesCard: string;
  readonly losesCall: string;
  readonly startNew: string;
  readonly keepThis: string;
  readonly menu: string;
  readonly theme: string;
  readonly themes: { readonly system: string; readonly light: string; readonly dark: string };
  readonly connections: string;
  readonly talkToPerson: string;
  /** Who replies, where their name is not known. */
  readonly team: string;

  readonly greeting: string;
  readonly conversation: string;
  readonly olderLoading: string;
  readonly newMessages: string;
  readonly replying: (name: string) => string;
  /** Before what somebody wrote, for people who cannot see who it was. */
  readonly says: (name: string) => string;
  readonly you: string;
  readonly today: string;
  readonly yesterday: string;

  readonly message: string;
  readonly placeholder: string;
  readonly send: string;
  readonly startCall: string;
  /** Beside the launcher's label, while a call goes on. */
  readonly inCall: string;
  readonly stop: string;
  readonly charactersLeft: (count: number) => string;
  readonly charactersOver: (count: number, limit: number) => string;

  /** Under a message that the assistant of the customer's browser sent for them. */
  readonly byBrowser: string;
  readonly sending: string;
  readonly sentAgain: string;
  readonly queued: string;
  /** Of a message behind a request for approval. */
  readonly queuedBehindCard: string;
  readonly notSent: string;
  readonly tryAgain: string;
  readonly tryAgainIn: (duration: string) => string;
  readonly remove: string;
  readonly stopping: string;
  readonly stopped: string;
  readonly brokenOff: string;

  readonly thinking: string;
  readonly connecting: string;
  readonly reconnecting: string;
  readonly offline: string;
  /** Instead of `connecting`, after some seconds. */
  readonly unreached: string;
  readonly wrongSetUp: string;
  readonly reload: string;
  readonly incomplete: string;
  /** The launcher says it, before anything but the pasted script is there. */
  readonly notLoaded: string;

  readonly copy: string;
  readonly copied: string;
  /** Names of a code block and of a table for people who cannot see them. */
  readonly code: string;
  readonly table: string;
  /** What a ticked and an empty box before an item mean, for people who cannot see them. */
  readonly done: string;
  readonly notDone: string;
  readonly showImage: (host: string) => string;

  /** What is said about tool calls, in the same language. English's comes with what shows it: see `callWords`. */
  readonly calls?: CallWords;
  /** What only some conversations need, loaded when one does. English's comes with what shows it: see `LateWords`. */
  readonly late?: LateLoaders;

  /** By the codes of `ERRORS`; a code that is missing is said in the server's own words. */
  readonly errors: { readonly [code: string]: string };
  /** By the codes of `TURN_ERRORS`, and `internal` for one that this version does not know. */
  readonly turnErrors: { readonly [code: string]: string; readonly internal: string };
}

/** A language beside English: it brings everything. */
export type OtherWords = Words & Required<Pick<Words, "calls" | "late">>;

export interface LateLoaders {
  readonly connect: () => Promise<ConnectWords>;
  readonly questions: () => Promise<QuestionWords>;
  readonly people: () => Promise<PeopleWords>;
  readonly feedback: () => Promise<FeedbackWords>;
  readonly view: () => Promise<ViewWords>;
  readonly voice: () => Promise<VoiceWords>;
}
