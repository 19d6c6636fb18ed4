import { marked } from 'marked'
import sanitize from 'sanitize-html'
import { Html } from './html.ts'

/** What GitHub leaves of the HTML in a comment: no scripts, no styles, no `data:` images. */
const ALLOWED = {
  allowedTags: [
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'br', 'hr', 'b', 'i', 'strong', 'em', 'del', 's', 'ins', 'sub', 'sup'],
    ...['a', 'img', 'picture', 'source', 'code', 'pre', 'tt', 'kbd', 'samp', 'var', 'blockquote', 'q', 'div', 'span'],
    ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'input', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td', 'caption'],
    ...['details', 'summary', 'ruby', 'rt', 'rp'],
  ],
  allowedAttributes: {
    a: ['href', 'name', 'title'],
    img: ['src', 'alt', 'title', 'width', 'height'],
    source: ['media', 'srcset'],
    input: ['type', 'checked', 'disabled'],
    code: ['class'],
    details: ['open'],
    ol: ['start'],
    th: ['align', 'colspan', 'rowspan'],
    td: ['align', 'colspan', 'rowspan'],
    '*': ['align'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
}

/** GitHub-flavoured markdown as GitHub shows it. Addresses of `repository` at github.com lead to this server. */
export function renderMarkdown(text: string | null, repository: string): Html {
  const shown = marked.parse(text ?? '', { async: false, gfm: true })
  const safe = sanitize(shown, ALLOWED)
  return new Html(
    `<div class="markdown">${safe.replaceAll(`href="https://github.com/${repository}/`, `href="/${repository}/`)}</div>`,
  )
}
