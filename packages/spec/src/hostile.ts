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
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Characters that nobody sees, in which two texts may differ or a third be hidden; joiners (U+200C, U+200D) are letters. */
const UNSEEN = /[\u00ad\u180e\u200b\u2060-\u2064\ufeff]|[\u{e0000}-\u{e007f}]/gu

/**
 * Text without what a terminal would obey, what turns the direction of writing and what nobody sees: no escape sequences,
 * control characters, half characters or hidden ones. Ends of lines stay. What is written down and what is shown is cleaned so, everywhere.
 */
export function clean(text: string): string {
  return text.replace(ANSI, '').toWellFormed().replace(CONTROL, '').replace(UNSEEN, '')
}
