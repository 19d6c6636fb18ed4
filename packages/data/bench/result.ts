import type { Took } from './program.ts'

/** What we and a peer took for the same work. */
export interface Result {
  work: string
  /** The peer, with its version. */
  against: string
  /** Seconds from start to end, of processes of their own. */
  ours: number
  peer: number
  /** How many times as long the peer took. */
  ratio: number
  /** Processor time on all cores together: what else runs on the machine hardly changes it. */
  ours_cpu: number
  peer_cpu: number
  /** The most memory that our process had, and the peer's, in MB. */
  peak_mb: number
  peer_mb: number
  goal: string
  met: boolean
}

export function compared(work: string, ours: Took, peer: Took, { goal, met }: Pick<Result, 'goal' | 'met'>): Result {
  return {
    work,
    against: peer.program,
    ours: rounded(ours.seconds),
    peer: rounded(peer.seconds),
    ratio: rounded(peer.seconds / ours.seconds),
    ours_cpu: rounded(ours.cpu_seconds),
    peer_cpu: rounded(peer.cpu_seconds),
    peak_mb: Math.round(ours.peak_mb),
    peer_mb: Math.round(peer.peak_mb),
    goal,
    met,
  }
}

export function count(n: number): string {
  return n.toLocaleString('en-US')
}

function rounded(x: number): number {
  return Number(x.toPrecision(3))
}
