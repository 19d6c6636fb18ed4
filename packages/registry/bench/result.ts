/** What a bench found: seconds, unless the work says otherwise. */
export interface Result {
  work: string
  ours: number
  peer: number
  ratio: number
  /** The most memory that our process had, in MB. */
  peak_mb: number
  /** Whether the goal was met. */
  met: boolean
}
