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
