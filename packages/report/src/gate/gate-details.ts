import type { Block } from '../document/document.ts'
import { behaviourDetails } from './behaviour.ts'
import { calibrationDetails, rocDetails } from './curves.ts'
import { fairnessDetails } from './fairness.ts'
import { changedDetails, weakDetails } from './gathered.ts'
import type { Gate } from './metrics.ts'
import { sliceDetails } from './slice-table.ts'

/** What stands behind the table, folded away: what decides comes first, what only advises last. */
export function gateDetails(gate: Gate, { listChanged }: { listChanged?: string | undefined }): Block[] {
  return [
    ...sliceDetails(gate),
    ...fairnessDetails(gate),
    ...behaviourDetails(gate),
    ...changedDetails(gate, listChanged),
    ...weakDetails(gate),
    ...calibrationDetails(gate),
    ...rocDetails(gate),
  ]
}
