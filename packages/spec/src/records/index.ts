export * from './parts.ts'
export * from './predicates.ts'
export * from './read.ts'
export * from './statement.ts'
