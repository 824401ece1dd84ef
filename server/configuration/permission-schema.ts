/** What an assistant may do with a tool, as people write it. */
import * as z from "zod";
import { approverSchema, permissionSchema } from "../../protocol/events.ts";
import { COMPARISONS } from "../conversation/ports/argument-condition.ts";

const MOST_CONDITIONS = 20;
const MOST_GROUPS = 50;
const MOST_PEOPLE = 5;

/** The same everywhere: as one permission, and for what one condition asks. */
const people = z.int().min(1).max(MOST_PEOPLE);

const conditionSchema = z
  .strictObject({
    argument: z
      .string()
      .min(1)
      .max(200)
      .regex(/^(?!\/$)/, 'expected the name of an argument, or a JSON pointer such as "/order/amount"')
      .describe('The name of an argument, or a JSON pointer to a part of one, such as "/order/amount".'),
    is: z.enum(COMPARISONS).describe("How the argument compares to the value."),
    value: z.union([z.number(), z.string().max(200), z.boolean()]).describe("Of the type that the argument has. Only numbers are ordered."),
    approver: approverSchema.default("staff").describe("Who may decide then."),
    people: people.default(1).describe("How many members of the staff have to approve then."),
  })
  .superRefine(({ is, value, approver, people: count }, context) => {
    if (is !== "=" && is !== "!=" && typeof value !== "number")
      context.addIssue({ code: "custom", path: ["value"], message: `expected a number, which ${is} compares with` });
    if (count > 1 && approver !== "staff")
      context.addIssue({ code: "custom", path: ["people"], message: "expected 1, because only staff can be several people" });
  });

export const permissionFields = {
  permission: permissionSchema.describe("What the assistant may do with this tool."),
  approver: approverSchema.default("customer").describe("Who may decide when the tool needs approval."),
  rememberable: z.boolean().default(false).describe('Whether "Approve for this conversation" is offered.'),
  safeToRepeat: z.boolean().default(false).describe("Whether a call that ended as unknown may simply be repeated."),
  approverGroups: z
    .array(z.string().min(1).max(200))
    .max(MOST_GROUPS)
    .exactOptional()
    .describe("Ids of groups: only their members decide for the staff. Empty: everybody who may decide approvals."),
  people: people.exactOptional().describe("How many members of the staff have to approve, where the staff alone decides. By default one."),
  expires: z
    .enum(["reject", "ask-staff"])
    .exactOptional()
    .describe("What happens when the customer's time is over: the call is refused, or the staff is asked. By default it is refused."),
  when: z
    .array(conditionSchema)
    .max(MOST_CONDITIONS)
    .exactOptional()
    .describe(
      "Arguments for which a call asks, or asks somebody else: of all conditions that hold, the strictest counts. An argument that is missing or of another type counts as over the limit.",
    ),
  spoken: z
    .enum(["auto", "phrase", "button"])
    .exactOptional()
    .describe(
      "How a customer who calls may approve: by saying the confirming phrase, or with the button alone. By default auto: the button for what may destroy something or spends, else the phrase.",
    ),
} as const;

export const toolPermissionSchema = z
  .union([permissionSchema, z.strictObject(permissionFields)])
  .describe("always_allow, needs_approval or disabled; or an object that says more. A tool that is not named needs approval.");

/** As it is shown: whole, with its defaults. */
export const permissionViewSchema = z.object({
  permission: permissionSchema,
  approver: approverSchema,
  rememberable: z.boolean(),
  safeToRepeat: z.boolean(),
  approverGroups: permissionFields.approverGroups,
  people: permissionFields.people,
  expires: permissionFields.expires,
  when: z
    .array(
      z.object({
        argument: z.string(),
        is: z.enum(COMPARISONS),
        value: z.union([z.number(), z.string(), z.boolean()]),
        approver: approverSchema,
        people,
      }),
    )
    .exactOptional(),
  spoken: permissionFields.spoken,
});
