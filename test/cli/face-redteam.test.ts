import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askSetting, guide } from '../../src/cli/redteam-guide.ts'
import type { RedteamSession, Said } from '../../src/cli/redteam-session.ts'
import { Fault } from '../../src/common/fault.ts'
import { failed, ok, unwrap } from '../../src/common/result.ts'
import { cameraFrames } from '../../src/demo/camera.ts'
import { demoFaces } from '../../src/demo/faces.ts'
import { parseRedteamLog } from '../../src/face/liveness/redteam/log.ts'
import { presentation, redteamLogOf } from '../face/liveness/redteam/presentations.ts'

/* Films of generated frames: nobody held anything before a camera. 模拟 */

const folder = mkdtempSync(join(tmpdir(), 'shidao-redteam-'))
const command = join(import.meta.dirname, '../../src/cli/shidao.js')

function redteam(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'face', 'redteam', ...words], {
    ...{ cwd: folder, encoding: 'utf8', timeout: 60_000, stdio: ['ignore', 'pipe', 'pipe'] },
  })
  return { status, stdout, stderr }
}
const logOf = (path: string) => unwrap(parseRedteamLog(readFileSync(join(folder, path))))
const sha256 = (path: string) =>
  createHash('sha256')
    .update(readFileSync(join(folder, path)))
    .digest('hex')

beforeAll(async () => {
  const frames = await Array.fromAsync(cameraFrames(demoFaces[0]!, { count: 4, seed: 4 }))
  const frozen = (frame: Uint8Array) => Buffer.concat(Array.from({ length: 25 }, () => frame))
  mkdirSync(join(folder, 'films/phone/模拟手机'), { recursive: true })
  mkdirSync(join(folder, 'films/bona-fide/A'), { recursive: true })
  writeFileSync(join(folder, 'films/bona-fide/A/01.jpg'), frames[0]!)
  writeFileSync(join(folder, 'films/phone/模拟手机/01.mjpeg'), frozen(frames[1]!))
  writeFileSync(join(folder, 'films/phone/模拟手机/02.mjpeg'), frozen(frames[2]!))
  writeFileSync(join(folder, 'films/IMG_7.jpg'), frames[3]!)
  const plan = [
    { instrument: 'phone', description: '模拟手机', file: 'films/phone/模拟手机/01.mjpeg' },
    { instrument: 'bona-fide', person: 'A', file: 'films/bona-fide/A/01.jpg' },
    { instrument: 'print', description: 'none', file: 'films/missing.mp4' },
  ]
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('shidao face redteam', { timeout: 60_000 }, () => {
  test('judges a folder by the names in it, logs every film by its hash, and nothing of its picture or name', () => {
    const words = ['--from', 'films', '--log', 'site-1.json', '--operator', 'op1', '--light', 'window']
    const { status, stdout } = redteam(...words, '--json')
    const answer = JSON.parse(stdout)
    expect(answer).toMatchObject({
      log: 'site-1.json',
      instruments: [{ instrument: 'phone', passes: { hits: 0, of: 2 }, calledAttack: { hits: 2 } }],
      bonaFide: { presentations: 1, people: 1 },
      worst: { instrument: 'phone', device: '模拟手机' },
    })
    expect([status, answer.faults]).toEqual([
      1,
      [{ file: 'IMG_7.jpg', code: 'FACE_REDTEAM_UNNAMED', message: expect.any(String) }],
    ])
    const log = logOf('site-1.json')
    expect(log.setting).toEqual({ operator: 'op1', camera: null, distance: null, light: 'window' })
    expect(log.presentations.map((one) => one.sha256)).toEqual([
      sha256('films/bona-fide/A/01.jpg'),
      sha256('films/phone/模拟手机/01.mjpeg'),
      sha256('films/phone/模拟手机/02.mjpeg'),
    ])
    expect(log.presentations[1]!.layers.find(({ layer }) => layer === 'replay')).toMatchObject({
      ...{ verdict: 'attack', detail: { why: 'frozen' } },
    })
    const calibration = readFileSync('src/face/liveness/calibration.json')
    expect(log.judgedBy.calibration.sha256).toBe(createHash('sha256').update(calibration).digest('hex'))
    expect(readFileSync(join(folder, 'site-1.json'), 'utf8')).not.toMatch(/mjpeg|\.jpg/)
  })

  test('goes on where it was left: what is in the log is not judged again, a film that failed is named', () => {
    const begun = logOf('site-1.json')
    const left = { ...begun, presentations: begun.presentations.slice(0, 1) }
    writeFileSync(join(folder, 'left.json'), JSON.stringify(left))
    const { status, stdout } = redteam('--plan', 'plan.json', '--resume', 'left.json', '--json')
    expect(status).toBe(1)
    expect(JSON.parse(stdout).faults).toMatchObject([{ file: 'films/missing.mp4', code: 'FACE_FILE' }])
    const { presentations } = logOf('left.json')
    expect(presentations[0]).toEqual(left.presentations[0])
    expect(presentations.map(({ presented }) => presented)).toEqual(['bona-fide', 'phone'])
  })

  test('killed in the middle has lost nothing that it had judged, and goes on', async () => {
    const words = ['face', 'redteam', '--from', 'films', '--log', 'killed.json']
    const child = spawn(process.execPath, [command, ...words], { cwd: folder, stdio: 'ignore' })
    const ended = once(child, 'exit')
    const judged = () => (existsSync(join(folder, 'killed.json')) ? logOf('killed.json').presentations : [])
    await expect.poll(() => judged().length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(0)
    child.kill('SIGKILL')
    await ended
    const before = judged()
    redteam('--from', 'films', '--resume', 'killed.json')
    expect(judged().slice(0, before.length)).toEqual(before)
    expect(judged()).toHaveLength(3)
  })

  test('prints APCER by instrument with its interval, the worst one, BPCER and what the figures don’t bear', () => {
    const { status, stdout } = redteam('--sum', 'site-1.json')
    expect(status).toBe(0)
    expect(stdout).toMatch(/手机 phone +2 +0 +0\/2 = 0\.0 % \(0\.0–65\.8\)/)
    expect(stdout).toContain('最差 worst: 手机 phone, 模拟手机: APCER 0/2')
    expect(stdout).toMatch(/真人 bona fide +1/)
    expect(stdout).toContain('too few')
    expect(stdout).toContain('prompts, coloured light')
  })

  test('adds up no log twice', () => {
    const { status, stderr } = redteam('--sum', 'site-1.json', 'site-1.json')
    expect(status).toBe(1)
    expect(stderr).toMatch(/^FACE_REDTEAM_TWICE .+\n$/)
  })

  test('begins a log of the day, and never writes over another one', () => {
    redteam('--plan', 'plan.json')
    const names = () =>
      readdirSync(folder).filter((name) => /^redteam-\d{4}-\d\d-\d\d(-\d)?\.json$/.test(name))
    expect(names()).toHaveLength(1)
    redteam('--plan', 'plan.json')
    expect(names()).toHaveLength(2)
    expect(redteam('--plan', 'plan.json', '--log', 'site-1.json').stderr).toMatch(/^FACE_FILE .+--resume/)
  })

  test('begins no log for a plan or a folder that it can’t use', () => {
    writeFileSync(join(folder, 'bad.json'), '[{"instrument":"doll","file":"a.mp4"}]')
    const bad = redteam('--plan', 'bad.json', '--log', 'never.json')
    expect(bad.stderr).toMatch(/^FACE_REDTEAM_PLAN .*instrument/)
    expect(redteam('--from', 'nowhere', '--log', 'never.json').status).toBe(1)
    expect(readdirSync(folder)).not.toContain('never.json')
  })

  test('without a terminal wants to be told what to judge', () => {
    expect(redteam()).toMatchObject({ status: 2, stderr: expect.stringMatching(/^USAGE_TERMINAL /) })
    expect(redteam('--plan', 'plan.json', '--instruments', 'doll').stderr).toMatch(/^USAGE_INSTRUMENT /)
    const resumed = redteam('--plan', 'plan.json', '--resume', 'site-1.json', '--camera', 'other')
    expect(resumed).toMatchObject({ status: 2, stderr: expect.stringMatching(/^USAGE_OPTION /) })
  })
})

describe('the operator’s guide', () => {
  /** A session without an engine: `bad.mp4` can't be read, everything else is an attack. */
  function scripted(answers: readonly (string | null)[]) {
    const said: string[] = []
    const added: Said[] = []
    const rest = [...answers]
    let log = redteamLogOf([])
    const session: RedteamSession = {
      path: 'log.json',
      get log() {
        return log
      },
      add: async (file, facts) => {
        if (file.endsWith('bad.mp4')) return failed(new Fault('FACE_VIDEO', 'no film'))
        added.push(facts)
        const one = presentation(facts.presented, 'attack', facts)
        log = { ...log, presentations: [...log.presentations, one] }
        return ok(one)
      },
      close: async () => {},
    }
    const operator = {
      say: (line: string) => void said.push(line),
      ask: async () => (rest.length === 0 ? null : rest.shift()!),
    }
    return { session, operator, said, added }
  }

  test('says in two languages how to present each, and remembers device and person', async () => {
    const { session, operator, said, added } = scripted([
      ...['none', 'A', '1.mp4', '', '', '2.mp4'],
      ...['Laser 80 g', 'A', 'bad.mp4', 'Laser 80 g', '', "'3.mp4'"],
      ...['', '', ''],
      ...['Model X', 'B', 'q'],
    ])
    await guide(session, operator)
    expect(added).toEqual([
      { presented: 'bona-fide', device: 'none', person: 'A' },
      { presented: 'bona-fide', device: 'none', person: 'A' },
      { presented: 'print', device: 'Laser 80 g', person: null },
    ])
    expect(said.join('\n')).toMatch(/打印一张正面照[\s\S]+Print a frontal photograph/)
    expect(said).toContain('! FACE_VIDEO no film')
    expect(said).toContain('== 手机 phone ==')
  })

  test('ends when the operator goes away, and asks only for what is missing when it goes on', async () => {
    const { session, operator, said } = scripted(['x', 'A', '1.mp4', 'x', 'B', '2.mp4'])
    await guide(session, operator)
    expect(session.log.presentations).toHaveLength(2)
    said.length = 0
    await guide(session, operator)
    expect(said.join('\n')).not.toContain('== 真人')
    expect(said.join('\n')).toContain('== 打印照片')
  })

  test('asks once for operator, camera, distance and light, if not given; what is not said is null', async () => {
    const { operator } = scripted(['op', ' ', null])
    const given = { operator: null, camera: null, distance: '60 cm', light: null }
    expect(await askSetting(operator, given)).toEqual({ ...given, operator: 'op' })
  })
})
