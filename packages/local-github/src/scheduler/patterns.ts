/** One step through a pattern: the characters it takes, whether again and again, and how many steps may be left out. */
interface Step {
  takes: (char: string) => boolean
  again: boolean
  skips: readonly number[]
}

/** The last pattern that matches decides; `!` takes back. */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  let matched = false
  for (const pattern of patterns) {
    const negative = pattern.startsWith('!')
    if (matchesPattern(negative ? pattern.slice(1) : pattern, name)) matched = !negative
  }
  return matched
}

/**
 * GitHub's filter patterns: `*` within a path part, `**` across, `?` and `+` repeat what stands before, `[a-z]`.
 * Every way through the pattern is followed at once: no pattern, whoever wrote it, makes this slow.
 */
function matchesPattern(pattern: string, name: string): boolean {
  const steps = parsePattern(pattern)
  let places = reach(steps, [0])
  for (const char of name) {
    const taking = [...places].filter((place) => steps[place]?.takes(char))
    places = reach(
      steps,
      taking.flatMap((place) => (steps[place]!.again ? [place, place + 1] : [place + 1])),
    )
  }
  return places.has(steps.length)
}

/** The places that are reached without taking a character. */
function reach(steps: readonly Step[], from: readonly number[]): Set<number> {
  const places = new Set(from)
  for (const place of places) for (const skip of steps[place]?.skips ?? []) places.add(place + skip)
  return places
}

const ANY = () => true
const NONE = () => false
const NO_SLASH = (char: string) => char !== '/'

function parsePattern(pattern: string): Step[] {
  const steps: Step[] = []
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!
    const last = steps.at(-1)
    if (pattern.startsWith('**/', at)) {
      // Nothing at all, or anything that ends with a slash.
      steps.push({ takes: NONE, again: false, skips: [1, 3] })
      steps.push({ takes: ANY, again: true, skips: [1] }, one('/'))
      at += 2
    } else if (pattern.startsWith('**', at)) {
      steps.push({ takes: ANY, again: true, skips: [1] })
      at += 1
    } else if (char === '*') steps.push({ takes: NO_SLASH, again: true, skips: [1] })
    else if (char === '?' && last) last.skips = [1]
    else if (char === '+' && last) last.again = true
    else if (char === '\\') steps.push(one(pattern[++at] ?? '\\'))
    else if (char === '[' && pattern.indexOf(']', at) > at) {
      const end = pattern.indexOf(']', at)
      steps.push({ takes: among(pattern.slice(at + 1, end)), again: false, skips: [] })
      at = end
    } else steps.push(one(char))
  }
  return steps
}

function one(wanted: string): Step {
  return { takes: (char) => char === wanted, again: false, skips: [] }
}

/** The inside of `[…]`: characters, and ranges such as `a-z`. */
function among(inside: string): (char: string) => boolean {
  const ranges = [...inside.matchAll(/(.)-(.)|(.)/gsu)].map(([, from, to, single]) => [from ?? single!, to ?? single!])
  return (char) => ranges.some(([from, to]) => char >= from! && char <= to!)
}
