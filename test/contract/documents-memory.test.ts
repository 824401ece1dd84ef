import { createMemoryDocuments } from "../support/memory-documents.ts";
import { callListContract } from "./calls.ts";
import { documentsContract } from "./documents.ts";

documentsContract("The tests' memory", async () => {
  const logged: string[] = [];
  const documents = createMemoryDocuments({ error: (fields) => void logged.push(JSON.stringify(fields)) });
  return { documents, logged, cleanup: async () => undefined };
});
callListContract("The tests' memory", async () => {
  const documents = createMemoryDocuments();
  return { calls: documents, documents, cleanup: async () => undefined };
});
