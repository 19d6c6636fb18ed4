/** What a terminal would obey, and what is not seen: what turns the direction of writing makes a name look like another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Text from the repository on one line, character for character, with a question mark for each that is not seen. */
export function plain(text: string): string {
  return text.replace(UNSEEN, '?')
}

/** JSON of the same value, in which what is not seen is escaped; the ends of its lines stay. */
export function plainJson(json: string): string {
  return json.replace(UNSEEN, (found) => (found === '\n' ? found : escaped(found)))
}

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}
