/**
 * The variables that a user's command may see: not the inputs of the calling action (one of them is a token), the tokens
 * that GitHub gives to actions alone, nor the files by which a step commands the runner. Pure.
 */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ([name]: [string, unknown]) =>
    !/^(?:INPUT_|STATE_|ACTIONS_|GITHUB_(?:OUTPUT|ENV|PATH|STATE)$)/i.test(name)
  return Object.fromEntries(Object.entries(env).filter(kept))
}

/**
 * Text that gives GitHub's runner no command, with nothing taken from it: a zero-width space goes into every `##[`,
 * which the runner looks for anywhere in a line, and every `::` at the beginning of one.
 */
export function disarm(text: string): string {
  return text.replaceAll('##[', '##\u200b[').replace(/^([\s\u0085]*)::/gm, '$1\u200b::')
}

/** Escape sequences of terminals: CSI, OSC with its end, and the two-character ones. */
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g

/** Characters that steer a terminal or the direction of writing. */
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/**
 * Text without what a terminal would obey and what turns the direction of writing: no escape sequences, control
 * characters or half characters. Ends of lines stay. What is written down and what is shown is cleaned so, everywhere.
 */
export function clean(text: string): string {
  return text.replace(ANSI, '').toWellFormed().replace(CONTROL, '')
}
