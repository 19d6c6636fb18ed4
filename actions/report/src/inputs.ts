import { type Inputs as InputsOf, secret } from '@modelyard/action-kit'

export const inputs = { token: secret }
export type Inputs = InputsOf<typeof inputs>

export const outputs = ['verdict', 'reports', 'junit', 'json'] as const
export type Output = (typeof outputs)[number]
