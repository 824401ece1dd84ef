/** A member of the shop's club. */
export interface Member {
  readonly id: string;
  readonly name: string;
  points: number;
  readonly gifts: Redemption[];
}

export interface Redemption {
  readonly gift: string;
  readonly engraving: string;
  readonly wrapped: boolean;
}

/** What points can be redeemed for. */
export const gifts = [
  { id: "spoon-rest", title: "Spoon rest", points: 120 },
  { id: "egg-cup", title: "Egg cup", points: 180 },
  { id: "salt-cellar", title: "Salt cellar", points: 240 },
] as const;

/** Members as they are when the demo starts; kept in memory. */
export function newMembers(): ReadonlyMap<string, Member> {
  return new Map(
    [
      { id: "ada", name: "Ada Quill", points: 420, gifts: [] },
      { id: "ben", name: "Ben Marsh", points: 90, gifts: [] },
    ].map((member) => [member.id, member]),
  );
}
