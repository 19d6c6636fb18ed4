import { join } from 'node:path'
import { ROOT } from '@modelyard/tooling'

/** Where the demo leaves all that it makes. */
export const FOLDER = join(ROOT, '.demo')

/** The example that it plays. */
export const EXAMPLE = join(ROOT, 'docs/examples/flight-delay')

/** The changes that colleagues propose in its pull requests. */
export const CHANGES = join(ROOT, 'packages/demo/changes')

/** Where the log of every job goes. */
export const LOGS = join(FOLDER, 'logs')

export { ROOT }
