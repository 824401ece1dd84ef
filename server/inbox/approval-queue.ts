import type { Approver } from "../../protocol/events.ts";
import { byRisk, type PresentNeed, riskPlace, type RiskPlace, type RiskyApproval, withRisks } from "./approval-risk.ts";
import type { WaitingApproval, WaitingApprovals } from "./waiting-approvals.ts";

/** More than these nobody looks through: those that have waited longest. */
const MOST_WAITING = 2000;
const PAGE = 500;

export interface ApprovalQueuePorts {
  readonly approvals: WaitingApprovals;
  /** Who decides at this moment. */
  readonly neededFor: (approval: WaitingApproval) => Promise<PresentNeed>;
}

/** Whoever looks at the queue. */
export interface QueueReader {
  readonly kind: "person" | "key";
  readonly id: string;
  readonly groups: readonly string[];
}

/** The waiting approvals of all conversations as they stand at this moment, and those of one reader. */
export class ApprovalQueue {
  readonly #ports: ApprovalQueuePorts;

  constructor(ports: ApprovalQueuePorts) {
    this.#ports = ports;
  }

  /** The riskiest first, after `after`. `approver`: only those that this one decides by now. */
  async riskiest(options: {
    readonly now: number;
    readonly limit: number;
    readonly after: RiskPlace | undefined;
    readonly filter: { readonly assistant?: string; readonly approver?: "customer" | "staff" };
  }): Promise<readonly RiskyApproval[]> {
    const { now, limit, after, filter } = options;
    const { approver, ...rest } = filter;
    const all = await Promise.all((await this.#all(now, rest)).map((one) => this.present(one)));
    return all
      .filter((one) => approver === undefined || decides(one.approver, approver))
      .map((one) => ({ one, place: riskPlace(one) }))
      .filter(({ place }) => after === undefined || byRisk(after, place) < 0)
      .toSorted((left, right) => byRisk(left.place, right.place))
      .slice(0, limit)
      .map(({ one }) => one);
  }

  /** An approval with who decides it by now. */
  async present(approval: WaitingApproval): Promise<RiskyApproval> {
    return withRisks(approval, await this.#ports.neededFor(approval));
  }

  async find(approvalId: string, now: number): Promise<RiskyApproval | undefined> {
    const found = await this.#ports.approvals.findWaiting(approvalId, now);
    return found === undefined ? undefined : this.present(found);
  }

  async #all(now: number, filter: { readonly assistant?: string }): Promise<readonly WaitingApproval[]> {
    const all: WaitingApproval[] = [];
    for (;;) {
      const after = all.at(-1);
      const read = await this.#ports.approvals.listWaiting({ now, limit: PAGE, filter, ...(after === undefined ? {} : { after }) });
      all.push(...read);
      if (read.length < PAGE || all.length >= MOST_WAITING) return all;
    }
  }
}

/** Whether this reader may decide it, as far as their role lets them decide anything. */
export function mayDecide({ approver, groups, people, given, argumentsHash }: RiskyApproval, reader: QueueReader): boolean {
  if (approver === "customer") return false;
  if (groups !== undefined && !groups.some((group) => reader.groups.includes(group))) return false;
  if (people === 1) return true;
  return reader.kind === "person" && !given.some((one) => one.by === reader.id && one.argumentsHash === argumentsHash);
}

function decides(approver: Approver, who: "customer" | "staff"): boolean {
  return approver === who || approver === "either";
}
