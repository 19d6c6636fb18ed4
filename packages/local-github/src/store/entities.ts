/**
 * What the store remembers. Everything that git knows (commits, trees, branches, tags) is asked of git instead.
 * Rows do not change by themselves: `table.update` changes them, so that nothing is forgotten when the server starts
 * again.
 */
export type * from './entities/actions.ts'
export type * from './entities/attestations.ts'
export type * from './entities/branches.ts'
export type * from './entities/checks.ts'
export type * from './entities/commits.ts'
export type * from './entities/deployments.ts'
export type * from './entities/issues.ts'
export type * from './entities/people.ts'
export type * from './entities/releases.ts'
export type * from './entities/repositories.ts'
export type * from './entities/variables.ts'
