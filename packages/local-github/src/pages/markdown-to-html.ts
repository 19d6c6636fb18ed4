import { rehypeGithubAlerts } from 'rehype-github-alerts'
import rehypeRaw from 'rehype-raw'
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize'
import rehypeStringify from 'rehype-stringify'
import remarkGemoji from 'remark-gemoji'
import remarkGfm from 'remark-gfm'
import remarkGithub from 'remark-github'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { unified } from 'unified'

/** GitHub's own rules of what is left of HTML; and `data:` addresses, which its proxy of images does not load. */
const SCHEMA = {
  ...defaultSchema,
  protocols: { ...defaultSchema.protocols, srcSet: ['http', 'https'] },
  attributes: { ...defaultSchema.attributes, source: ['media', 'srcSet'] },
  tagNames: [...(defaultSchema.tagNames ?? []), 'picture', 'source'],
}

/** GitHub-flavoured markdown as GitHub shows it. Addresses of `repository` at github.com lead to this server. */
export function markdownToHtml(text: string, repository: string): string {
  const shown = unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkGemoji)
    .use(remarkGithub, { repository })
    // The sanitiser puts its own prefix before every id.
    .use(remarkRehype, { allowDangerousHtml: true, clobberPrefix: '' })
    .use(rehypeRaw)
    .use(rehypeSanitize, SCHEMA)
    // After the sanitising: what it adds is its own.
    .use(rehypeGithubAlerts, {})
    .use(rehypeStringify)
    .processSync(text)
  return (
    String(shown)
      .replaceAll(`href="https://github.com/${repository}/issues/`, `href="/${repository}/pull/`)
      .replaceAll(`href="https://github.com/${repository}/`, `href="/${repository}/`)
      // To the ids as the sanitiser has left them: footnotes, and what the text links to in itself.
      .replaceAll(/<a href="#(?!user-content-)/g, '<a href="#user-content-')
  )
}
