import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { ApiError } from './errors.ts'

const MB = 1024 * 1024
/** A file of 100 MB as base64, and what is around it. */
const MAX_FILE = 140 * MB
const FILES = /^\/api\/v3\/repos\/[^/]+\/[^/]+\/(?:git\/(?:blobs|trees)|contents)\b/
const MAX_JSON = 10 * MB

const limited = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new ApiError(413, 'Request Entity Too Large')
    },
  })
const limitFile = limited(MAX_FILE)
const limitJson = limited(MAX_JSON)

/**
 * Refuses with 413 what is read into memory whole and is too large for that. GitHub says nowhere where it does, except
 * that a file has at most 100 MB. Uploads are not meant: they are streamed.
 */
export const limitBody: MiddlewareHandler = (c, next) => {
  if (c.req.path.startsWith('/api/uploads/')) return next()
  return (FILES.test(c.req.path) ? limitFile : limitJson)(c, next)
}

/** For forms and the services' messages, of which a list of 50,000 blocks is the largest. */
export const limitForm = bodyLimit({ maxSize: MAX_JSON })
