import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { RefusedError } from '@modelyard/spec'

/** How the network is reached: `fetch`, and the addresses of a host. */
export interface Network {
  fetch: typeof fetch
  addressesOf(host: string): Promise<string[]>
}

export const NETWORK: Network = {
  fetch: (...request) => fetch(...request),
  addressesOf: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
}

const REDIRECTS = [301, 302, 303, 307, 308]
const MOST_HOPS = 5

/**
 * Sends a GET and follows where it is sent on to, as far as that is https and no private address: a server out there is
 * not to read, by this machine, what only this machine may. One that is private itself may send on to others. Throws a
 * `RefusedError` otherwise.
 */
export async function follow(first: URL, headers: Record<string, string>, network: Network): Promise<Response> {
  const refuse = (why: string) =>
    new RefusedError(`https://${first.host}${first.pathname} ${why}, so it is not fetched.`)
  let url = first
  for (let hops = 0; ; hops++) {
    const response = await network.fetch(url.href, { headers, redirect: 'manual' })
    const location = response.headers.get('location')
    if (!REDIRECTS.includes(response.status) || location === null) return response
    await response.body?.cancel()
    if (hops === MOST_HOPS) throw refuse(`sends on more than ${MOST_HOPS} times`)
    if (!URL.canParse(location, url.href)) throw refuse('sends on to what is no address')
    url = new URL(location, url)
    if (url.protocol !== 'https:') throw refuse(`sends on to ${url.protocol}//${url.host}, which is not https`)
    if ((await isPrivate(url, network)) && !(await isPrivate(first, network)))
      throw refuse(`sends on to ${url.host}, an address of a private network`)
  }
}

const PRIVATE = new BlockList()
const SUBNETS = {
  ipv4: [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
    ...['192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/3'],
  ],
  ipv6: ['::/127', '64:ff9b:1::/48', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
} as const
for (const family of ['ipv4', 'ipv6'] as const)
  for (const subnet of SUBNETS[family]) {
    const [address, prefix] = subnet.split('/')
    PRIVATE.addSubnet(address!, Number(prefix), family)
  }

/** Whether a host has an address that only its own network reaches. One without any is left to `fetch` to complain of. */
async function isPrivate({ hostname }: URL, { addressesOf }: Network): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host) ? [host] : await addressesOf(host).catch(() => [])
  return addresses.some((address) => PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'))
}
