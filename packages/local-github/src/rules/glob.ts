/**
 * Whether a path fits a pattern as Ruby's `File.fnmatch` with `FNM_PATHNAME` sees it, which is how GitHub reads the
 * patterns of rulesets: `*` and `?` stay within a part of the path, `**` is any number of parts, `[a-z]` one of several
 * characters, `\` takes the next one as it is. No pattern takes longer than the product of both lengths.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  return matchParts(pattern.split('/'), path.split('/'))
}

function matchParts(patterns: readonly string[], parts: readonly string[]): boolean {
  // Row by row: whether the patterns from here on fit the parts from there on.
  let fits = parts.map(() => false).concat(true)
  for (const [at, pattern] of [...patterns.entries()].reverse()) {
    const next = fits
    fits = next.map(() => false)
    for (let from = parts.length; from >= 0; from--) {
      if (pattern === '**' && at < patterns.length - 1)
        fits[from] = next[from]! || (from < parts.length && fits[from + 1]!)
      else fits[from] = from < parts.length && next[from + 1]! && matchPart(pattern, parts[from]!)
    }
    // A `**` at the end is what is left, of which there must be something.
    if (pattern === '**' && at === patterns.length - 1) fits = fits.map((_, from) => from < parts.length)
  }
  return fits[0]!
}

/** One part against one part, the last `*` widened whenever what follows does not fit. */
function matchPart(pattern: string, text: string): boolean {
  const tokens = tokenize(pattern)
  let [token, char, star, mark] = [0, 0, -1, 0]
  while (char < text.length) {
    if (tokens[token] === '*') [star, mark] = [token++, char]
    else if (fitsToken(tokens[token], text[char]!)) [token, char] = [token + 1, char + 1]
    else if (star >= 0) [token, char] = [star + 1, ++mark]
    else return false
  }
  while (tokens[token] === '*') token++
  return token === tokens.length
}

/** What fits one character: a function; `*` fits any number. */
type Token = '*' | ((char: string) => boolean)

const fitsToken = (token: Token | undefined, char: string) => typeof token === 'function' && token(char)

function tokenize(pattern: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    const end = char === '[' ? pattern.indexOf(']', at + 2) : -1
    if (char === '*') tokens.push('*')
    else if (char === '?') tokens.push(() => true)
    else if (end > 0) {
      tokens.push(oneOf(pattern.slice(at + 1, end)))
      at = end
    } else {
      const plain = char === '\\' && at + 1 < pattern.length ? pattern[++at]! : char
      tokens.push((other) => other === plain)
    }
  }
  return tokens
}

function oneOf(set: string): (char: string) => boolean {
  const negated = /^[!^]/.test(set)
  const members = negated ? set.slice(1) : set
  return (char) => {
    let found = false
    for (let at = 0; at < members.length; at++) {
      if (members[at + 1] === '-' && at + 2 < members.length) {
        found ||= members[at]! <= char && char <= members[at + 2]!
        at += 2
      } else found ||= members[at] === char
    }
    return found !== negated
  }
}
