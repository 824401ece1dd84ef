/** What a million tokens cost. Input that the provider had cached costs `cached`; absent: as much as other input. */
export interface ModelPrices {
  readonly input: number;
  readonly output: number;
  readonly cached?: number;
  /** Such as `USD`. */
  readonly currency: string;
}
