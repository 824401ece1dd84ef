/** Previews: names under which whoever may change an assistant talks with its draft, for a while. */
import * as z from "zod";
import { everyDocument } from "../../documents/every-document.ts";
import type { DocumentStore, StoredDocument } from "../../documents/ports.ts";
import { sha256Hex } from "../../foundation/canonical-json.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Log } from "../../foundation/log.ts";
import { mayDo, type Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import type { FindStaff } from "./assistant-ports.ts";
import { mayEdit, ownerSchema } from "./assistant-record.ts";
import type { AssistantRegistry } from "./assistants.ts";
import type { StoredAssistant } from "./stored-assistants.ts";

export interface AssistantPreviewsPorts {
  readonly documents: DocumentStore;
  readonly assistants: Pick<AssistantRegistry, "editable">;
  readonly findStaff: FindStaff;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Preview {
  /** What a page says as `data-assistant`. Whoever knows it may talk, from a page of our own. */
  readonly name: string;
  readonly assistant: string;
  readonly expiresAt: number;
  /** Who opened it. */
  readonly by: z.output<typeof ownerSchema>;
}

const PREVIEW_MS = 60 * 60_000;
/** As hard to guess as an id of the server. */
const NAME_CHARACTERS = 32;
const BEGINNING = "preview-";
const bodySchema = z.object({ by: ownerSchema });

/** Whether a page asks for a preview, be it open or over. The name is a secret. */
export function isPreviewName(name: string): boolean {
  return name.startsWith(BEGINNING) && name.length === BEGINNING.length + NAME_CHARACTERS;
}

export class AssistantPreviews {
  readonly #ports: AssistantPreviewsPorts;

  constructor(ports: AssistantPreviewsPorts) {
    this.#ports = ports;
  }

  /**
   * Opens a preview, or keeps this person's open one for another hour. Throws `RequestError` `not-found`, `read-only` or
   * `forbidden`.
   */
  async open(staff: Staff, key: string): Promise<{ readonly name: string; readonly expiresAt: number }> {
    const { documents, assistants, clock } = this.#ports;
    await assistants.editable(staff, key);
    const at = clock.now();
    const expiresAt = at + PREVIEW_MS;
    const own = await this.#own(staff, key);
    if (own !== undefined) {
      const { id, body, version } = own;
      await documents.write([{ do: "replace", kind: "assistant-preview", id, body, expiresAt, ifVersion: version }], { at });
      return { name: id, expiresAt };
    }
    const name = `${BEGINNING}${sha256Hex(`${clock.id()} ${clock.id()}`).slice(0, NAME_CHARACTERS)}`;
    const by = actorOf(staff);
    await documents.write([{ do: "create", kind: "assistant-preview", id: name, parent: key, body: { by }, expiresAt }], {
      at,
      audit: [{ by, action: "assistant.preview", target: { kind: "assistant", id: key }, after: { expiresAt } }],
    });
    return { name, expiresAt };
  }

  /** Those whose openers may still change the assistant. */
  async standing(assistants: ReadonlyMap<string, StoredAssistant>): Promise<readonly Preview[]> {
    const { documents, clock } = this.#ports;
    const found = (await everyDocument(documents, "assistant-preview", { now: clock.now() })).flatMap(previewOf);
    const stand = await Promise.all(found.map((one) => this.#stands(one, assistants.get(one.assistant))));
    return found.filter((_one, index) => stand[index]);
  }

  async #stands({ by }: Preview, assistant: StoredAssistant | undefined): Promise<boolean> {
    const staff = await this.#ports.findStaff(by);
    return staff !== undefined && assistant !== undefined && mayDo(staff, "assistants.write") && mayEdit(staff, assistant);
  }

  async #own(staff: Staff, key: string): Promise<StoredDocument | undefined> {
    const { documents, clock } = this.#ports;
    const found = await everyDocument(documents, "assistant-preview", { parent: key, now: clock.now() });
    return found.find((document) => previewOf(document).some(({ by }) => by.kind === staff.kind && by.id === staff.id));
  }
}

function previewOf({ id, parent, body, expiresAt }: StoredDocument): Preview[] {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success || parent === undefined || expiresAt === undefined) return [];
  return [{ name: id, assistant: parent, expiresAt, by: parsed.data.by }];
}
