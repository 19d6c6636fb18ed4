/** One promise, broken by one small change. */
export interface Mutation {
  /** The promise of the architecture guide, in a few words. */
  promise: string
  /** What the change does. */
  change: string
  file: string
  /** Text that stands in the file exactly once, and what is put in its place. */
  from: string
  to: string
  /** A package's folder, and the test files in it that must fall. */
  tests: [folder: string, ...files: string[]]
}

export const MUTATIONS: Mutation[] = []
