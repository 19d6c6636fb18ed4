/** Where a problem stands: a file of the repository, lines and columns from 1. */
export interface Place {
  file: string
  line?: number
  column?: number
}

/** One thing that is wrong with what a person gave us, as a sentence that says how to mend it. */
export interface Problem {
  message: string
  place?: Place
}

/**
 * What the user can mend: the message is a full sentence that names the input, its value and the mend.
 * Anything else that is thrown is a bug of ours or of the machine and is shown with its stack.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError'
  readonly problems: Problem[]

  constructor(message: string | Problem | Problem[], options?: ErrorOptions) {
    const problems = Array.isArray(message) ? message : [typeof message === 'string' ? { message } : message]
    super(problems.map(sentence).join('\n'), options)
    this.problems = problems
  }
}

/** GitHub or a target refused, or could not be reached: the command ends with 4 rather than 2. */
export class RefusedError extends UserError {
  override readonly name = 'RefusedError'
}

function sentence({ message, place }: Problem): string {
  if (!place) return message
  const at = [place.file, place.line, place.column].filter((part) => part !== undefined).join(':')
  return `${at}  ${message}`
}
