import type { Route } from "../http/api/route.ts";
import { usageRoutes } from "../http/api/routes/usage-routes.ts";
import { WatchedAssistants } from "../setup/assistants/watched-assistants.ts";
import { UsageReports } from "../usage/usage-reports.ts";
import type { Base } from "./open-base.ts";
import type { OpenedDesk } from "./open-desk.ts";
import type { Setup } from "./open-setup.ts";
import type { Storage } from "./open-storage.ts";

/** What assistants use, for staff. */
export function usageParts({ setup, journal, budgets, clock }: Base & Storage & Setup & OpenedDesk): readonly Route[] {
  const watched = new WatchedAssistants(setup.assistants);
  const { usage } = journal;
  return usageRoutes({
    reports: new UsageReports({ usage }),
    clock,
    /** Admins see also what is left of those that are gone. */
    assistants: async (staff, key) => {
      const counted = staff.roles.includes("admin") ? await usage.listAssistants() : [];
      if (key === undefined) return [...new Set([...(await watched.all(staff)).map((one) => one.key), ...counted])].toSorted();
      return counted.includes(key) ? [key] : [(await watched.find(staff, key)).key];
    },
    budgets: async (keys) => {
      const there = keys.flatMap((key) => setup.live.find(key) ?? []);
      return (await Promise.all(there.map((one) => budgets.standing(one)))).flat();
    },
  });
}
