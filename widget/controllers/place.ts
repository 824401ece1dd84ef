/** Which thread: one assistant of one server, and which of several elements for it on a page. */
export interface ThreadPlace {
  /** Address of the server, such as `https://desk.example.com` or `https://shop.example/desk`. */
  readonly server: string;
  readonly assistant: string;
  /** Keeps several elements for the same assistant on one page apart. Empty for the only one. */
  readonly name?: string;
}

/**
 * What the keys in the browser's storage begin with. The token is the customer's and shared by all elements of an
 * assistant; everything else belongs to one element. `frontdesk.js` reads some of them before anything else is loaded.
 */
export function placeKey(place: ThreadPlace): string {
  return `${tokenKey(place)}:${place.name ?? ""}`;
}

export function tokenKey({ server, assistant }: ThreadPlace): string {
  return `frontdesk:${server}:${assistant}`;
}

/** Answers that nobody has read: for the badge. In the shared storage. */
export const UNREAD = ":unread";
/** Whether the panel was left open. In this tab's storage. */
export const OPEN = ":open";
/** A call that was on when the page went. In this tab's storage. */
export const CALL = ":call";
/** What was written and not sent. In this tab's storage. */
export const DRAFT = ":draft";
/** Messages that are not acknowledged. In the shared storage. */
export const OUTBOX = ":outbox:";
