import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { sampleRecord } from './simulated-people.ts'
import { sampleProgram } from './simulated-social-security.ts'

const program = fileURLToPath(new URL('../../src/cli/shidao.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'shidao-simulate-'))
const running: ChildProcess[] = []

afterEach(async () => {
  for (const child of running.splice(0)) await stop(child, 'SIGKILL')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A card file in `card read`'s shape. */
const { holder, identificationCode, cardNumber, validFrom, validTo } = sampleProgram
const sscFile = {
  kind: 'ssc',
  ...holder,
  nameEn: null,
  validFrom,
  validTo,
  token: { identificationCode, cardNumber },
}

function start(...words: string[]): ChildProcess {
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  return child
}

async function shidao(...words: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(...words)
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

function fileOf(card: object): string {
  const file = join(folder, 'card.json')
  writeFileSync(file, JSON.stringify(card))
  return file
}

async function simulate(family: string, card: object, ...more: string[]) {
  const child = start('card', 'simulate', '--family', family, '--card', fileOf(card), ...more)
  if (child.stdout === null) throw new Error('no stdout')
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { port, child }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill(signal)
    await once(child, 'exit')
  }
  return child.exitCode
}

describe('card simulate and card read, a process each', () => {
  it.each([
    ['hid-dk', 'hid-dk'],
    ['hid-generic', 'hid-generic'],
    ['usb', 'usb-sam'],
  ])('speak the framing of %s', async (family, profile) => {
    const { port, child } = await simulate(family, { ...sampleRecord, faults: ['join'] })
    expect(port).toMatch(/^sim:/)
    const { code, stdout, stderr } = await shidao('card', 'read', '--port', port, '--json', '--reveal')
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      ...sampleRecord,
      simulated: true,
      reader: { profile, samId: '00.00-20240101-0000000001-0000000001' },
    })
    expect(await stop(child, 'SIGTERM')).toBe(0)
    expect(existsSync(port.slice('sim:'.length))).toBe(false)
  })

  it.each(['hid-dk-slot', 'hid-huada', 'hid-gwi'])('speak the framing of %s', async (family) => {
    const { port } = await simulate(family, sscFile)
    const { code, stdout, stderr } = await shidao('card', 'read', '--port', port, '--json', '--reveal')
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'ssc',
      name: holder.name,
      number: holder.number,
      validFrom,
      validTo,
      token: { identificationCode, cardNumber },
      simulated: true,
      reader: { profile: family, samId: null },
    })
  })

  it('meet at a socket of the technician’s choice, with a profile named', async () => {
    const socket = join(folder, 'reader')
    const { port } = await simulate('hid-gwi', { ...sscFile, generation: 3 }, '--socket', socket)
    expect(port).toBe(`sim:${socket}`)
    const { stdout } = await shidao('card', 'read', '--port', port, '--profile', 'hid-gwi', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'ssc', name: null, token: { cardNumber: 'A00*****1' } })
  })

  it.each([
    ['usb', sampleRecord],
    ['hid-gwi', sscFile],
    ['hid-gwi', { ...sscFile, generation: 3 }],
  ])('pass a card on: what was read of %s is a card file for the next', async (family, card) => {
    const read = async (from: object) => {
      const { port, child } = await simulate(family, from)
      const { code, stdout } = await shidao('card', 'read', '--port', port, '--json', '--reveal')
      expect(code).toBe(0)
      await stop(child, 'SIGTERM')
      const { ms: _, ...document } = JSON.parse(stdout)
      return document
    }
    const document = await read(card)
    expect(await read({ ...document, ms: 1 })).toEqual(document)
  })

  it('end both when the script unplugs a serial reader, which does not come back', async () => {
    const { port, child } = await simulate('serial', { ...sampleRecord, faults: ['unplug'] })
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
    const [lost, [code]] = await Promise.all([
      shidao('card', 'read', '--port', port, '--json'),
      once(child, 'close') as Promise<[number | null]>,
    ])
    expect([lost.code, lost.stdout, code]).toEqual([1, '', 1])
    expect(said).toMatch(/^PORT_LOST [^\n]+\n$/)
  })

  it('meet again where a simulator was killed and left its socket behind', async () => {
    const socket = join(folder, 'killed')
    const { child } = await simulate('usb', sampleRecord, '--socket', socket)
    await stop(child, 'SIGKILL')
    expect(existsSync(socket)).toBe(true)
    const { port } = await simulate('usb', sampleRecord, '--socket', socket)
    expect((await shidao('card', 'read', '--port', port)).code).toBe(0)
  })

  it('end in one coded line when the reader is pulled out in the middle, and go on when it is back', async () => {
    const { port } = await simulate('hid-dk', { ...sampleRecord, faults: [{ kind: 'unplug', times: 1 }] })
    const lost = await shidao('card', 'read', '--port', port, '--json')
    expect([lost.code, lost.stdout]).toEqual([1, ''])
    expect(lost.stderr).toMatch(/^PORT_LOST [^\n]+\n$/)
    let again = await shidao('card', 'read', '--port', port, '--json')
    while (again.stderr.startsWith('PORT_NOT_FOUND'))
      again = await shidao('card', 'read', '--port', port, '--json')
    expect(again.code).toBe(0)
  })
})

it.each([
  ['a family that there is not', ['--family', 'firewire'], sampleRecord, 2, 'USAGE_FAMILY'],
  ['a socket for a serial line', ['--family', 'serial', '--socket', 'x'], sampleRecord, 2, 'USAGE_PORT'],
  ['a PTY for a HID reader', ['--family', 'hid-dk', '--pty'], sampleRecord, 2, 'USAGE_PORT'],
  ['a vpcd port for a USB reader', ['--family', 'usb', '--vpcd-port', '1'], sampleRecord, 2, 'USAGE_PORT'],
  ['an ID card in a slot', ['--family', 'hid-gwi'], sampleRecord, 1, 'CARD_FILE'],
  ['a social security card on a SAM', ['--family', 'hid-dk'], sscFile, 1, 'CARD_FILE'],
  ['a social security card on a PTY', ['--pty'], sscFile, 1, 'CARD_FILE'],
  ['an unknown fault', ['--family', 'usb'], { ...sampleRecord, faults: ['fire'] }, 1, 'CARD_FILE'],
  [
    'a fault that a slot has not',
    ['--family', 'hid-gwi'],
    { ...sscFile, faults: ['not-authorised'] },
    1,
    'CARD_FILE',
  ],
  ['a generation that there is not', ['--family', 'hid-gwi'], { ...sscFile, generation: 4 }, 1, 'CARD_FILE'],
  [
    'an identification code of a real area',
    ['--family', 'hid-gwi'],
    { ...sscFile, token: { ...sscFile.token, identificationCode: '110000D1560000050000000000000001' } },
    1,
    'CARD_FILE',
  ],
  ['a field that there is not', ['--family', 'usb'], { ...sampleRecord, fauls: ['noise'] }, 1, 'CARD_FILE'],
  ['a field that there is not', ['--family', 'hid-gwi'], { ...sscFile, fauls: [] }, 1, 'CARD_FILE'],
  ['half a holder', ['--family', 'hid-gwi'], { ...sscFile, name: null }, 1, 'CARD_FILE'],
  ['no vpcd', ['--family', 'pcsc', '--vpcd-port', '1'], sscFile, 1, 'PORT_NOT_FOUND'],
] as const)('card simulate ends with one coded line on %s', async (_, words, card, code, fault) => {
  const ended = await shidao('card', 'simulate', ...words, '--card', fileOf(card))
  expect(ended).toMatchObject({ code, stdout: '' })
  expect(ended.stderr).toMatch(new RegExp(`^${fault} [^\\n]+\\n$`))
})

it('says which faults there are where a file names another', async () => {
  const file = fileOf({ ...sampleRecord, faults: ['delay', 'fire'] })
  const { stderr } = await shidao('card', 'simulate', '--pty', '--card', file)
  expect(stderr).toMatch(/^CARD_FILE faults\.1.*: there is no such fault; there are: delay, split, /)
})

it.each([
  ['hid-dk', sampleRecord],
  ['hid-generic', sampleRecord],
  ['usb', sampleRecord],
  ['hid-dk-slot', sscFile],
  ['hid-huada', sscFile],
  ['hid-gwi', sscFile],
])('a simulated %s reader ends where no socket can be made', async (family, card) => {
  const plain = join(folder, 'plain')
  writeFileSync(plain, '')
  for (const socket of [plain, join(folder, 'nowhere', 'reader')]) {
    const words = ['--family', family, '--card', fileOf(card), '--socket', socket]
    const { code, stderr } = await shidao('card', 'simulate', ...words)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^PORT_OPEN [^\n]+\n$/)
  }
})
