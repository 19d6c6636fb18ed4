import type { Rule } from './rule.ts'

export const RELEASES: readonly Rule[] = [
  {
    id: 'releases/asset-name-once',
    rule: 'A second asset of the same name in one release is refused with 422 «already_exists».',
    source: 'https://docs.github.com/en/rest/releases/assets#upload-a-release-asset',
    test: 'releases.test.ts',
    takeOut: {
      file: 'routes/releases/assets.ts',
      from: '    const isTaken = () => assets.find((row) => row.release === release.id && row.name === name) !== undefined',
      to: '    const isTaken = () => false',
    },
  },
]
