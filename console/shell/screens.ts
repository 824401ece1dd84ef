import { html } from "lit";
import type { Screen } from "../foundation/screen.ts";
import { TOOL_SCREENS } from "./tool-screens.ts";

/** Every screen behind the sign-in. The first path that fits is taken. */
export const SCREENS: readonly Screen[] = [
  {
    path: "/",
    load: async () => {
      await import("../screens/home/home-screen.ts");
      return () => html`<desk-home></desk-home>`;
    },
  },
  {
    path: "/inbox",
    action: "conversations.read",
    load: async () => {
      await import("../screens/inbox/inbox-screen.ts");
      return () => html`<desk-inbox></desk-inbox>`;
    },
  },
  {
    path: "/first-run",
    action: "assistants.write",
    load: async () => {
      await import("../screens/first-run/first-run-screen.ts");
      return () => html`<desk-first-run></desk-first-run>`;
    },
  },
  {
    path: "/account",
    load: async () => {
      await import("../screens/account/account-screen.ts");
      return () => html`<desk-account></desk-account>`;
    },
  },
  {
    path: "/inbox/:id",
    action: "conversations.read",
    load: async () => {
      await import("../screens/inbox/conversation/conversation-screen.ts");
      return ({ id }) => html`<desk-conversation .conversationId=${id ?? ""}></desk-conversation>`;
    },
  },
  {
    path: "/people",
    action: "people.read",
    load: async () => {
      await import("../screens/people/people-screen.ts");
      return () => html`<desk-people></desk-people>`;
    },
  },
  {
    path: "/people/groups",
    action: "groups.read",
    load: async () => {
      await import("../screens/people/people-screen.ts");
      return () => html`<desk-groups></desk-groups>`;
    },
  },
  {
    path: "/people/groups/:id",
    action: "groups.read",
    load: async () => {
      await import("../screens/people/group-screen.ts");
      return (params) => html`<desk-group groupId=${params["id"] ?? ""}></desk-group>`;
    },
  },
  {
    path: "/people/:id",
    action: "people.read",
    load: async () => {
      await import("../screens/people/person-screen.ts");
      return (params) => html`<desk-person personId=${params["id"] ?? ""}></desk-person>`;
    },
  },
  {
    path: "/api-keys",
    action: "keys.read",
    load: async () => {
      await import("../screens/api-keys/api-keys-screen.ts");
      return () => html`<desk-api-keys></desk-api-keys>`;
    },
  },
  {
    path: "/webhooks",
    action: "webhooks.read",
    load: async () => {
      await import("../screens/webhooks/webhooks-screen.ts");
      return () => html`<desk-webhooks></desk-webhooks>`;
    },
  },
  {
    path: "/webhooks/:id",
    action: "webhooks.read",
    load: async () => {
      await import("../screens/webhooks/webhook-screen.ts");
      return (params) => html`<desk-webhook webhookId=${params["id"] ?? ""}></desk-webhook>`;
    },
  },
  {
    path: "/published-servers",
    action: "published.read",
    load: async () => {
      await import("../screens/published/published-servers-screen.ts");
      return () => html`<desk-published-servers></desk-published-servers>`;
    },
  },
  ...["", "/:tab"].map((rest): Screen => ({
    path: `/published-servers/:id${rest}`,
    part: "published-server",
    action: "published.read",
    load: async () => {
      await import("../screens/published/published-server-screen.ts");
      return ({ id, tab }) => html`<desk-published-server serverId=${id ?? ""} tab=${tab ?? "tools"}></desk-published-server>`;
    },
  })),
  {
    path: "/activity",
    action: "activity.read",
    load: async () => {
      await import("../screens/activity/activity-screen.ts");
      return () => html`<desk-activity></desk-activity>`;
    },
  },
  {
    path: "/usage",
    action: "usage.read",
    load: async () => {
      await import("../screens/usage/usage-screen.ts");
      return () => html`<desk-usage></desk-usage>`;
    },
  },
  {
    path: "/audit-log",
    action: "audit.read",
    load: async () => {
      await import("../screens/audit-log/audit-log-screen.ts");
      return () => html`<desk-audit-log></desk-audit-log>`;
    },
  },
  ...["", "/:tab"].map((rest): Screen => ({
    path: `/approvals${rest}`,
    part: "approvals",
    action: "approvals.decide",
    load: async () => {
      await import("../screens/approvals/approvals-screen.ts");
      return ({ tab }) => html`<desk-approvals tab=${tab ?? "waiting"}></desk-approvals>`;
    },
  })),
  {
    path: "/customers/:id",
    action: "conversations.read",
    load: async () => {
      await import("../screens/customers/customer-screen.ts");
      return ({ id }) => html`<desk-customer customerId=${id ?? ""}></desk-customer>`;
    },
  },
  {
    path: "/erasures",
    action: "conversations.erase",
    load: async () => {
      await import("../screens/customers/erasures-screen.ts");
      return () => html`<desk-erasures></desk-erasures>`;
    },
  },
  {
    path: "/canned-replies",
    action: "conversations.read",
    load: async () => {
      await import("../screens/canned-replies/canned-replies-screen.ts");
      return () => html`<desk-canned-replies></desk-canned-replies>`;
    },
  },
  {
    path: "/canned-replies/:id",
    action: "conversations.read",
    load: async () => {
      await import("../screens/canned-replies/canned-reply-screen.ts");
      return ({ id }) => html`<desk-canned-reply replyId=${id ?? ""}></desk-canned-reply>`;
    },
  },
  {
    path: "/assistants",
    action: "assistants.read",
    load: async () => {
      await import("../screens/assistants/assistants-screen.ts");
      return () => html`<desk-assistants></desk-assistants>`;
    },
  },
  {
    // No key begins with a dash.
    path: "/assistants/-new",
    action: "assistants.write",
    load: async () => {
      await import("../screens/assistants/new-assistant.ts");
      return () => html`<desk-new-assistant></desk-new-assistant>`;
    },
  },
  ...["", "/:tab", "/:tab/:server"].map((rest): Screen => ({
    path: `/assistants/:key${rest}`,
    part: "assistant",
    action: "assistants.read",
    load: async () => {
      await import("../screens/assistants/editor/assistant-screen.ts");
      return ({ key, tab, server }) =>
        html`<desk-assistant assistantKey=${key ?? ""} tab=${tab ?? "setup"} server=${server ?? ""}></desk-assistant>`;
    },
  })),
  ...TOOL_SCREENS,
];
