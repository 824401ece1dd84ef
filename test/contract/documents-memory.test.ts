import { createMemoryDocuments } from "../support/memory-documents.ts";
import { documentsContract } from "./documents.ts";

documentsContract("The tests' memory", async () => ({ documents: createMemoryDocuments(), cleanup: async () => undefined }));
