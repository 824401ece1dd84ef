/** Bytes that stand in JSON as text. */
export interface JsonBytes {
  readonly mimeType: string | undefined;
  readonly bytes: number;
  /** For an image that browsers draw. */
  readonly picture: string | undefined;
}

/** A shorter text is read as text: one of which nobody says what it is, and one of which it is said. */
const LEAST_CHARACTERS = 400;
const LEAST_NAMED = 32;
const LARGEST_PICTURE = 4 * 1024 * 1024;
const PICTURES = /^image\/(?:png|jpeg|gif|webp)$/;
const DATA_ADDRESS = /^data:([\w.+-]+\/[\w.+-]+);base64,/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Whether a text is base64: by its own beginning, or by its letters; `beside` is what it stands in. */
export function bytesIn(text: string, beside: object): JsonBytes | undefined {
  const [head = "", named] = DATA_ADDRESS.exec(text) ?? [];
  const mimeType = named ?? mimeTypeOf(beside);
  if (text.length < (mimeType === undefined ? LEAST_CHARACTERS : LEAST_NAMED)) return undefined;
  const body = text.slice(head.length);
  if (body.length % 4 !== 0 || !BASE64.test(body)) return undefined;
  // Hexadecimal digits and long words have the same letters.
  if (mimeType === undefined && (/^[0-9a-f]+$/i.test(body) || !/[+/=]/.test(body))) return undefined;
  const bytes = (body.length / 4) * 3 - (/=+$/.exec(body)?.[0].length ?? 0);
  const isPicture = mimeType !== undefined && PICTURES.test(mimeType) && bytes <= LARGEST_PICTURE;
  return { mimeType, bytes, picture: isPicture ? `data:${mimeType};base64,${body}` : undefined };
}

function mimeTypeOf(beside: object): string | undefined {
  const { mimeType } = beside as { readonly mimeType?: unknown };
  return typeof mimeType === "string" && !mimeType.startsWith("text/") ? mimeType : undefined;
}
