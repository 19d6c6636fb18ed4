import { type Inputs as InputsOf, needed, optional, secret } from '@modelyard/action-kit'

export const inputs = { name: optional, version: optional, path: needed, repository: optional, token: secret }
export type Inputs = InputsOf<typeof inputs>

export const outputs = ['event', 'path', 'name', 'version', 'stage', 'type', 'description', 'sha256'] as const
export type Output = (typeof outputs)[number]
