/** What the analyser exports without saying so: its own declarations cover only its configuration. */
declare module "@custom-elements-manifest/analyzer" {
  interface SourceFile {
    readonly fileName: string;
  }
  export interface Feature {
    readonly name: string;
  }
  export function create(input: { modules: readonly SourceFile[]; plugins?: readonly Feature[] }): unknown;
  export const ts: {
    readonly ScriptTarget: { readonly ES2022: number };
    createSourceFile(fileName: string, text: string, target: number, setParentNodes: boolean): SourceFile;
  };
}

declare module "@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js" {
  import type { Feature } from "@custom-elements-manifest/analyzer";
  export function litPlugin(): readonly Feature[];
}
