import type { EndedFrame } from "../../../protocol/staff-frames.ts";
import type { ChangedDocuments, DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { ACTIONS, type Action, mayDo, type Staff } from "../../identity/staff/actions.ts";
import { type LastingSignIn, type LastingSignIns, SIGN_IN_KINDS } from "../../identity/staff/lasting-sign-in.ts";

/** What is needed of a socket of the staff line. */
export interface EndableSocket {
  readonly id: string;
  readonly data: { signIn: LastingSignIn };
  emit(name: "ended", frame: EndedFrame): unknown;
  disconnect(close: boolean): unknown;
}

export interface SignedInSocketsPorts {
  readonly documents: Pick<DocumentStore, "onChange">;
  readonly signIns: Pick<LastingSignIns, "again">;
  readonly clock: Pick<Clock, "after" | "now">;
  readonly log: Log;
}

interface Entry {
  readonly socket: EndableSocket;
  cancelExpiry: () => void;
}

/**
 * Ends the sockets of whoever is not signed in any more, or may do less than when they came. It hears of every change of
 * a session, a person and a key, and the change is only answered when the sockets that it ends are ended. Whoever may do
 * more, or has another name, stays, and is known as such from then on.
 */
export class SignedInSockets {
  readonly #ports: SignedInSocketsPorts;
  readonly #entries = new Map<string, Entry>();
  readonly #end: () => void;

  constructor(ports: SignedInSocketsPorts) {
    this.#ports = ports;
    this.#end = ports.documents.onChange(SIGN_IN_KINDS, (changed) => this.#follow(changed));
  }

  /** From now on its sign-in is watched. False: it ended while the socket was opened, and so did the socket. */
  async add(socket: EndableSocket): Promise<boolean> {
    const entry: Entry = { socket, cancelExpiry: () => undefined };
    this.#entries.set(socket.id, entry);
    await this.#look(entry);
    return this.#entries.has(socket.id);
  }

  delete(socketId: string): void {
    this.#entries.get(socketId)?.cancelExpiry();
    this.#entries.delete(socketId);
  }

  close(): void {
    this.#end();
    for (const id of this.#entries.keys()) this.delete(id);
  }

  async #follow(changed: readonly ChangedDocuments[]): Promise<void> {
    const concerned = [...this.#entries.values()].filter(({ socket }) =>
      changed.some((change) => socket.data.signIn.standsOn.some((one) => isOf(one, change))),
    );
    await Promise.all(concerned.map((entry) => this.#look(entry)));
  }

  async #look(entry: Entry): Promise<void> {
    const { socket } = entry;
    const before = socket.data.signIn;
    let now: LastingSignIn | undefined;
    try {
      now = await this.#ports.signIns.again(before);
    } catch (error) {
      // Whoever cannot be looked up again may come again.
      this.#ports.log.error({ error, staffId: before.staff.id }, "A sign-in could not be looked up, so its connection was ended.");
    }
    if (this.#entries.get(socket.id) !== entry) return;
    if (now === undefined) return this.#endSocket(entry, "signed-out");
    if (lostRights(before.staff, now.staff)) return this.#endSocket(entry, "rights-changed");
    socket.data.signIn = now;
    this.#expect(entry, now);
  }

  #expect(entry: Entry, { expiresAt }: LastingSignIn): void {
    const { clock } = this.#ports;
    entry.cancelExpiry();
    entry.cancelExpiry =
      expiresAt === undefined ? () => undefined : clock.after(Math.max(0, expiresAt - clock.now()), () => void this.#look(entry));
  }

  #endSocket({ socket }: Entry, reason: EndedFrame["reason"]): void {
    this.delete(socket.id);
    socket.emit("ended", { reason });
    socket.disconnect(true);
  }
}

function isOf(one: LastingSignIn["standsOn"][number], { kind, id }: ChangedDocuments): boolean {
  return one.kind === kind && (id === undefined || id === one.id);
}

function lostRights(before: Staff, now: Staff): boolean {
  return (Object.keys(ACTIONS) as Action[]).some((action) => mayDo(before, action) && !mayDo(now, action));
}
