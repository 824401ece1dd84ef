import { randomUUID } from "node:crypto";
import * as z from "zod";

const refusalSchema = z.object({ code: z.string().optional(), title: z.string().optional(), detail: z.string().optional() });
const thingSchema = z.record(z.string(), z.unknown());
const pageSchema = z.object({ items: z.array(thingSchema) });
export type Thing = z.infer<typeof thingSchema>;

class Refused extends Error {}

/** The REST API, as a program or a person on the staff uses it. */
export class StaffApi {
  readonly #deskUrl: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(deskUrl: string, headers: Readonly<Record<string, string>>) {
    this.#deskUrl = deskUrl;
    this.#headers = headers;
  }

  static ofKey(deskUrl: string, key: string): StaffApi {
    return new StaffApi(deskUrl, { Authorization: `Bearer ${key}` });
  }

  /** Undefined: this is not their password. */
  static async ofPerson(deskUrl: string, email: string, password: string): Promise<StaffApi | undefined> {
    const { origin } = new URL(deskUrl);
    const response = await fetch(`${deskUrl}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: origin },
      body: JSON.stringify({ email, password }),
    });
    await response.body?.cancel();
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
    return response.ok ? new StaffApi(deskUrl, { Cookie: cookies.join("; "), Origin: origin }) : undefined;
  }

  async list(path: string): Promise<readonly Thing[]> {
    return pageSchema.parse(await this.#send("GET", path)).items;
  }

  async read(path: string): Promise<Thing> {
    return thingSchema.parse(await this.#send("GET", path));
  }

  async create(path: string, body: Thing): Promise<Thing> {
    return thingSchema.parse(await this.#send("POST", path, { body, headers: { "Idempotency-Key": randomUUID() } }));
  }

  async put(path: string, body: Thing): Promise<void> {
    await this.#send("PUT", path, { body, headers: await this.#version(path) });
  }

  /** Of what is there now. */
  async patch(path: string, body: Thing): Promise<void> {
    await this.#send("PATCH", path, { body, headers: await this.#version(path) });
  }

  /** Does something that is no thing of its own. */
  async act(path: string, body: Thing = {}): Promise<void> {
    await this.#send("POST", path, { body });
  }

  async #version(path: string): Promise<Record<string, string>> {
    const response = await fetch(`${this.#deskUrl}/api/v1${path}`, { headers: this.#headers });
    await response.body?.cancel();
    const version = response.headers.get("ETag");
    return version === null ? {} : { "If-Match": version };
  }

  async #send(
    method: string,
    path: string,
    { body, headers = {} }: { body?: Thing; headers?: Record<string, string> } = {},
  ): Promise<unknown> {
    const response = await fetch(`${this.#deskUrl}/api/v1${path}`, {
      method,
      headers: { ...this.#headers, ...headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return text === "" ? undefined : JSON.parse(text);
    const { code, title, detail } = refusalSchema.catch({}).parse(text === "" ? {} : JSON.parse(text));
    throw new Refused(`${method} ${path} was refused (${code ?? response.status}): ${title ?? ""} ${detail ?? text.slice(0, 300)}`);
  }
}
