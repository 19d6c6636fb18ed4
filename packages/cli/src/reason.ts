import { UserError } from '@modelyard/spec'

/** Why an event is made; throws a `UserError` where nobody says. */
export function needReason({ reason = '' }: Record<string, string>): string {
  if (reason.trim() !== '') return reason
  throw new UserError('The option --reason is empty: say in a sentence why, for the history.')
}
