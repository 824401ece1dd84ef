import { makeReturns, makeWholesale } from "./assistants.ts";
import { type Accounts, makeAccounts, makeKeys, makeTeam } from "./accounts.ts";
import { haveConversations } from "./conversations.ts";
import { publishTools } from "./published.ts";
import { type Addresses, makeHttpTools, makeServers } from "./servers.ts";
import { StaffApi } from "./staff-api.ts";

interface Given extends Addresses {
  readonly deskUrl: string;
  /** `FRONTDESK_ADMIN_KEY` of the demo's server. */
  readonly adminKey: string;
  readonly dataDirectory: string;
}

export interface FilledDemo extends Pick<Accounts, "password" | "emails"> {
  /** Resolves when everything else is there, too. */
  readonly filled: Promise<void>;
}

/**
 * Fills a running demo with people, servers, assistants and conversations, by nothing but the REST API and the line of
 * customers. What is there stays as it is, so it can be done at each start. The accounts come first.
 */
export async function fillDemo(given: Given): Promise<FilledDemo> {
  const api = StaffApi.ofKey(given.deskUrl, given.adminKey);
  const accounts = await makeAccounts(api, given.deskUrl, given.dataDirectory);
  return { password: accounts.password, emails: accounts.emails, filled: fill(accounts, given) };
}

/** By the people who would do it, so that the audit log has their names. */
async function fill({ admin, owner, support }: Accounts, given: Given): Promise<void> {
  const group = await makeTeam(admin);
  await Promise.all([makeServers(admin, given, group), makeHttpTools(admin, given), makeKeys(admin)]);
  const [returns, wholesale] = await Promise.all([makeReturns(admin, given), makeWholesale(owner, given)]);
  await Promise.all([
    haveConversations(admin, support, { ...given, returns, wholesale }),
    publishTools(admin, { deskUrl: given.deskUrl, assistant: returns }),
  ]);
}
