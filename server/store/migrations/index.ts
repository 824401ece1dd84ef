import type { Migration } from "kysely/migration";
import { createJournal } from "./0001-journal.ts";
import { createDocuments } from "./0002-documents.ts";
import { createConversationList } from "./0003-conversation-list.ts";
import { nameTesters } from "./0004-names-of-testers.ts";
import { renameDecidedInputs } from "./0005-decided-inputs.ts";
import { listWaitingApprovals } from "./0006-waiting-approvals.ts";
import { createResultViews } from "./0007-result-views.ts";
import { indexAudit } from "./0008-audit-words.ts";
import { listDocuments } from "./0009-document-lists.ts";
import { markPreviews } from "./0010-previews.ts";
import { listByName } from "./0011-lists-by-name.ts";
import { addStanding } from "./0012-who-answers.ts";
import { createInbox } from "./0014-inbox.ts";
import { listByCustomer } from "./0015-customers.ts";
import { queueSearch } from "./0016-search-queue.ts";
import { addApprovers } from "./0017-several-approvers.ts";
import { createNotices } from "./0018-notices.ts";
import { countUsage } from "./0019-usage.ts";
import { addErasing } from "./0020-erasing.ts";
import { addVoiceCalls } from "./0021-voice-calls.ts";
import { logPublishedCalls } from "./0022-published-calls.ts";
import { logPublishedTests } from "./0024-published-tests.ts";

/**
 * Every step from an empty database to the present schema, in order of name. A step that was published is never edited:
 * add the next one.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-journal": { up: createJournal },
  "0002-documents": { up: createDocuments },
  "0003-conversation-list": { up: createConversationList },
  "0004-names-of-testers": { up: nameTesters },
  "0005-decided-inputs": { up: renameDecidedInputs },
  "0006-waiting-approvals": { up: listWaitingApprovals },
  "0007-result-views": { up: createResultViews },
  "0008-audit-words": { up: indexAudit },
  "0009-document-lists": { up: listDocuments },
  "0010-previews": { up: markPreviews },
  "0011-lists-by-name": { up: listByName },
  "0012-who-answers": { up: addStanding },
  "0014-inbox": { up: createInbox },
  "0015-customers": { up: listByCustomer },
  "0016-search-queue": { up: queueSearch },
  "0017-several-approvers": { up: addApprovers },
  "0018-notices": { up: createNotices },
  "0019-usage": { up: countUsage },
  "0020-erasing": { up: addErasing },
  "0021-voice-calls": { up: addVoiceCalls },
  "0022-published-calls": { up: logPublishedCalls },
  "0024-published-tests": { up: logPublishedTests },
};
