import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { verifyEventProof } from '../../src/inspect/verify-event-proof.ts'
import { checkpointQr } from '../../src/ledger/checkpoint-qr.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { findCheckpointNotes } from '../../src/ledger/seen-checkpoints.ts'
import {
  appendReceipt,
  closing,
  newLedger,
  newWitness,
  type SampleLedger,
  temporaryFolder,
} from './sample-ledger.ts'

const project = new URL('../../', import.meta.url).pathname

let folder: string
let dir: string
let remove: () => void
let sample: SampleLedger
beforeEach(() => {
  ;({ dir: folder, remove } = temporaryFolder())
  dir = join(folder, 'station')
  mkdirSync(dir)
  sample = newLedger(dir)
  for (let i = 1; i < 6; i++) sample.ledger.append(closing(`session-${i}`))
})
afterEach(() => {
  sample.ledger.close()
  remove()
})

describe('a checkpoint that somebody keeps', () => {
  test('is printed as text and drawn as a QR code while the station runs', () => {
    const file = join(folder, 'checkpoint.svg')
    const { status, stdout } = shidao('log', 'checkpoint', '--qr', file, '--data', dir, '--json')
    expect(status).toBe(0)
    const answer = JSON.parse(stdout)
    expect(answer).toMatchObject({
      origin: sample.key.origin,
      size: 6,
      note: sample.ledger.checkpoint(),
      file,
    })
    expect(answer.bytes).toBeLessThanOrEqual(300)
    expect(readFileSync(file, 'utf8')).toContain('<svg')
    expect(shidao('log', 'checkpoint', '--text', '--data', dir).stdout).toBe(sample.ledger.checkpoint())
  })

  test('photographed, shows later that nothing was rewritten', async () => {
    const photo = await photograph(sample.ledger.checkpoint())
    for (let i = 6; i < 9; i++) sample.ledger.append(closing(`session-${i}`))
    expect(JSON.parse(shidao('log', 'verify', dir, '--seen', photo, '--json').stdout)).toMatchObject({
      ok: true,
      size: 9,
    })
  })

  test('photographed, finds a station that was rolled back since', async () => {
    const old = join(folder, 'old')
    sample.ledger.close()
    cpSync(dir, old, { recursive: true })
    sample = { ...sample, ledger: Ledger.open({ dir, signer: sample.key.signer, now: sample.now }) }
    sample.ledger.append(closing('session-6'))
    const photo = await photograph(sample.ledger.checkpoint())
    const answer = JSON.parse(shidao('log', 'verify', old, '--seen', photo, '--json').stdout)
    expect(answer.problem.code).toBe('rolled-back')
  })

  test.each([
    ['forked', 6],
    ['tail-replaced', 7],
  ])('in a text of several, finds a ledger that was %s', (code, size) => {
    const seen = join(folder, 'seen.txt')
    const other = join(folder, 'other')
    sample.ledger.close()
    cpSync(dir, other, { recursive: true })
    rmSync(join(other, 'ledger.lock'), { force: true })
    sample = { ...sample, ledger: Ledger.open({ dir, signer: sample.key.signer, now: sample.now }) }
    const rewritten = Ledger.open({ dir: other, signer: sample.key.signer, now: sample.now })
    const before = sample.ledger.checkpoint()
    sample.ledger.append(closing('what was shown'))
    for (let i = 6; i <= size; i++) rewritten.append(closing('what is kept'))
    rewritten.close()
    const phone = [before, sample.ledger.checkpoint()].join('\nnext\n').replaceAll('\n', ' \r\n')
    writeFileSync(seen, phone)
    const answer = JSON.parse(shidao('log', 'verify', other, '--seen', seen, '--json').stdout)
    expect(answer.problem).toMatchObject({ code, index: 6 })
  })

  test('that is none is a fault, not an answer', () => {
    const file = join(folder, 'seen.txt')
    writeFileSync(file, 'nothing here')
    const { status, stdout, stderr } = shidao('log', 'verify', dir, '--seen', file)
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^LEDGER_SEEN [^\n]+\n$/)
  })

  test('is found in any text and nothing else is', () => {
    const note = sample.ledger.checkpoint()
    expect(findCheckpointNotes(`kept on Monday\n\n${note}`)).toEqual([note])
    expect(findCheckpointNotes(note.replaceAll('\u2014', '-'))).toEqual([])
    expect(findCheckpointNotes('')).toEqual([])
  })
})

describe('log prove', () => {
  test('writes a proof of one event that carries the station’s key', () => {
    const file = join(folder, 'event.proof')
    expect(shidao('log', 'prove', '--event', '3', '--out', file, '--data', dir).status).toBe(0)
    const answer = unwrap(verifyEventProof(readFileSync(file), { key: sample.key.signer.key }))
    expect(answer).toMatchObject({ ok: true, trust: 'key', about: { kind: 'event', index: 3 } })
    const { status, stdout } = shidao('verify', file, '--key', sample.key.vkey, '--json')
    expect([status, JSON.parse(stdout).trust]).toEqual([0, 'key'])
  })

  test('is used wrongly without a person, with a name for one, or with an hour without a zone', () => {
    for (const words of [
      ['--hour', '2026-03-02T09:00+08:00'],
      ['--person', 'Anna'],
      ['--person', '0'.repeat(32), '--hour', '2026-03-02T09:00'],
      ['--event', '1', '--person', '0'.repeat(32)],
    ]) {
      const { status, stderr } = shidao('log', 'prove', ...words, '--out', join(folder, 'x'), '--data', dir)
      expect([status, stderr.split(' ')[0]]).toEqual([2, 'USAGE_LOG'])
    }
    const unknown = shidao(
      'log',
      'prove',
      '--person',
      '0'.repeat(32),
      '--out',
      join(folder, 'x'),
      '--data',
      dir,
    )
    expect(unknown.stderr).toMatch(/^LEDGER_PROOF_NONE /)
  })
})

test('a policy decides what log verify and verify rest on', () => {
  const [w1, w2] = [newWitness('w1'), newWitness('w2')]
  appendReceipt(sample, w1)
  const text = `log ${sample.key.vkey}\nwitness one ${w1.vkey}\nwitness two ${w2.vkey}\n`
  const [any, all] = ['any', 'all'].map((threshold) => {
    const file = join(folder, `${threshold}.policy`)
    writeFileSync(file, `${text}group g ${threshold} one two\nquorum g\n`)
    return file
  })
  const yes = JSON.parse(shidao('log', 'verify', dir, '--policy', any!, '--json').stdout)
  expect(yes).toMatchObject({ ok: true, trust: 'witness' })
  const no = JSON.parse(shidao('log', 'verify', dir, '--policy', all!, '--json').stdout)
  expect(no).toMatchObject({ ok: false, problem: { code: 'wrong-key', index: null } })
  const proof = join(folder, 'event.proof')
  shidao('log', 'prove', '--event', '3', '--out', proof, '--data', dir)
  expect(JSON.parse(shidao('verify', proof, '--policy', any!, '--json').stdout).trust).toBe('witness')
  expect(shidao('verify', proof, '--policy', all!).stderr).toMatch(/^PROOF_UNWITNESSED /)
})

/** What a phone's camera makes of the code on a screen: turned a little, grey, as a JPEG. */
async function photograph(note: string): Promise<string> {
  const file = join(folder, 'photo.jpg')
  await sharp(Buffer.from(checkpointQr(note)), { density: 700 })
    .rotate(4, { background: '#ddd' })
    .extend({ top: 60, bottom: 90, left: 120, right: 40, background: '#999' })
    .flatten({ background: '#fff' })
    .jpeg({ quality: 80 })
    .toFile(file)
  return file
}

function shidao(...words: string[]) {
  return spawnSync(process.execPath, ['src/cli/shidao.js', ...words], { cwd: project, encoding: 'utf8' })
}
