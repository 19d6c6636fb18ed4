/** A name as SQL writes it. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Text as SQL writes it, for the few places that take no bound parameter. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
