/** Who may use or manage what an admin registered: people and groups by name, or everyone. */
import * as z from "zod";
import { RequestError } from "../../../protocol/errors.ts";
import { canonicalJson, sha256Hex } from "../../foundation/canonical-json.ts";
import type { Clock } from "../../foundation/clock.ts";
import type { Staff } from "../../identity/staff/actions.ts";
import { actorOf } from "../../identity/staff/actor-of.ts";
import { everyDocument } from "../../documents/every-document.ts";
import type { Follower } from "../../documents/following.ts";
import type { Lock } from "../../foundation/lock.ts";
import type { DocumentChange, DocumentStore } from "../../documents/ports.ts";

/** `use`: put it into an assistant. `manage`: change it and share it on; includes `use`. */
export const shareLevelSchema = z.enum(["use", "manage"]);
export type ShareLevel = z.output<typeof shareLevelSchema>;

/** `everyone`: all staff may use it; managing it always takes a share. */
export const generalAccessSchema = z.enum(["restricted", "everyone"]);
export type GeneralAccess = z.output<typeof generalAccessSchema>;

export const granteeSchema = z.strictObject({ kind: z.enum(["person", "group"]), id: z.string().min(1).max(200) });
export type Grantee = z.output<typeof granteeSchema>;

export interface Share {
  readonly grantee: Grantee;
  readonly level: ShareLevel;
}

export interface SharedResource {
  readonly kind: "mcp-server" | "connection";
  readonly id: string;
}

export interface SharingPorts {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly lock: Lock;
  /** What the resource's own record says; undefined: there is no such resource. */
  generalAccess(resource: SharedResource): GeneralAccess | undefined | Promise<GeneralAccess | undefined>;
}

const bodySchema = z.object({ grantee: granteeSchema, level: shareLevelSchema });

/**
 * Admins may always. An API key is in no group and has no name to share with. Unless it is an admin's, it may use what
 * is open to everyone, and manage nothing.
 *
 * Shares are read once and then kept, so asking costs no read. The first question after a change reads them again.
 */
export class Sharing implements Follower {
  readonly kinds = ["share"] as const;
  readonly #ports: SharingPorts;
  #shares: Promise<ReadonlyMap<string, readonly Share[]>> | undefined;

  constructor(ports: SharingPorts) {
    this.#ports = ports;
  }

  async allows(staff: Staff, resource: SharedResource, level: ShareLevel): Promise<boolean> {
    if (staff.roles.includes("admin")) return true;
    if (level === "use" && (await this.access(resource)) === "everyone") return true;
    if (staff.kind === "key") return false;
    const shares = await this.list(resource);
    return shares.some((share) => (level === "use" || share.level === "manage") && isFor(share.grantee, staff));
  }

  /** Who may use it besides those it is shared with. Undefined: there is no such resource. */
  async access(resource: SharedResource): Promise<GeneralAccess | undefined> {
    return this.#ports.generalAccess(resource);
  }

  /** By kind and id of those it is shared with. */
  async list(resource: SharedResource): Promise<readonly Share[]> {
    this.#shares ??= this.#read();
    return (await this.#shares).get(parentOf(resource)) ?? [];
  }

  /** Changes whenever the shares change: what `If-Match` names. */
  async version(resource: SharedResource): Promise<number> {
    return versionOf(await this.list(resource));
  }

  /**
   * Replaces all shares. A person or group that comes twice gets the higher level. Throws `RequestError`
   * `version-changed` if `ifVersion` is not the present one, and `DocumentConflictError` if another process was
   * quicker.
   */
  async set(resource: SharedResource, shares: readonly Share[], by: Staff, ifVersion?: number): Promise<void> {
    await this.#ports.lock.run(`shares/${parentOf(resource)}`, async () => {
      this.#shares = undefined;
      const before = await this.list(resource);
      if (ifVersion !== undefined && ifVersion !== versionOf(before)) throw new RequestError("version-changed");
      const after = tidy(shares);
      if (versionOf(before) === versionOf(after)) return;
      await this.#ports.documents.write(changesBetween(resource, before, after), {
        at: this.#ports.clock.now(),
        audit: [
          { by: actorOf(by), action: `${resource.kind}.share`, target: resource, before: { shares: before }, after: { shares: after } },
        ],
      });
    });
  }

  follow(): void {
    this.#shares = undefined;
  }

  async #read(): Promise<ReadonlyMap<string, readonly Share[]>> {
    try {
      const found = await everyDocument(this.#ports.documents, "share", { now: this.#ports.clock.now() });
      const byResource = new Map<string, Share[]>();
      for (const { id, parent, body } of found) {
        const { grantee, level } = bodySchema.parse(body);
        const resource = parent ?? id.slice(0, -(nameOf(grantee).length + 1));
        byResource.set(resource, [...(byResource.get(resource) ?? []), { grantee, level }]);
      }
      return byResource;
    } catch (error) {
      this.#shares = undefined;
      throw error;
    }
  }
}

function isFor(grantee: Grantee, staff: Staff): boolean {
  return grantee.kind === "person" ? grantee.id === staff.id : staff.groups.includes(grantee.id);
}

function nameOf(grantee: Grantee): string {
  return `${grantee.kind}/${grantee.id}`;
}

function parentOf(resource: SharedResource): string {
  return `${resource.kind}/${resource.id}`;
}

function tidy(shares: readonly Share[]): readonly Share[] {
  const byName = new Map<string, Share>();
  for (const share of shares) if (byName.get(nameOf(share.grantee))?.level !== "manage") byName.set(nameOf(share.grantee), share);
  return [...byName].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, share]) => share);
}

function versionOf(shares: readonly Share[]): number {
  return Number.parseInt(sha256Hex(canonicalJson(shares)).slice(0, 12), 16);
}

function changesBetween(resource: SharedResource, before: readonly Share[], after: readonly Share[]): readonly DocumentChange[] {
  const parent = parentOf(resource);
  const had = new Map(before.map((share) => [nameOf(share.grantee), share.level]));
  const has = new Set(after.map((share) => nameOf(share.grantee)));
  return [
    ...[...had.keys()]
      .filter((name) => !has.has(name))
      .map((name): DocumentChange => ({ do: "delete", kind: "share", id: `${parent}/${name}` })),
    ...after
      .filter((share) => had.get(nameOf(share.grantee)) !== share.level)
      .map((share): DocumentChange => {
        const id = `${parent}/${nameOf(share.grantee)}`;
        const body = { grantee: share.grantee, level: share.level };
        return had.has(nameOf(share.grantee))
          ? { do: "replace", kind: "share", id, body, parent }
          : { do: "create", kind: "share", id, body, parent };
      }),
  ];
}
