export * from './command.ts'
export * from './identity.ts'
export * from './train.ts'
