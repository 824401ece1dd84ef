/** A request that the guard did not let out. Nothing was sent to the refused target. */
export class FetchRefusedError extends Error {
  override readonly name = "FetchRefusedError";
  readonly code = "FETCH_REFUSED";
}
