import type { ServerResponse } from 'node:http'

/** Lets something else happen where an answer would have been sent. */
export function replaceAnswer(response: ServerResponse, instead: () => void): void {
  const { writeHead, write, end } = response
  response.writeHead = () => response
  response.write = () => true
  response.end = () => {
    Object.assign(response, { writeHead, write, end })
    instead()
    return response
  }
}

/** The connection breaks in place of the answer. */
export function dropAnswer(response: ServerResponse): void {
  replaceAnswer(response, () => void response.socket?.destroy())
}

/** The connection breaks after so many bytes of the answer's body. */
export function truncateAnswer(response: ServerResponse, bytes: number): void {
  const write = response.write.bind(response) as (chunk: Buffer, sent: () => void) => boolean
  let left = bytes
  const send = (chunk: unknown) => {
    const piece = Buffer.from(chunk as string).subarray(0, left)
    left -= piece.length
    return write(piece, () => {
      if (left === 0) response.socket?.destroy()
    })
  }
  response.write = (chunk: unknown) => left > 0 && send(chunk)
  response.end = (chunk?: unknown) => {
    if (typeof chunk === 'string' || Buffer.isBuffer(chunk)) send(chunk)
    // What is shorter than that ends in the middle as well.
    else response.socket?.destroy()
    return response
  }
}
