import type { DocumentKind, DocumentStore, StoredDocument } from "./ports.ts";

const PAGE_DOCUMENTS = 500;

/**
 * All documents of a kind, or of a kind under one parent, page by page. Only for kinds that owners make by hand, which
 * are never very many.
 */
export async function everyDocument(
  documents: Pick<DocumentStore, "list">,
  kind: DocumentKind,
  options: { readonly parent?: string; readonly now: number },
): Promise<readonly StoredDocument[]> {
  const found: StoredDocument[] = [];
  for (;;) {
    const last = found.at(-1)?.id;
    const page = await documents.list(kind, { ...options, ...(last === undefined ? {} : { after: last }), limit: PAGE_DOCUMENTS });
    found.push(...page);
    if (page.length < PAGE_DOCUMENTS) return found;
  }
}
