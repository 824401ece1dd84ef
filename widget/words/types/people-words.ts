/** What is said about members of the team in a conversation. A conversation without them does not need it. */
export interface PeopleWords {
  /** `name` is absent where it is not known. */
  readonly joined: (name: string | undefined) => string;
  readonly left: (name: string | undefined) => string;
  readonly typing: (name: string | undefined) => string;
  readonly closed: string;
  readonly asked: string;
  /** Nobody is there at this hour, and the team has not said what to say then. */
  readonly nobodyThere: string;
  readonly email: string;
  readonly leaveEmail: string;
  readonly badEmail: string;
  readonly sending: string;
  readonly failed: string;
  readonly willWrite: (email: string) => string;
}
