import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { DocumentStore } from "../../documents/ports.ts";
import type { Clock } from "../../foundation/clock.ts";
import { InvalidError } from "../../foundation/invalid-error.ts";
import type { Staff } from "./actions.ts";
import { actorOf } from "./actor-of.ts";

/** The most characters of the `data:` address that a picture is given as: about 48 kB of it. */
export const PICTURE_CHARACTERS = 65_536;
/** Where pictures are, below the server's own address. */
export const PICTURES_PATH = "/pictures";

const TYPES: Readonly<Record<string, (bytes: Buffer) => boolean>> = {
  "image/png": (bytes) => bytes.subarray(0, 8).equals(Buffer.from("89504e470d0a1a0a", "hex")),
  "image/jpeg": (bytes) => bytes.subarray(0, 3).equals(Buffer.from("ffd8ff", "hex")),
  "image/webp": (bytes) => bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP",
};

const pictureBody = z.object({ type: z.string(), data: z.string() });

export interface Picture {
  readonly type: string;
  readonly bytes: Buffer;
}

export interface PicturesPorts {
  readonly documents: DocumentStore;
  readonly clock: Pick<Clock, "now">;
  /** An unguessable name. */
  readonly name?: () => string;
}

/**
 * The pictures of the staff, as customers see them. Each has a name that nobody can guess, and a new one gets a new
 * name, so that it can be kept by browsers for ever.
 */
export class Pictures {
  readonly #ports: PicturesPorts;

  constructor(ports: PicturesPorts) {
    this.#ports = ports;
  }

  /** The path of a person's picture, below the server's own address; undefined: they have none. */
  async of(person: string): Promise<string | undefined> {
    const [found] = await this.#ports.documents.list("staff-picture", { parent: person, limit: 1, now: this.#ports.clock.now() });
    return found === undefined ? undefined : `${PICTURES_PATH}/${found.id}`;
  }

  async find(name: string): Promise<Picture | undefined> {
    const found = await this.#ports.documents.get("staff-picture", name, this.#ports.clock.now());
    if (found === undefined) return undefined;
    const { type, data } = pictureBody.parse(found.body);
    return { type, bytes: Buffer.from(data, "base64") };
  }

  /** Takes a `data:` address. Throws `InvalidError` for what is no picture; the one before is gone. */
  async set(by: Staff, address: string): Promise<string> {
    const [, type = "", data = ""] = /^data:([a-z/]+);base64,([A-Za-z0-9+/]+=*)$/.exec(address) ?? [];
    const isPicture = Object.hasOwn(TYPES, type) ? TYPES[type]?.(Buffer.from(data, "base64")) === true : false;
    if (!isPicture || address.length > PICTURE_CHARACTERS)
      throw new InvalidError([{ path: "/picture", message: "expected a PNG, JPEG or WebP picture of at most 48 kB", code: "no-picture" }]);
    const id = this.#ports.name?.() ?? randomBytes(24).toString("base64url");
    await this.#ports.documents.write(
      [
        { do: "delete-children", kind: "staff-picture", parent: by.id },
        { do: "create", kind: "staff-picture", id, parent: by.id, body: { type, data } },
      ],
      { at: this.#ports.clock.now(), audit: [{ by: actorOf(by), action: "person.set-picture", target: { kind: "person", id: by.id } }] },
    );
    return `${PICTURES_PATH}/${id}`;
  }

  async remove(by: Staff): Promise<void> {
    if ((await this.of(by.id)) === undefined) return;
    await this.#ports.documents.write([{ do: "delete-children", kind: "staff-picture", parent: by.id }], {
      at: this.#ports.clock.now(),
      audit: [{ by: actorOf(by), action: "person.remove-picture", target: { kind: "person", id: by.id } }],
    });
  }
}
