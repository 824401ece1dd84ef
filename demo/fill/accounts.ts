import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { StaffApi, type Thing } from "./staff-api.ts";

export const ADMIN = { name: "Mara Lindqvist", email: "admin@lull.example", roles: ["admin"] };
export const OWNER = { name: "Jonas Weber", email: "owner@lull.example", roles: ["owner"] };
export const SUPPORT = { name: "Aiko Tanaka", email: "support@lull.example", roles: ["support"] };
const ACCOUNTS = [ADMIN, OWNER, SUPPORT] as const;
/** People who were invited and have not come yet, or only help out. */
const INVITED = [
  { name: "Priya Raman", email: "priya@lull.example", roles: ["owner", "support"] },
  { name: "Tom Okafor", email: "tom@lull.example", roles: ["support"] },
];

const keptSchema = z.object({ password: z.string().min(10) });

/** The password of all three, made at the first start and kept beside the conversations. */
async function passwordIn(folder: string): Promise<string> {
  const file = join(folder, "demo-sign-in.json");
  try {
    return keptSchema.parse(JSON.parse(await readFile(file, "utf8"))).password;
  } catch {
    const password = `lull-${randomBytes(6).toString("base64url")}`;
    await writeFile(file, JSON.stringify({ password }), { mode: 0o600 });
    return password;
  }
}

export interface Accounts {
  readonly password: string;
  readonly emails: readonly string[];
  readonly admin: StaffApi;
  readonly owner: StaffApi;
  readonly support: StaffApi;
}

/** Makes the accounts of the demo, or gives them their password again. */
export async function makeAccounts(api: StaffApi, deskUrl: string, folder: string): Promise<Accounts> {
  const password = await passwordIn(folder);
  const people = await api.list("/people?q=lull.example");
  const [admin, owner, support] = await Promise.all(ACCOUNTS.map((account) => signedIn(account, { api, deskUrl, password, people })));
  return { password, emails: ACCOUNTS.map(({ email }) => email), admin: admin!, owner: owner!, support: support! };
}

interface Known {
  readonly api: StaffApi;
  readonly deskUrl: string;
  readonly password: string;
  readonly people: readonly Thing[];
}

async function signedIn(account: (typeof ACCOUNTS)[number], { api, deskUrl, password, people }: Known): Promise<StaffApi> {
  const person = people.find(({ email }) => email === account.email);
  const already = person === undefined ? undefined : await StaffApi.ofPerson(deskUrl, account.email, password);
  if (already !== undefined) return already;
  const made =
    person === undefined ? await api.create("/people", { ...account }) : await api.create(`/people/${String(person["id"])}/invitation`, {});
  await api.act("/invitations/accept", { token: tokenIn(made), password });
  const staff = await StaffApi.ofPerson(deskUrl, account.email, password);
  if (staff === undefined) throw new Error(`${account.email} cannot sign in.`);
  return staff;
}

const invitationSchema = z.object({ url: z.string() });

/** A one-time link ends in it. */
function tokenIn(made: Thing): string {
  const { url } = invitationSchema.parse(made["invitation"] ?? made);
  return new URL(url).hash.slice(1);
}

/** Invites the others, and makes a group with the owner in it. Returns the group's id. */
export async function makeTeam(api: StaffApi): Promise<string> {
  const people = await api.list("/people?q=lull.example");
  for (const person of INVITED) if (!people.some(({ email }) => email === person.email)) await api.create("/people", person);
  const owner = people.find(({ email }) => email === OWNER.email);
  const [group = await api.create("/groups", { name: "Order desk", description: "Everybody who answers for orders." })] =
    await api.list("/groups?q=Order%20desk");
  await api.put(`/groups/${String(group["id"])}/members/${String(owner?.["id"])}`, {});
  return String(group["id"]);
}

/** Keys of programs. Nobody is shown them: whoever wants one makes another. */
export async function makeKeys(api: StaffApi): Promise<void> {
  const keys = await api.list("/api-keys");
  const wanted = [
    { name: "Order sync", roles: ["owner"] },
    { name: "Monitoring", roles: ["admin"], scopes: ["assistants.read", "assistants.health"] },
  ];
  for (const key of wanted) if (!keys.some(({ name }) => name === key.name)) await api.create("/api-keys", key);
}
