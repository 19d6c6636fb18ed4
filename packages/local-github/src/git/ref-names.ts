// What no part of a name may hold: control characters, what ends a revision, globs, a backslash.
const FORBIDDEN = /[\0-\x20\x7f~^:?*[\\]|\.\.|@\{/

/** Whether git takes a full name of a ref (`refs/heads/x`): the rules of `git check-ref-format`. */
export function isRefName(ref: string): boolean {
  const parts = ref.split('/')
  return (
    parts.length > 1 &&
    parts.every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock')) &&
    !ref.endsWith('.') &&
    !ref.startsWith('-') &&
    !FORBIDDEN.test(ref)
  )
}
