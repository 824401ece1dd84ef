import { expect, test } from "vitest";
import { type Connector, permissionOf } from "../../../server/conversation/ports/assistant.ts";
import { alwaysAllow } from "../../support/desk-assistant.ts";

function permission(tool: string, permissions?: Connector["permissions"]): string {
  return permissionOf({ connectors: permissions === undefined ? [] : [{ server: "page", permissions }] }, "page", tool).permission;
}

test("a page's tool asks without anybody's word, and is allowed by its own name alone", () => {
  expect(permission("search")).toBe("needs_approval");
  expect(permission("search", {})).toBe("needs_approval");
  expect(permission("search", { "*": alwaysAllow })).toBe("needs_approval");
  expect(permission("search", { search: alwaysAllow })).toBe("always_allow");
  expect(permission("other", { search: alwaysAllow })).toBe("needs_approval");
});

test("the owner may refuse all, and say who approves", () => {
  expect(permission("search", { "*": { ...alwaysAllow, permission: "disabled" } })).toBe("disabled");
  const connectors = [{ server: "page", permissions: { "*": { ...alwaysAllow, approver: "staff" } } }] as const;
  expect(permissionOf({ connectors }, "page", "search")).toMatchObject({ permission: "needs_approval", approver: "staff" });
  expect(permissionOf({ connectors: [] }, "orders", "search").permission).toBe("disabled");
});
