/** One rule of GitHub that no schema tells, and how we know that this server keeps it. */
export interface Rule {
  /** `<family>/<words>`; the test that pins it begins with it in its name. */
  id: string
  /** What GitHub does, in one sentence. */
  rule: string
  /** Where it is documented or was seen: an address, or a thread. */
  source: string
  /** The test file, under `test/semantics/`. */
  test: string
  /** The change that takes the rule out of the server: `from` stands in the file (under `src/`) exactly once. */
  takeOut: { file: string; from: string; to: string }
}
