import fc from 'fast-check'

const spice = [
  '<script>', '</details>', '<img src=x>', '@acme/all', '@torvalds', '|', '\n', '\r\n', '`', '```', '[a](http://x)', '![a](b)',
  '**', '__', '# ', '- ', '1. ', '> ', '\\', '\u001b[31m', '\u001b]8;;http://x\u0007', '::error::x', '##[error]', '\u202e',
  ']]>', '\ufffe', '\uffff', '&lt;', '&#60;', '$x$', 'https://evil.example', 'www.evil.example', '#123', 'GH-1', ':white_check_mark:', ':+1:', 'a5c3785ed8d6a35868bc169f07e40e889087fd2e', 'a5c3785', '\u200b', '\u{e0041}', '~~~', '<!--', '-->', '😀', '\ud800', '\0', 'a', ' ',
] // biome-ignore format: a list to be read
/** Text that tries to be markup, markdown, XML, a command, or no text at all. */
export const hostile = fc
  .array(fc.oneof(fc.constantFrom(...spice), fc.string({ maxLength: 4 })), { maxLength: 30 })
  .map((parts) => parts.join(''))
