import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { classFacts, personFacts } from '../../src/attendance/claim-facts.ts'
import { choosePack } from '../../src/attendance/pack-choice.ts'
import { completePack } from '../../src/attendance/pack-completion.ts'
import { comparePacks } from '../../src/attendance/pack-difference.ts'
import { signPack, verifyPackSignature } from '../../src/attendance/pack-signature.ts'
import { citedValues, completeForHours } from '../../src/attendance/rule-pack.ts'
import { defaultPack, readAnyPack, readPackFile } from '../../src/attendance/shipped-packs.ts'
import { unwrap } from '../../src/common/result.ts'
import { ed25519Signer } from '../../src/ledger/note.ts'
import { asClaimPack, claimPack, claimsOf, own, settledPack } from './claims-story.ts'
import { person } from './class-story.ts'

describe('whose pack it is', () => {
  const home = claimPack('default-2')
  const tianshui = settledPack('tianshui-2019')
  const gansu = claimPack('gansu-2019', (json) =>
    Object.assign(json, { appliesBy: own(['work', 'household']) }),
  )
  const choose = (facts: object, on = '2026-03-02') =>
    choosePack(home, [gansu, tianshui], personFacts.parse(facts), classFacts.parse({ region: '110101' }), on)

  test('the class’s, unless the person claims by another place', () => {
    expect(choose({})).toEqual({ pack: home, findings: [] })
  })

  test('the closest region that covers the place: the city before its province', () => {
    expect(choose({ claimPlace: 'work', work: '620502' }).pack.id).toBe('tianshui-2019')
    expect(choose({ claimPlace: 'household', household: '620102' }).pack.id).toBe('gansu-2019')
  })

  test('several versions live at once: the one in force when the class began', () => {
    const versions = [
      ['2019-01-01', '2021-12-31'],
      ['2022-01-01', null],
    ].map(([from, until]) =>
      claimPack('tianshui-2019', (json) =>
        Object.assign(json, { id: `v-${from}`, inForce: own({ from, until }) }),
      ),
    )
    const chosen = (on: string) =>
      choosePack(
        home,
        versions,
        personFacts.parse({ claimPlace: 'work', work: '620502' }),
        classFacts.parse({}),
        on,
      )
    expect(chosen('2021-12-31').pack.id).toBe('v-2019-01-01')
    expect(chosen('2022-01-01').pack.id).toBe('v-2022-01-01')
  })

  test('a place that nobody told, or that no pack covers, is unknown', () => {
    expect(choose({ claimPlace: 'work' }).findings).toMatchObject([{ answer: 'unknown', rule: 'appliesBy' }])
    const [only] = [claimPack('zaozhuang-2014')]
    const uncovered = choosePack(
      only!,
      [tianshui],
      personFacts.parse({ claimPlace: 'work', work: '440101' }),
      classFacts.parse({}),
      '2026-03-02',
    )
    expect(uncovered.findings).toMatchObject([{ answer: 'unknown', inputs: { region: '440101' } }])
  })
})

describe('filling what a source leaves open', () => {
  const tianshui = unwrap(readAnyPack('tianshui-2019'))
  const base = unwrap(readAnyPack('default-2'))

  test('a pack of a notice asks before hours can be counted with it', () => {
    expect(readPackFile('tianshui-2019')).toMatchObject({ ok: false, fault: { code: 'PACK_INCOMPLETE' } })
  })

  test('every filled value is an own choice, and what the notice says stays as it is', () => {
    const answers = new Map<string, unknown>([['rules.lessonMinutes', 50]])
    const filled = unwrap(completePack(tianshui, { id: 'our-school-1', base, answers }))
    expect(filled.id).toBe('our-school-1')
    expect(unwrap(completeForHours(filled)).rules.lessonMinutes).toMatchObject({
      value: 50,
      kind: 'own-choice',
    })
    const before = new Map(
      citedValues(JSON.parse(new TextDecoder().decode(tianshui.bytes))).map((at) => [at.path, at.rule]),
    )
    for (const { path, rule } of citedValues(JSON.parse(new TextDecoder().decode(filled.bytes)))) {
      if (before.get(path)?.value !== null) expect(rule).toEqual(before.get(path))
      else if (rule.value !== null) expect(rule.kind).toBe('own-choice')
    }
  })

  test('an answer can’t replace what a document says', () => {
    const answers = new Map<string, unknown>([
      ['claims.items.living-allowance.amount', { mode: 'rate', fen: 1, bound: 'exact' }],
    ])
    expect(completePack(tianshui, { id: 'x', base: null, answers })).toMatchObject({
      ok: false,
      fault: { code: 'PACK_ANSWER' },
    })
  })

  test('an answer of the wrong kind is no pack', () => {
    const answers = new Map<string, unknown>([['rules.lessonMinutes', 'long']])
    expect(completePack(tianshui, { id: 'x', base: null, answers })).toMatchObject({
      ok: false,
      fault: { code: 'PACK_INVALID' },
    })
  })
})

describe('a signature', () => {
  const signer = ed25519Signer('authority.example/packs', generateKeyPairSync('ed25519').privateKey)
  const stranger = ed25519Signer('authority.example/packs', generateKeyPairSync('ed25519').privateKey)
  const pack = defaultPack()
  const note = signPack(pack, [signer])

  test('names who signed these exact bytes', () => {
    expect(unwrap(verifyPackSignature(pack, note, [signer.key])).map(({ vkey }) => vkey)).toEqual([
      signer.key.vkey,
    ])
  })

  test('is for no other pack and by no other key', () => {
    const other = { id: pack.id, sha256: '0'.repeat(64) }
    expect(verifyPackSignature(other, note, [signer.key])).toMatchObject({
      fault: { code: 'PACK_SIGNATURE' },
    })
    expect(verifyPackSignature(pack, note, [stranger.key])).toMatchObject({
      fault: { code: 'LEDGER_NOTE_UNKNOWN' },
    })
    const forged = note.replace(pack.sha256, '0'.repeat(64))
    expect(verifyPackSignature(other, forged, [signer.key])).toMatchObject({
      fault: { code: 'LEDGER_NOTE_SIGNATURE' },
    })
  })
})

describe('a class under two packs', () => {
  const story = {
    facts: { groups: ['poor-worker' as const] },
    classFacts: { uplift: 'not-adopted' as const },
  }
  const outcome = (name: string) => {
    const pack = name === 'tianshui-2019' ? settledPack(name) : claimPack(name)
    const claims = claimsOf({ ...story, pack })
    return {
      pack: { id: pack.id, sha256: pack.sha256 },
      claims,
      hours: {
        class: 'c1',
        pack: claims.hoursPack,
        simulated: false,
        people: [
          {
            person: person(0),
            creditedMs: 1,
            lessons: 16,
            byEvidence: { chip: 1, official: 0, enrolled: 0, witnessed: 0, manual: 0, none: 0, simulated: 0 },
            sessions: [],
          },
        ],
      },
    }
  }

  test('lists who changes, by how much, and which rules speak otherwise', () => {
    const changing = claimPack('default-2', (json) => {
      json.claims.items['living-allowance']!.amount = own({ mode: 'rate', fen: 2_000, bound: 'exact' })
    })
    const before = outcome('default-2')
    const after = {
      ...before,
      claims: claimsOf({
        ...story,
        pack: asClaimPack({ ...changing, rules: null, retention: null, bytes: new Uint8Array(), open: [] }),
      }),
    }
    const { people, totalFen } = comparePacks(before, after)
    expect(totalFen).toEqual({ before: 6_000, after: 4_000 })
    expect(people).toMatchObject([
      {
        person: person(0),
        lessons: null,
        claims: [{ item: 'living-allowance', fen: { before: 6_000, after: 4_000 } }],
      },
    ])
    expect(people[0]!.reasons.after.join()).toContain('"fen":2000')
  })

  test('nobody changes under the same pack', () => {
    const same = outcome('default-2')
    expect(comparePacks(same, same)).toMatchObject({ people: [], unchanged: 1 })
  })
})
