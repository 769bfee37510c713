import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { shippedCalendar } from '../../src/attendance/workdays.ts'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import { unwrap } from '../../src/common/result.ts'
import {
  type VisitTrust,
  type VisitVerification,
  verifyVisitFile,
} from '../../src/inspect/verify-visit-file.ts'
import { makeVisitFile } from '../../src/inspect/visit-file.ts'
import { allFindings } from '../../src/inspect/visit-findings.ts'
import { describeIf } from '../support/requires.ts'
import { otherKey, person } from './visit-story.ts'
import { authority, VISIT, WholeVisit } from './whole-visit.ts'

interface Document {
  visit: string
  opening: string
  closing: string
  since: string[] | null
  during: string[]
  witnessed: { checkpoint: string; growth: string[] } | null
  events: string[]
  nodes: string[]
}

const whole = new WholeVisit()
const file = unwrap(makeVisitFile(whole.story.ledger, VISIT))
const stranger = new WholeVisit()
const other = new WholeVisit({ visit: '2'.repeat(32) })

function verify(bytes: Uint8Array, outside: VisitTrust = {}): VisitVerification {
  return unwrap(verifyVisitFile(bytes, outside))
}

/** The file with something else in it, written as a station writes it. */
function altered(edit: (document: Document) => void, from = file): Uint8Array {
  const document = JSON.parse(new TextDecoder().decode(from)) as Document
  edit(document)
  return new TextEncoder().encode(`${JSON.stringify(document, null, 1)}\n`)
}

/** The first event of a type, as text that is replaced. */
function inEvent(type: string, from: string | RegExp, to: string) {
  return (document: Document) => {
    const at = document.events.findIndex((text) => text.includes(`"type":"${type}"`))
    const text = document.events[at]!.replace(from, to)
    expect(text).not.toBe(document.events[at])
    document.events[at] = text
  }
}

function eventOf(type: string, bytes: Uint8Array): string {
  const { events } = JSON.parse(new TextDecoder().decode(bytes)) as Document
  return events.find((text) => text.includes(`"type":"${type}"`))!
}

describe('the file of a visit', () => {
  test('shows what was refused during the visit, and at its class before, as no part of it', () => {
    const visit = new WholeVisit({ closing: 'open' })
    const { ledger } = visit.story
    const refused = { class: 'c1', publicKey: null, reason: 'nonce-reused' as const }
    ledger.append({ type: 'visit.refused', data: { ...refused, visit: VISIT } })
    ledger.append({ type: 'visit.refused', data: { ...refused, visit: '9'.repeat(32) } })
    visit.close({ signed: false, reason: 'refused' })
    const bytes = unwrap(makeVisitFile(ledger, VISIT))
    expect(JSON.parse(eventOf('visit.refused', bytes))).toMatchObject({ data: { visit: VISIT } })
    expect(verify(bytes)).toMatchObject({ ok: true, problem: null, headcount: 5 })
  })

  test('says offline what it shows and what that rests on', () => {
    const answer = verify(file)
    expect(answer).toMatchObject({
      ...{
        ok: true,
        kind: 'visit',
        visit: VISIT,
        class: 'c1',
        title: '电工',
        trust: 'self',
        simulated: false,
      },
      ...{ headcount: 5, found: [{ person: null, record: 'not-on-roster' }], problem: null },
      closed: { institution: { signed: true } },
      inspector: {
        standing: 'listed',
        listed: { authority: 'hrss.example/inspectors', number: 1, known: false },
      },
      since: { size: 3, finding: 'consistent', proved: true },
      facts: { expected: 8, signedIn: 6, present: 6 },
    })
    expect(answer.outcome).toMatchObject({
      seen: [whole.drawn[0]],
      notSeen: [whole.drawn[1]],
      left: [whole.drawn[2]],
    })
    expect(answer.draws[0]).toMatchObject({ k: 3, n: 8, order: whole.drawn, commitmentSeen: true })
    expect(answer.words.join('\n')).toMatch(/vouches for the station’s key itself/)
    expect(answer.words.join('\n')).toMatch(
      /is on list 1 of hrss.example\/inspectors, whose key you have to know/,
    )
    expect(answer.words.join('\n')).toMatch(/nothing in the first 3 events was changed since/)
    expect(answer.words.join('\n')).toMatch(/signed for the institution/)
  })

  test('rests on keys from outside where they are given', () => {
    const { key } = whole.story.signer
    const answer = verify(file, { key, authority: authority.key })
    expect(answer).toMatchObject({ ok: true, trust: 'key', inspector: { listed: { known: true } } })
    expect(answer.words[0]).toBe('the station whose key you gave signed it')
    expect(verify(file, { key: otherKey() }).problem?.code).toBe('wrong-key')
    expect(verify(file, { authority: otherKey() }).problem).toMatchObject({ code: 'list' })
  })

  test('is the same again after the ledger grew, and shows a witness that saw it since', () => {
    const visit = new WholeVisit()
    const first = unwrap(makeVisitFile(visit.story.ledger, VISIT))
    visit.attend(0, 'out')
    expect(unwrap(makeVisitFile(visit.story.ledger, VISIT))).toEqual(first)
    const key = visit.receipt()
    expect(verify(first, { witness: key }).problem?.code).toBe('unwitnessed')
    const seen = unwrap(makeVisitFile(visit.story.ledger, VISIT))
    expect(verify(seen, { witness: key })).toMatchObject({
      ok: true,
      trust: 'witness',
      witnesses: ['witness.example'],
    })
    const cut = altered(({ witnessed }) => witnessed!.growth.pop(), seen)
    expect(verify(cut).problem).toMatchObject({ code: 'forked' })
  })

  test('tells a refusal, and a visit that was never closed', () => {
    const refused = new WholeVisit({ closing: { signed: false, reason: 'refused' } })
    const said = verify(unwrap(makeVisitFile(refused.story.ledger, VISIT)))
    expect([said.ok, said.closed?.institution.signed]).toEqual([true, false])
    expect(said.words.join('\n')).toMatch(/the institution refused to sign/)
    const open = new WholeVisit({ closing: 'open' })
    const unfinished = verify(unwrap(makeVisitFile(open.story.ledger, VISIT)))
    expect(unfinished).toMatchObject({ ok: true, closed: null })
    expect(unfinished.words.join('\n')).toMatch(/never closed/)
  })

  test('says loudly that a ledger was set back or rewritten since the last visit, and is true all the same', () => {
    for (const [since, words] of [
      ['rolled-back', /^SET BACK: the inspector had seen 900 events/m],
      ['rewritten', /^REWRITTEN: the first 900 events are not those/m],
    ] as const) {
      const visit = new WholeVisit({ since })
      const bytes = unwrap(makeVisitFile(visit.story.ledger, VISIT))
      const answer = verify(bytes)
      expect(answer).toMatchObject({ ok: true, since: { size: 900, finding: since, proved: false } })
      expect(answer.words.join('\n')).toMatch(words)
      const invented = altered((document) => {
        document.since = document.during
      }, bytes)
      expect(verify(invented).problem).toMatchObject({
        code: 'history',
        detail: expect.stringMatching(/one too many/),
      })
      expect(allFindings(visit.story.events, shippedCalendar()).map(({ kind }) => kind)).toContain('history')
    }
  })

  test('shows of what the door saw the sessions of that day, and proves the same without the others', () => {
    const visit = new WholeVisit({ closing: 'open' })
    visit.attend(0, 'in', 'the day before')
    visit.attend(1, 'out', 'am')
    visit.close({ signed: true, actor: visit.story.supervisor.actor })
    const bytes = unwrap(makeVisitFile(visit.story.ledger, VISIT))
    expect(verify(bytes)).toMatchObject({ ok: true })
    const { events } = JSON.parse(new TextDecoder().decode(bytes)) as Document
    expect(events.filter((text) => text.includes('"type":"attendance"'))).toHaveLength(7)
    expect(events.join()).not.toContain('the day before')
  })

  test('holds nobody else’s visit and nobody else’s class', () => {
    const text = new TextDecoder().decode(unwrap(makeVisitFile(other.story.ledger, '2'.repeat(32))))
    expect(text).not.toContain(VISIT)
    expect(makeVisitFile(whole.story.ledger, '3'.repeat(32))).toMatchObject({
      fault: { code: 'INSPECT_VISIT_UNKNOWN' },
    })
  })
})

const act = /what was signed is not what is recorded/
const tree = /not the ones that the checkpoint signs/

describe('a visit’s file is refused with the right words', () => {
  test.each<[string, (document: Document) => void, string, RegExp]>([
    ['a mark was changed', inEvent('visit.checked', '"result":"seen"', '"result":"not-seen"'), 'act', act],
    [
      'a byte of a mark’s salt was changed',
      inEvent('visit.checked', /"salt":"../, '"salt":"00'),
      'altered',
      tree,
    ],
    [
      'a mark was dropped',
      ({ events }) =>
        events.splice(
          events.findIndex((text) => text.includes('"not-seen"')),
          1,
        ),
      'altered',
      tree,
    ],
    [
      'the order of the draw was changed',
      inEvent('visit.drawn', /"order":\["(\w+)","(\w+)"/, '"order":["$2","$1"'),
      'act',
      act,
    ],
    ['the nonce was changed', inEvent('visit.drawn', /"nonce":"ab/, '"nonce":"ba'), 'act', act],
    ['the headcount was changed', inEvent('visit.headcount', '"count":5', '"count":6'), 'act', act],
    [
      'the institution’s signature was swapped',
      inEvent('visit.closed', /("actor":"f{32}","signature":")\w{8}/, '$100000000'),
      'act',
      /a signature of the act is false/,
    ],
    [
      'a signature was turned into a refusal',
      inEvent('visit.closed', /"institution":\{[^}]*\}/, '"institution":{"signed":false,"reason":"refused"}'),
      'act',
      act,
    ],
    [
      'the inspector’s key was replaced',
      inEvent(
        'visit.opened',
        /"inspector":\{[^}]*\}/,
        `"inspector":${JSON.stringify({ actor: stranger.story.inspector.actor, publicKey: stranger.story.inspector.publicKey })}`,
      ),
      'act',
      /not enrolled/,
    ],
    [
      'the list was replaced',
      (document) => {
        const at = document.events.findIndex((text) => text.includes('inspectors.listed'))
        const { note, sha256 } = JSON.parse(
          eventOf('inspectors.listed', unwrap(makeVisitFile(stranger.story.ledger, VISIT))),
        ).data
        const event = JSON.parse(document.events[at]!)
        document.events[at] = JSON.stringify({ ...event, data: { ...event.data, note, sha256 } })
      },
      'list',
      /the list that is named is not in the file/,
    ],
    [
      'an entry of the list was changed',
      inEvent('inspectors.listed', 'number 1', 'number 2'),
      'list',
      /not what the authority signed/,
    ],
    [
      'the closing checkpoint is another station’s',
      (document) => {
        document.closing = stranger.story.ledger.checkpoint()
      },
      'wrong-key',
      /checkpoint/,
    ],
    [
      'the closing checkpoint is an earlier one',
      (document) => {
        document.closing = document.opening
      },
      'inserted',
      /behind the closing checkpoint/,
    ],
    [
      'the opening checkpoint is another station’s',
      (document) => {
        document.opening = stranger.story.ledger.checkpoint()
      },
      'wrong-key',
      /opening checkpoint/,
    ],
    [
      'the proof since the last visit was cut',
      ({ since }) => since!.pop(),
      'history',
      /the one of the last visit, grown/,
    ],
    [
      'the proof since the last visit was left out',
      (document) => {
        document.since = null
      },
      'history',
      /is missing/,
    ],
    [
      'the proof of the visit’s own growth was cut',
      ({ during }) => during.pop(),
      'history',
      /at the opening, grown/,
    ],
    [
      'an event of another visit was put in',
      (document) => {
        const event = JSON.parse(
          eventOf('visit.headcount', unwrap(makeVisitFile(other.story.ledger, '2'.repeat(32)))),
        )
        const at = document.events.findIndex((text) => text.includes('"visit.headcount"'))
        document.events[at] = JSON.stringify({ ...event, origin: JSON.parse(document.events[0]!).origin })
      },
      'act',
      /not enrolled|signature/,
    ],
    [
      'it names another visit',
      (document) => {
        document.visit = '2'.repeat(32)
      },
      'about',
      /of another visit/,
    ],
    ['a node of the proof was dropped', ({ nodes }) => nodes.pop(), 'altered', tree],
  ])('where %s', (_name, edit, code, detail) => {
    const { problem, ok, words } = verify(altered(edit))
    expect([ok, words]).toEqual([false, []])
    expect(problem).toMatchObject({ code, detail: expect.stringMatching(detail) })
  })

  test('where a space was put between two records', () => {
    const text = new TextDecoder().decode(file).replace('\n "during"', '\n  "during"')
    expect(verify(new TextEncoder().encode(text)).problem).toMatchObject({ code: 'manifest' })
  })

  test('wherever one byte of it is another', () => {
    const chance = pseudoRandom(3)
    for (let n = 0; n < 250; n++) {
      const bytes = file.slice()
      const at = Math.floor(chance() * bytes.length)
      bytes[at] = (bytes[at]! + 1 + Math.floor(chance() * 255)) % 256
      const answer = verifyVisitFile(bytes)
      expect(answer.ok && answer.value.ok, `byte ${at}`).toBe(false)
    }
  })

  test('where it was cut off, or is nothing of the kind', () => {
    for (const bytes of [file.slice(0, 3000), new Uint8Array(0), new TextEncoder().encode('{}')])
      expect(verifyVisitFile(bytes)).toMatchObject({ fault: { code: 'INSPECT_VISIT_FORMAT' } })
  })
})

describe('a station that signs what is false is found out', () => {
  const forged = (visit: WholeVisit) => verify(unwrap(makeVisitFile(visit.story.ledger, VISIT)))

  test('where it gives the inspector another standing than the list', () => {
    expect(forged(new WholeVisit({ standing: 'unlisted' })).problem).toMatchObject({ code: 'list' })
  })

  test('where it goes on after the closing', () => {
    const visit = new WholeVisit()
    visit.check(person(0), { result: 'seen', by: 'card' })
    // What came behind the end isn't of the visit, and isn't in its file.
    expect(forged(visit)).toMatchObject({ ok: true, outcome: { seen: [visit.drawn[0]] } })
  })
})

const python = spawnSync('python3', ['--version']).status === 0 ? null : 'python3 is not installed'
describeIf(python, 'a program in another language', () => {
  test('reads the same visit out of the file, and refuses one that was changed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shidao-visit-file-'))
    const files = [
      file,
      altered(inEvent('visit.headcount', '"count":5', '"count":6')),
      altered(inEvent('visit.drawn', '"nonce":"ab', '"nonce":"ba')),
      altered(({ events }) =>
        events.splice(
          events.findIndex((text) => text.includes('"not-seen"')),
          1,
        ),
      ),
      altered(({ since }) => since!.pop()),
      altered((document) => {
        document.opening = stranger.story.ledger.checkpoint()
      }),
    ].map((bytes, i) => {
      const path = join(folder, `${i}.shidao-visit`)
      writeFileSync(path, bytes)
      return path
    })
    const script = fileURLToPath(new URL('verify_visit.py', import.meta.url))
    const { vkey } = whole.story.signer.key
    const { stdout, stderr } = spawnSync('python3', [script, vkey, ...files], { encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    const [first, ...others] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const { size, root } = verify(file)
    expect(first, stderr).toEqual({ size, root, order: whole.drawn, headcount: 5 })
    expect(others).toEqual([null, null, null, null, null])
  })
})
