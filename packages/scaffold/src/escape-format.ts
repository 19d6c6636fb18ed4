/** What is not seen, and may turn the direction of writing or the lines: nobody could review a text with it. */
const FORMAT = /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu

/** Whether a text holds what is not seen. */
export function hasFormat(text: string): boolean {
  return text.search(FORMAT) >= 0
}

/** A text with what is not seen as escapes, which mean the same between double quotes in Python and in YAML. */
export function escapeFormat(text: string): string {
  return text.replace(FORMAT, (found) => {
    const hex = found.codePointAt(0)!.toString(16)
    return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`
  })
}
