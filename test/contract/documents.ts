import { afterEach, beforeEach, describe } from "vitest";
import type { DocumentStore } from "../../server/documents/ports.ts";
import { documentsKeepAudit } from "./documents-audit.ts";
import { documentsKeepBodies } from "./documents-bodies.ts";
import { documentsAreFound } from "./documents-lists.ts";
import { documentsTellOfChanges } from "./documents-changes.ts";
import { documentsExpire } from "./documents-expiry.ts";

/** Documents for one test. `cleanup` leaves nothing behind. */
export interface OpenedDocuments {
  readonly documents: DocumentStore;
  /** What was logged as an error. */
  readonly logged: readonly string[];
  cleanup(): Promise<void>;
}

/** The law of the `DocumentStore` port. Every maker runs it in its own test file. */
export function documentsContract(name: string, open: () => Promise<OpenedDocuments>): void {
  describe(`${name}, as a DocumentStore`, () => {
    let opened: OpenedDocuments;
    const documents = (): DocumentStore => opened.documents;

    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.cleanup());

    documentsKeepBodies(documents);
    documentsExpire(documents);
    documentsAreFound(documents);
    documentsKeepAudit(documents);
    documentsTellOfChanges(documents, () => opened.logged);
  });
}
