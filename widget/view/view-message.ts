/** What a message carries. */
export type Params = Readonly<Record<string, unknown>>;

/** JSON-RPC 2.0, as a view and its host speak it. */
export type ViewMessage =
  | { readonly kind: "request"; readonly id: string | number; readonly method: string; readonly params: Params }
  | { readonly kind: "notification"; readonly method: string; readonly params: Params }
  | { readonly kind: "response"; readonly id: unknown };

/** JSON-RPC's numbers for what is refused. */
export const NO_REQUEST = -32600;
export const NO_METHOD = -32601;
export const BAD_PARAMS = -32602;
export const REFUSED = -32000;

/** Goes back to the view as JSON-RPC's error. */
export class ViewFault extends Error {
  override readonly name = "ViewFault";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a view sent; nothing if it is no message. */
export function readMessage(data: unknown): ViewMessage | undefined {
  if (!isObject(data) || data["jsonrpc"] !== "2.0") return undefined;
  const { id, method } = data;
  const params = isObject(data["params"]) ? data["params"] : {};
  if (typeof method !== "string") return id === undefined ? undefined : { kind: "response", id };
  if (id === undefined) return { kind: "notification", method, params };
  return typeof id === "string" || typeof id === "number" ? { kind: "request", id, method, params } : undefined;
}

export function isObject(value: unknown): value is Params {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
