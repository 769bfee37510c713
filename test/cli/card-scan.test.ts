import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { type ScannerSimulator, startScannerSimulator } from '../../src/cards/simulator/scanner-simulator.ts'
import { describeIf } from '../support/requires.ts'

const program = fileURLToPath(new URL('../../src/cli/shidao.js', import.meta.url))
const CODE = 'shidao:person:secret-of-somebody'

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function shidao(...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...words], (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    })
  })
}

describeIf(process.platform === 'win32' ? 'no pseudo-terminals' : null, 'card scan', () => {
  let simulator: ScannerSimulator
  let holding: NodeJS.Timeout

  /** A code held before the scanner all the time, whenever the command gets to listen. */
  function hold(code: string | Uint8Array): void {
    simulator = startScannerSimulator()
    holding = setInterval(() => simulator.scan(code), 100)
  }

  afterEach(async () => {
    clearInterval(holding)
    await simulator.stop()
  })

  it('says how long a code is and not what it says', async () => {
    hold(CODE)
    const { code, stdout, stderr } = await shidao('card', 'scan', '--port', simulator.path, '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({
      text: null,
      characters: CODE.length,
      simulated: true,
      reader: { profile: 'scanner-serial', port: simulator.path },
    })
  })

  it('reveals the code when asked to', async () => {
    hold(CODE)
    const { stdout } = await shidao('card', 'scan', '--port', simulator.path, '--json', '--reveal')
    expect(JSON.parse(stdout)).toMatchObject({ text: CODE })
  })

  it('ends with one coded line when no code comes', async () => {
    hold('')
    const ended = await shidao('card', 'scan', '--port', simulator.path, '--timeout', '300')
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(/^CARD_CODE_NONE [^\n]+\n$/)
  })
})

it.each([
  [['card', 'scan'], 2, 'USAGE_PORT'],
  [['card', 'scan', '--port', '/dev/no-such-scanner'], 1, 'PORT_NOT_FOUND'],
])('%j ends with one coded line', async (words, code, fault) => {
  const ended = await shidao(...words)
  expect(ended).toMatchObject({ code, stdout: '' })
  expect(ended.stderr).toMatch(new RegExp(`^${fault} [^\\n]+\\n$`))
})
