import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";

const LONGEST_MS = 20_000;
/** A quick talker's. */
const CHARACTER_MS = 12;

const toldSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("call-ready") }),
  z.object({ type: z.literal("phase"), phase: z.string() }),
  z.object({ type: z.literal("saying"), piece: z.number(), kind: z.string(), text: z.string() }),
]);
type Piece = Extract<z.infer<typeof toldSchema>, { type: "saying" }>;

/** A customer on a call, whose browser hears and speaks by itself: the assistant's words come and go as texts. */
export class Caller {
  readonly #socket: WebSocket;
  #isReady = false;
  #phase = "";
  /** Answers that were begun to be heard. */
  #answers = 0;
  #interrupts = false;
  #watch: (() => void) | undefined;

  constructor(deskUrl: string, shopUrl: string, token: string) {
    const address = new URL(`${deskUrl.replace(/\/$/, "")}/voice`.replace(/^http/, "ws"));
    this.#socket = new WebSocket(address, { headers: { Origin: shopUrl } });
    this.#socket.addEventListener("open", () => this.#send({ type: "call-open", token, activity: true }));
    this.#socket.addEventListener("message", ({ data }) => {
      const told = toldSchema.safeParse(JSON.parse(String(data)));
      if (!told.success) return;
      if (told.data.type === "saying") void this.#listen(told.data);
      else if (told.data.type === "phase") this.#phase = told.data.phase;
      else this.#isReady = true;
      this.#watch?.();
    });
  }

  /** Says something, and listens to the answer; with `interrupts`, only to its beginning. */
  async ask(text: string, { interrupts = false }: { readonly interrupts?: boolean } = {}): Promise<void> {
    await this.#until(() => this.#isReady);
    const before = this.#answers;
    this.#interrupts = interrupts;
    this.#send({ type: "transcript", text: text.slice(0, text.length / 2), final: false });
    await wait(text.length * CHARACTER_MS);
    this.#send({ type: "transcript", text, final: true, confidence: 0.94 });
    await this.#until(() => this.#answers > before && this.#phase === "listening");
  }

  hangUp(): void {
    this.#send({ type: "call-end" });
    this.#socket.close();
  }

  async #listen({ piece, kind, text }: Piece): Promise<void> {
    if (kind === "answer") this.#answers += 1;
    if (kind === "answer" && this.#interrupts) {
      this.#interrupts = false;
      this.#send({ type: "spoke", piece, characters: Math.ceil(text.length / 2), done: false });
      this.#send({ type: "cut", untilMs: 0, by: "speech" });
      return;
    }
    await wait(text.length * CHARACTER_MS);
    this.#send({ type: "spoke", piece, characters: text.length, done: true });
  }

  async #until(isSo: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("The caller waited in vain.")), LONGEST_MS);
      this.#watch = () => {
        if (!isSo()) return;
        clearTimeout(late);
        resolve();
      };
      this.#watch();
    });
  }

  #send(message: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
