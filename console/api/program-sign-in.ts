import { api, programs, SIGNED_OUT } from "./client.ts";
import { ApiProblem } from "./problem.ts";

/** A program asks to use a published server for whoever is signed in. */
export interface ProgramQuestion {
  readonly program: {
    readonly name: string;
    /** Absent: nobody stands for it. */
    readonly host?: string;
    /** A host, or the scheme of an app. */
    readonly answersTo: string;
    /** On this computer. */
    readonly isHere: boolean;
  };
  readonly server: { readonly id: string; readonly name: string };
  readonly scopes: readonly string[];
  readonly tools: readonly {
    readonly title: string;
    readonly description: string;
    readonly readOnly?: boolean;
    readonly asks: boolean;
  }[];
  /** Whether they may use the server at all. */
  readonly isAdmitted: boolean;
}

/** Throws `ApiProblem`; `link-over`: it was asked too long ago. */
export async function readQuestion(query: string): Promise<ProgramQuestion> {
  return ask("/question", { query });
}

/** Where the program waits for the answer. */
export async function answerQuestion(query: string, allow: boolean): Promise<string> {
  return (await ask<{ url: string }>("/answer", { query, allow })).url;
}

async function ask<Body>(path: string, body: object): Promise<Body> {
  try {
    return (await programs.post<Body>(path, body)).body;
  } catch (error) {
    if (error instanceof ApiProblem && error.code === "unauthenticated") api.dispatchEvent(new Event(SIGNED_OUT));
    throw error;
  }
}
