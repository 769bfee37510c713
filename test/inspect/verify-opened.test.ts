import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { archive } from '../../src/export/archive.ts'
import { sealManifest } from '../../src/export/bundle.ts'
import { bundleManifest, describeEntry, jsonBytes } from '../../src/export/bundle-format.ts'
import { exportClass } from '../../src/export/class-export.ts'
import { openAge, sealAge } from '../../src/export/sealed/age.ts'
import { createAuditorKey, parseKeyFile, parseRecipient } from '../../src/export/sealed/age-keys.ts'
import { openedIndex } from '../../src/export/sealed/opened-format.ts'
import { openBundle, verifyBundle } from '../../src/inspect/verify-bundle.ts'
import { type OpenedVerification, verifyOpened } from '../../src/inspect/verify-opened.ts'
import type { NoteSigner } from '../../src/ledger/note.ts'
import { claimStory, LI, sealedBundle, sourceOf, ZHANG } from '../export/claim-bundle-story.ts'
import { type StationStory, stationStory } from '../export/station-story.ts'

type Files = Map<string, Uint8Array>

const auditor = createAuditorKey(new Uint8Array(32).fill(3))
const recipient = unwrap(parseRecipient(auditor.recipient))
const opener = { keys: unwrap(parseKeyFile(auditor.identity)) }
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)
const bytes = (content: string) => new TextEncoder().encode(content)

let story: StationStory
let right: Uint8Array
let signer: NoteSigner
let cleanUp = () => {}

beforeAll(async () => {
  story = claimStory((clean) => {
    cleanUp = clean
  })
  signer = story.data.key.signer
  right = await sealedBundle(story, { keys: [recipient] })
})
afterAll(() => cleanUp())

function opened(bundle: Uint8Array): OpenedVerification {
  const { answer, verified } = unwrap(openBundle(bundle))
  expect(answer.problem).toBeNull()
  return unwrap(verifyOpened(verified!, opener))
}

function entriesOf(bundle: Uint8Array): Files {
  const entries = unzipSync(bundle)
  return new Map(Object.entries(entries))
}

/** A bundle that the holder of the station's own key makes anew after a change: the strongest forger there is. */
function resigned(bundle: Uint8Array, change: (files: Files) => void, by: NoteSigner = signer): Uint8Array {
  const files = entriesOf(bundle)
  change(files)
  const manifest = bundleManifest.parse(JSON.parse(text(files.get('manifest.json'))))
  const entries = manifest.files
    .filter(({ path }) => files.has(path))
    .map((entry) => ({ ...entry, bytes: files.get(entry.path)! }))
  return sealManifest({ ...manifest, files: entries.map(describeEntry) }, entries, by)
}

/** The same with a change inside what is sealed. */
function resealed(bundle: Uint8Array, change: (files: Files) => void): Uint8Array {
  return resigned(bundle, (outer) => {
    const inner = entriesOf(unwrap(openAge(outer.get('sealed.age')!, opener)))
    change(inner)
    const index = openedIndex.parse(JSON.parse(text(inner.get('index.json'))))
    const files = index.files
      .filter(({ path }) => inner.has(path))
      .map((entry) => describeEntry({ ...entry, bytes: inner.get(entry.path)! }))
    const paths = files.map(({ path }): [string, Uint8Array] => [path, inner.get(path)!])
    const packed = archive(new Map([['index.json', jsonBytes({ ...index, files })], ...paths]), 'stored')
    outer.set('sealed.age', sealAge(packed, { keys: [recipient] }, new Uint8Array(32)))
  })
}

function edit(files: Files, path: string, from: string | RegExp, to: string): void {
  const before = text(files.get(path))
  const after = before.replace(from, to)
  if (after === before) throw new Error(`${path} has no ${from}`)
  files.set(path, bytes(after))
}

describe('a sealed bundle', () => {
  test('is right for everybody, and shows nobody’s name without the key', () => {
    expect(unwrap(verifyBundle(right))).toMatchObject({ ok: true, sealed: true, report: 'recomputed' })
    const raw = Buffer.from(right)
    for (const secret of ['张三', '李四', '王主管', ZHANG, LI, 'insuranceMonths', 'C-0001']) {
      expect(raw.includes(secret), secret).toBe(false)
    }
    expect(raw.includes('张*')).toBe(true)
  })

  test('opens for its auditor: names, facts, and claims that come out the same to the fen', () => {
    const answer = opened(right)
    expect(answer).toMatchObject({ ok: true, claims: 'recomputed', totalFen: 3600, destroyed: [] })
    expect(answer.people).toEqual([
      { person: story.people[0], name: '张三', number: ZHANG, hours: 'same', claims: 'same', fen: 3600 },
      { person: story.people[1], name: '=李四', number: LI, hours: 'same', claims: 'same', fen: 0 },
    ])
    // Two identities, two people's facts, one history, one certificate.
    expect(answer.opened).toBe(6)
  })

  test('holds an e-file for each person under their social security number', () => {
    const { files } = opened(right)
    const efile = JSON.parse(text(files.get(`people/${ZHANG}/efile.json`)))
    expect(efile).toMatchObject({
      ...{ format: 'shidao-efile/v1', socialSecurityNumber: ZHANG, name: '张三', person: story.people[0] },
      hours: { creditedMs: 10_800_000, byEvidence: { chip: 10_800_000, manual: 0 } },
      certificates: [{ number: 'C-0001' }],
      claims: [{ item: 'living-allowance', fen: 3600 }],
    })
    const own = [...files.keys()].filter((path) => path.startsWith(`people/${LI}/`)).sort()
    const names = ['certificate.txt', 'efile.json', 'events.shidao-proof', 'sessions.csv']
    expect(own).toEqual(names.map((name) => `people/${LI}/${name}`))
    expect(JSON.parse(text(files.get(`people/${LI}/efile.json`))).hours.byEvidence.manual).toBeGreaterThan(0)
  })

  test('holds the certificates of hours as one document, a page for each person', () => {
    const pdf = Buffer.from(opened(right).files.get('certificates.pdf') ?? []).toString('latin1')
    expect(pdf.slice(0, 5)).toBe('%PDF-')
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(2)
  })

  test('has the same bytes when it is made again', async () => {
    expect(Buffer.compare(right, await sealedBundle(story, { keys: [recipient] }))).toBe(0)
  })

  test('opens by a passphrase that is long enough to be given by telephone', async () => {
    const passphrase = '实到 审计 2026 correct horse'
    const bundle = await sealedBundle(story, { passphrase, logN: 10 })
    const { verified } = unwrap(openBundle(bundle))
    expect(unwrap(verifyOpened(verified!, { passphrase }))).toMatchObject({ ok: true, totalFen: 3600 })
    const wrong = verifyOpened(verified!, { passphrase: 'another one of that length' })
    expect(wrong).toMatchObject({ ok: false, fault: { code: 'PROOF_OPENING_KEY' } })
  })

  test('stays shut for another auditor', () => {
    const { verified } = unwrap(openBundle(right))
    const other = { keys: unwrap(parseKeyFile(createAuditorKey().identity)) }
    expect(verifyOpened(verified!, other)).toMatchObject({ ok: false, fault: { code: 'PROOF_OPENING_KEY' } })
  })

  test('names who has no identity any more, and computes the others', async () => {
    const own = claimStory()
    const [, li] = own.people
    own.data.side.destroy(li, 'identity')
    own.data.ledger.append({
      type: 'record.destroyed',
      data: { person: li, kind: 'identity', reason: 'retention 5 years', act: null },
    })
    const answer = opened(await sealedBundle(own, { keys: [recipient] }))
    expect(answer).toMatchObject({ ok: true, destroyed: [li], people: [{ name: '张三', fen: 3600 }] })
  })

  test('has an e-file for somebody who never came, too', async () => {
    const own = stationStory()
    const answer = opened(await sealedBundle(own, { keys: [recipient] }))
    expect(answer).toMatchObject({ ok: true, people: [{ claims: 'same' }, { claims: 'same' }] })
    expect([...answer.files.keys()]).toContain(`people/${LI}/efile.json`)
    expect([...answer.files.keys()]).not.toContain(`people/${LI}/events.shidao-proof`)
  })

  test('without facts the source can open is refused, not made half', async () => {
    const { openRecord: _, ...without } = sourceOf(story)
    const request = { kind: 'bundle', format: 'zip', sealFor: { keys: [recipient] } } as const
    expect(await exportClass(without, 'c1', request)).toMatchObject({
      ok: false,
      fault: { code: 'EXPORT_SEALED' },
    })
  })

  test('may have entries of a later version, which are hashed and signed with the others', async () => {
    const later = { path: 'later/thing.txt', kind: 'later-thing', about: '以后的 later', bytes: bytes('x') }
    const source = { ...sourceOf(story), bundleEntries: [later] }
    const bundle = unwrap(await exportClass(source, 'c1', { kind: 'bundle', format: 'zip' }))
    expect(unwrap(verifyBundle(bundle)).ok).toBe(true)
    const changed = entriesOf(bundle).set('later/thing.txt', bytes('y'))
    expect(unwrap(verifyBundle(archive(changed, 'stored'))).problem).toMatchObject({ code: 'manifest' })
  })

  test('is not there in a bundle for publication', async () => {
    const bundle = unwrap(await exportClass(sourceOf(story), 'c1', { kind: 'bundle', format: 'zip' }))
    const { verified } = unwrap(openBundle(bundle))
    expect(verifyOpened(verified!, opener)).toMatchObject({ ok: false, fault: { code: 'PROOF_SEALED_NONE' } })
  })
})

describe('an outer bundle that was changed', () => {
  const json = (files: Files, path: string) => JSON.parse(text(files.get(path)))
  /** What is changed, how, and what the verifier answers. All but the last ones are signed anew by the station itself. */
  const changes: [string, (bundle: Uint8Array) => Uint8Array, string, RegExp][] = [
    [
      'a byte of the report',
      (bundle) => resigned(bundle, (files) => edit(files, 'report.html', '<td>180</td>', '<td>181</td>')),
      'contents',
      /^report\.html/,
    ],
    [
      'a correction taken out of its index',
      (bundle) =>
        resigned(bundle, (files) => {
          const index = json(files, 'corrections.json')
          const acts = index.acts.filter(({ kind }: { kind: string }) => kind !== 'correction')
          files.set('corrections.json', jsonBytes({ ...index, acts }))
        }),
      'contents',
      /^corrections\.json/,
    ],
    [
      'a correction that hides what it changed',
      (bundle) =>
        resigned(bundle, (files) => edit(files, 'corrections.json', '"creditedMs": 0', '"creditedMs": 1')),
      'contents',
      /^corrections\.json/,
    ],
    [
      'another pack',
      (bundle) => resigned(bundle, (files) => edit(files, 'pack.json', '"value": 45', '"value": 40')),
      'pack',
      /not the pack that the class named/,
    ],
    [
      'a trust anchor put in another’s place',
      (bundle) =>
        resigned(bundle, (files) => edit(files, 'anchors.json', /"publicKey": "../, '"publicKey": "00')),
      'contents',
      /^anchors\.json/,
    ],
    [
      'a receipt that the ledger doesn’t have',
      (bundle) =>
        resigned(bundle, (files) => edit(files, 'receipts.json', '"receipts": []', '"receipts": [{}]')),
      'contents',
      /^receipts\.json/,
    ],
    [
      'a spot check that nobody called',
      (bundle) =>
        resigned(bundle, (files) => edit(files, 'spot-checks.json', '"planned": 1', '"planned": 2')),
      'contents',
      /^spot-checks\.json/,
    ],
    [
      'somebody’s hours',
      (bundle) => resigned(bundle, (files) => edit(files, 'hours.json', '"lessons": 4', '"lessons": 8')),
      'hours',
      /1 people differ/,
    ],
    [
      'a masked name in the list alone',
      (bundle) => resigned(bundle, (files) => edit(files, 'names.json', '张*', '赵*')),
      'contents',
      /^report\.html/,
    ],
    [
      'one person’s proof under another’s id',
      (bundle) =>
        resigned(bundle, (files) => {
          const [first = '', second = ''] = [...files.keys()].filter((path) => path.startsWith('proofs/'))
          files.set(first, files.get(second)!)
        }),
      'proof',
      /is about somebody else/,
    ],
    [
      'an entry taken out',
      (bundle) => {
        const files = entriesOf(bundle)
        files.delete([...files.keys()].find((path) => path.startsWith('proofs/')) ?? '')
        return archive(files, 'stored')
      },
      'manifest',
      /is not in the bundle$/,
    ],
    [
      'an entry that the index doesn’t know',
      (bundle) => archive(new Map([...entriesOf(bundle), ['more.txt', bytes('x')]]), 'stored'),
      'manifest',
      /doesn’t know more\.txt/,
    ],
    [
      'an index in another order',
      (bundle) => {
        const files = entriesOf(bundle)
        const manifest = bundleManifest.parse(json(files, 'manifest.json'))
        files.set('manifest.json', jsonBytes({ ...manifest, files: manifest.files.toReversed() }))
        return archive(files, 'stored')
      },
      'manifest',
      /is not at its place/,
    ],
    [
      'entries and index in another order, alike',
      (bundle) => {
        const files = entriesOf(bundle)
        const manifest = bundleManifest.parse(json(files, 'manifest.json'))
        const order = manifest.files.toReversed()
        const head = ['manifest.json', 'manifest.note'].map((path): [string, Uint8Array] => [
          path,
          path === 'manifest.json' ? jsonBytes({ ...manifest, files: order }) : files.get(path)!,
        ])
        const rest = order.map(({ path }): [string, Uint8Array] => [path, files.get(path)!])
        return archive(new Map([...head, ...rest]), 'stored')
      },
      'manifest',
      /changed after the station signed it/,
    ],
    [
      'an index signed by somebody else',
      (bundle) => resigned(bundle, () => {}, stationStory().data.key.signer),
      'wrong-key',
      /manifest\.note/,
    ],
  ]

  test.each(changes)('%s', (_what, change, code, detail) => {
    const answer = unwrap(verifyBundle(change(right)))
    expect(answer).toMatchObject({ ok: false, problem: { code } })
    expect(answer.problem?.detail).toMatch(detail)
  })

  test('signed anew without a change is right: the changes above are what is found', () => {
    expect(unwrap(verifyBundle(resigned(right, () => {}))).ok).toBe(true)
    expect(opened(resealed(right, () => {})).ok).toBe(true)
  })

  test('a sealed part that was cut or touched doesn’t open', () => {
    for (const change of [
      (sealed: Uint8Array) => sealed.subarray(0, sealed.length - 20),
      (sealed: Uint8Array) => sealed.with(sealed.length - 1, sealed.at(-1)! ^ 1),
    ]) {
      const bundle = resigned(right, (files) => files.set('sealed.age', change(files.get('sealed.age')!)))
      const { verified } = unwrap(openBundle(bundle))
      expect(verifyOpened(verified!, opener)).toMatchObject({
        ok: false,
        fault: { code: 'PROOF_SEALED_ALTERED' },
      })
    }
  })
})

describe('a sealed part that the station’s owner changed', () => {
  const changes: [string, (files: Files) => void, RegExp][] = [
    [
      'a group that somebody is not of',
      (files) => edit(files, 'records.json', '\\"groups\\":[]', '\\"groups\\":[\\"poor-worker\\"]'),
      /^fact claim\/.* not what the event commits to/,
    ],
    [
      'a name',
      (files) => edit(files, 'records.json', '张三', '张四'),
      /^name and number of .* not what the event commits to/,
    ],
    [
      'a salt',
      (files) => edit(files, 'records.json', /"salt": "[0-9a-f]{4}/, '"salt": "0000'),
      /not what the event commits to/,
    ],
    [
      'a fact that is kept back',
      (files) => {
        const { records } = JSON.parse(text(files.get('records.json')))
        files.set('records.json', jsonBytes({ records: records.slice(0, -1) }))
      },
      /is kept back/,
    ],
    [
      'an opening that no event commits to',
      (files) => {
        const { records } = JSON.parse(text(files.get('records.json')))
        const strange = { ...records[0], commitment: 'f'.repeat(64) }
        files.set('records.json', jsonBytes({ records: [...records, strange] }))
      },
      /no event commits to it/,
    ],
    [
      'a line of money',
      (files) => edit(files, 'claims.json', '"fen": 3600', '"fen": 3000'),
      /^claims\.json: not what the facts and events give/,
    ],
    [
      'an e-file',
      (files) => edit(files, `people/${ZHANG}/efile.json`, '"lessons": 4', '"lessons": 5'),
      /efile\.json: not what the facts and events give/,
    ],
    [
      'the report',
      (files) => edit(files, 'report.html', '36.00', '39.00'),
      /^report\.html: not what the facts and events give/,
    ],
    [
      'a proof of somebody else',
      (files) => {
        files.set(`people/${ZHANG}/events.shidao-proof`, files.get(`people/${LI}/events.shidao-proof`)!)
      },
      /events\.shidao-proof: is about somebody else/,
    ],
    ['a document that is missing', (files) => files.delete('report.html'), /its index is not one/],
  ]

  test.each(changes)('%s is named', (_what, change, detail) => {
    const answer = opened(resealed(right, change))
    expect(answer).toMatchObject({ ok: false, problem: { code: 'opened' } })
    expect(answer.problem?.detail).toMatch(detail)
    expect(answer.files.size).toBe(0)
  })

  test('names the leaf of the event that committed to the changed fact', () => {
    const events = [...story.data.ledger.events()].map(({ event }) => event)
    const leaf = events.find(({ type }) => type === 'person.facts')?.index
    const answer = opened(resealed(right, (files) => edit(files, 'records.json', ':14,', ':2,')))
    expect(answer.problem).toMatchObject({ code: 'opened', index: leaf })
  })

  test('says for whom the claims differ', () => {
    const bundle = resealed(right, (files) => edit(files, 'claims.json', '"fen": 3600', '"fen": 3000'))
    expect(opened(bundle)).toMatchObject({
      claims: 'differs',
      people: [{ name: '张三', claims: 'different', fen: 3600 }, { claims: 'same' }],
    })
  })

  test('a published name of somebody whose identity was destroyed is found', async () => {
    const own = claimStory()
    const [, li] = own.people
    const identity = { person: li, name: '李*', number: '440*************2' }
    own.data.side.destroy(li, 'identity')
    own.data.ledger.append({
      type: 'record.destroyed',
      data: { person: li, kind: 'identity', reason: 'retention 5 years', act: null },
    })
    const source = sourceOf(own)
    const nameOf = (person: string) => source.nameOf(person) ?? identity
    const sealFor = { keys: [recipient] }
    const request = { kind: 'bundle', format: 'zip', sealFor } as const
    const bundle = unwrap(await exportClass({ ...source, nameOf }, 'c1', request))
    expect(opened(bundle).problem?.detail).toMatch(/who has none any more$/)
  })

  test('published totals that are not those of the lines are found', () => {
    const bundle = resigned(right, (files) => {
      edit(files, 'claims.json', /"totalFen": 3600/, '"totalFen": 9900')
      edit(files, 'report.html', '36.00 元；“', '99.00 元；“')
      edit(files, 'report.html', 'As of 2026-03-02, 36.00', 'As of 2026-03-02, 99.00')
    })
    expect(opened(bundle).problem).toMatchObject({ code: 'opened' })
    expect(opened(bundle).problem?.detail).toMatch(/not the totals/)
  })
})
