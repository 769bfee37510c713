import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CHANNEL_CLOSE } from '../../src/common/channel-close.ts'
import { serveBrowser } from '../../src/station/channel-server.ts'
import { scriptedDesk } from '../support/scripted-desk.ts'
import { peerOverTcp } from '../support/window-peer.ts'

describe('the channel for a browser', () => {
  let folder: string
  let server: Awaited<ReturnType<typeof serveBrowser>>
  let origin: string
  let channel: string
  let token: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shidao-browser-'))
    await mkdir(join(folder, 'ui'))
    await writeFile(join(folder, 'ui', 'index.html'), '<!doctype html>window')
    await writeFile(join(folder, 'secret.txt'), 'key')
    server = await serveBrowser({ desk: scriptedDesk(), uiFolder: join(folder, 'ui') })
    const url = new URL(server.url)
    origin = url.origin
    channel = `ws://${url.host}/channel`
    token = url.hash.replace('#token=', 'shidao.')
  })
  afterEach(async () => {
    await server.close()
    await rm(folder, { recursive: true })
  })

  /** Opens with the token and gives the cookie that came back. */
  async function open() {
    const peer = await peerOverTcp(channel, [token], { origin })
    return { peer, cookie: peer.upgrade.headers['set-cookie']?.[0] ?? 'none' }
  }

  it('prints an address of this machine with 256 bits that nobody guesses', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
  })

  it('opens once with the token and binds that browser by a cookie out of reach of scripts', async () => {
    const { peer, cookie } = await open()
    await peer.message((message) => message.type === 'snapshot')
    expect(cookie).toMatch(/^shidao_window=[\w-]{43}; Path=\/channel; HttpOnly; SameSite=Strict$/)
  })

  it('refuses the token the second time, to anyone without the cookie', async () => {
    await open()
    await expect(peerOverTcp(channel, [token], { origin })).rejects.toThrow('HTTP 401')
    const headers = { cookie: `shidao_window=${'A'.repeat(43)}` }
    await expect(peerOverTcp(channel, [token], { origin, headers })).rejects.toThrow('HTTP 401')
  })

  it('lets the bound browser come back, with the spent token or without', async () => {
    const { cookie } = await open()
    const headers = { cookie: `theme=dark; ${cookie.split(';')[0]}` }
    const again = await peerOverTcp(channel, [token], { origin, headers })
    await again.message((message) => message.type === 'snapshot')
    const reloaded = await peerOverTcp(channel, [], { origin, headers })
    await reloaded.message((message) => message.type === 'snapshot')
    expect(await again.closed).toBe(CHANNEL_CLOSE.replaced)
  })

  it('refuses a wrong token and no token', async () => {
    await expect(peerOverTcp(channel, [`${token}x`], { origin })).rejects.toThrow('HTTP 401')
    await expect(peerOverTcp(channel, [], { origin })).rejects.toThrow('HTTP 401')
    await open()
  })

  it('refuses a page of another origin, and one that names none, without spending the token', async () => {
    await expect(peerOverTcp(channel, [token], { origin: 'https://evil.example' })).rejects.toThrow(
      'HTTP 403',
    )
    await expect(peerOverTcp(channel, [token], { origin: 'null' })).rejects.toThrow('HTTP 403')
    await expect(peerOverTcp(channel, [token], {})).rejects.toThrow('HTTP 403')
    await open()
  })

  it('refuses a foreign name that was made to point here', async () => {
    const headers = { host: `evil.example:${new URL(origin).port}` }
    await expect(peerOverTcp(channel, [token], { origin, headers })).rejects.toThrow('HTTP 403')
    expect((await get('/', headers)).status).toBe(403)
  })

  it('serves the window with a policy that lets nothing foreign run', async () => {
    const page = await get('/')
    expect(page).toMatchObject({ status: 200, body: '<!doctype html>window' })
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain(`connect-src 'self' ws://${new URL(origin).host};`)
    expect(policy).not.toMatch(/unsafe|\*/)
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-type': 'text/html; charset=utf-8',
    })
  })

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '//../secret.txt',
    '/ui/../../secret.txt',
    '/%00',
    '/%',
    '/',
  ])('keeps the path %s inside the folder of the window', async (path) => {
    const answer = await get(path)
    expect(answer.body).not.toContain('key')
    expect(answer.status).toBe(path === '/' ? 200 : 404)
  })

  it('has nothing to post to', async () => {
    expect((await get('/', {}, 'POST')).status).toBe(405)
  })

  /** Raw on purpose: fetch would tidy the path and forbid the Host header. */
  function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
    return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>(
      (resolve, reject) => {
        const sent = request(origin, { path, headers, method, agent: false }, (response) => {
          response.setEncoding('utf8')
          let body = ''
          response.on('data', (part) => {
            body += part
          })
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          )
        })
        sent.on('error', reject)
        sent.end()
      },
    )
  }
})
