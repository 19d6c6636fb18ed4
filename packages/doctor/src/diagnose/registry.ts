import type { Facts } from '../facts.ts'
import { type Diagnosis, orOk, seen } from '../finding.ts'

/** Whether tags and logs tell one story, to gto as well. */
export function diagnoseRegistry({ traps }: Facts): Diagnosis {
  return seen(traps, 'the tags of the models', (found) =>
    orOk(
      found.map(({ level, finding, mend, remedy }) => ({
        ...{ level, finding },
        mend: remedy ? `${mend} modelyard registry doctor --mend does it.` : mend,
      })),
      'There is no trap in the registry.',
    ),
  )
}
