/**
 * Text from the repository on one line, character for character, without what a terminal would obey, and without what
 * is not seen: what turns the direction of writing makes a name look like another.
 */
export function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}
