import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noEvidence } from '../../src/attendance/evidence.ts'
import { unwrap } from '../../src/common/result.ts'
import { archive } from '../../src/export/archive.ts'
import { bundleManifest, describeEntry, jsonBytes } from '../../src/export/bundle-format.ts'
import { exportClass } from '../../src/export/class-export.ts'
import { type BundleVerification, type OutsideKeys, verifyBundle } from '../../src/inspect/verify-bundle.ts'
import { openCheckpoint } from '../../src/ledger/checkpoint.ts'
import { cosign, cosignerKey } from '../../src/ledger/cosignature.ts'
import type { EventData } from '../../src/ledger/event.ts'
import { parseVkey } from '../../src/ledger/note.ts'
import { correctAttendance } from '../../src/station/attendance-acts.ts'
import { closeMonth } from '../../src/station/month-close.ts'
import { personIdentity } from '../../src/station/setup.ts'
import type { Signer } from '../../src/station/staff.ts'
import { MINUTE, MORNING, session } from '../attendance/class-story.ts'
import { type StationStory, stationStory } from '../export/station-story.ts'

type Files = Record<string, Uint8Array>

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)
const bytes = (content: string) => new TextEncoder().encode(content)

async function bundleOf(story: StationStory): Promise<Uint8Array> {
  const { ledger, key } = story.data
  const nameOf = (person: string) => personIdentity(story.data, person)
  const source = { ledger, packFolders: [], nameOf, signer: key.signer }
  return unwrap(await exportClass(source, 'c1', { kind: 'bundle', format: 'zip' }))
}

function verified(bundle: Uint8Array, outside: OutsideKeys = {}): BundleVerification {
  return unwrap(verifyBundle(bundle, outside))
}

/** One whole morning: both trainees come and go. */
function morning(
  options: { simulated?: boolean } = {},
  afterwards?: (clean: () => void) => void,
): StationStory {
  const story = stationStory(options, afterwards)
  const [zhang, li] = story.people
  story.sign(zhang, 'in', -5, { portrait: 'chip' })
  story.sign(li, 'in', 10)
  story.sign(li, 'out', 180)
  story.sign(zhang, 'out', 181, { portrait: 'chip' })
  return story
}

/** Changes files of a bundle and makes the manifest right again, as somebody would who knows the format. */
function rewrite(bundle: Uint8Array, change: (files: Files) => void): Uint8Array {
  const files: Files = unzipSync(bundle)
  change(files)
  const manifest = bundleManifest.parse(JSON.parse(text(files['manifest.json'])))
  const described = manifest.files.map((entry) =>
    describeEntry({ ...entry, bytes: files[entry.path] ?? new Uint8Array() }),
  )
  files['manifest.json'] = jsonBytes({ ...manifest, files: described })
  return archive(new Map(Object.entries(files)), 'stored')
}

function rewriteEvents(bundle: Uint8Array, change: (lines: string[]) => string[]): Uint8Array {
  return rewrite(bundle, (files) => {
    const lines = text(files['events.ndjson']).split('\n').slice(0, -1)
    files['events.ndjson'] = bytes(
      change(lines)
        .map((line) => `${line}\n`)
        .join(''),
    )
  })
}

/** A collector's receipt over everything so far, logged as the next event. */
function receipt(story: StationStory) {
  const { ledger, key } = story.data
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const name = 'collector.example'
  const witness = cosignerKey(name, publicKey)
  const note = ledger.checkpoint()
  const { size, root } = unwrap(openCheckpoint(note, [key.signer.key]))
  const time = 1_772_500_000
  ledger.append({
    type: 'receipt',
    data: {
      witness: witness.vkey,
      size,
      root: Buffer.from(root).toString('hex'),
      time: time * 1000,
      note: note + cosign(note, { name, privateKey }, time),
    },
  })
  return witness
}

/** A bundle of one such morning, made once for the tests that damage copies of it. */
let right: Uint8Array

let cleanUp = () => {}

beforeAll(async () => {
  right = await bundleOf(
    morning({}, (clean) => {
      cleanUp = clean
    }),
  )
})
afterAll(() => cleanUp())

describe('a bundle as it was exported', () => {
  test('is right by its own key, and its hours are computed again', async () => {
    const story = morning()
    expect(verified(await bundleOf(story))).toEqual({
      ok: true,
      class: 'c1',
      size: story.data.ledger.size,
      root: Buffer.from(story.data.ledger.root).toString('hex'),
      simulated: false,
      trust: 'self',
      witnessed: null,
      hours: 'recomputed',
      differing: [],
      report: 'recomputed',
      sealed: false,
      problem: null,
    })
  })

  test('is trusted by the station’s key when an auditor brings it', async () => {
    const story = morning()
    const key = unwrap(parseVkey(story.data.key.vkey))
    expect(verified(await bundleOf(story), { key })).toMatchObject({ ok: true, trust: 'key' })
  })

  test('is trusted by a witness that has seen every record of the class', async () => {
    const story = morning()
    const witness = receipt(story)
    const answer = verified(await bundleOf(story), { witness })
    expect(answer).toMatchObject({ ok: true, trust: 'witness', witnessed: { size: 8 } })
  })

  test('is not right for a witness that has not seen its last record', async () => {
    const story = morning()
    const witness = receipt(story)
    const index = story.sign(story.people[0], 'in', 182)
    const answer = verified(await bundleOf(story), { witness })
    expect(answer).toMatchObject({ ok: false, problem: { code: 'unwitnessed', index } })
  })

  test('of a station whose key was revoked is right as far as a witness saw it before that', async () => {
    const story = morning()
    const witness = receipt(story)
    const { vkey } = story.data.key
    const outside = (since: number): OutsideKeys => {
      const quorum = { threshold: 1, members: [witness] }
      const logs = [unwrap(parseVkey(morning().data.key.vkey))]
      return { policy: { logs, witnesses: [witness], quorum, revoked: new Map([[vkey, since]]) } }
    }
    const [before, after] = [outside(1_772_500_000_000), outside(1_772_500_000_001)]
    const bundle = await bundleOf(story)
    expect(verified(bundle, after)).toMatchObject({ ok: true, trust: 'witness' })
    expect(verified(bundle, before)).toMatchObject({ ok: false, problem: { code: 'wrong-key' } })
    const index = story.sign(story.people[0], 'in', 182)
    expect(verified(await bundleOf(story), after).problem).toMatchObject({ code: 'wrong-key', index })
  })

  test('of a simulated station says so', async () => {
    expect(verified(await bundleOf(morning({ simulated: true })))).toMatchObject({
      ok: true,
      simulated: true,
    })
  })

  test('holds no name, number or picture of anybody', async () => {
    const bundle = Buffer.from(await bundleOf(morning()))
    for (const secret of ['张三', '李四', '王主管', '11010519491231002X', '440308199901101512']) {
      expect(bundle.includes(secret)).toBe(false)
    }
  })

  test('has the same bytes when it is made again', async () => {
    const story = morning()
    expect(Buffer.compare(await bundleOf(story), await bundleOf(story))).toBe(0)
  })
})

describe('a bundle that somebody changed', () => {
  test('is found by its manifest when the manifest was forgotten', () => {
    const bundle = Buffer.from(right)
    const at = bundle.indexOf('"direction":"in"')
    bundle.write('"direction":"xx"', at)
    expect(verified(bundle)).toMatchObject({ ok: false, problem: { code: 'manifest' } })
  })

  test('is found when only the zip around the files was touched', () => {
    for (const at of [10, right.length - 10]) {
      const bundle = Buffer.from(right)
      bundle[at] = (bundle[at] ?? 0) ^ 0x55
      const answer = verifyBundle(bundle)
      expect(answer.ok && answer.value.ok).toBe(false)
    }
  })

  test('is found by the root when one record was improved', () => {
    const bundle = rewriteEvents(right, (lines) =>
      lines.map((line) => line.replace('"portrait":"official"', '"portrait":"chip"')),
    )
    expect(verified(bundle)).toMatchObject({ ok: false, problem: { code: 'altered' } })
  })

  test('names the place of a record that was taken out', () => {
    const bundle = rewriteEvents(right, (lines) => lines.toSpliced(5, 1))
    expect(verified(bundle)).toMatchObject({ ok: false, problem: { code: 'removed', index: 5 } })
  })

  test('names the place of a record that was put in', () => {
    const bundle = rewriteEvents(right, (lines) => lines.toSpliced(6, 0, lines[5] ?? ''))
    expect(verified(bundle)).toMatchObject({ ok: false, problem: { code: 'inserted', index: 6 } })
  })

  test('is found when its tail was cut off', () => {
    const bundle = rewriteEvents(right, (lines) => lines.slice(0, -1))
    expect(verified(bundle)).toMatchObject({ ok: false, problem: { code: 'removed', index: 7 } })
  })

  test('names the record that is not an event', () => {
    const bundle = rewriteEvents(right, (lines) => lines.with(6, '{"v":1}'))
    expect(verified(bundle)).toMatchObject({ ok: false, problem: { code: 'altered', index: 6 } })
  })

  test('is found when hours were added to the hours document', () => {
    const bundle = rewrite(right, (files) => {
      files['hours.json'] = bytes(text(files['hours.json']).replace('"lessons": 4', '"lessons": 40'))
    })
    expect(verified(bundle)).toMatchObject({ ok: false, hours: 'differs', problem: { code: 'hours' } })
  })

  test('is found when a receipt was dropped from the list of them', async () => {
    const story = morning()
    receipt(story)
    const bundle = rewrite(await bundleOf(story), (files) => {
      files['receipts.json'] = jsonBytes({ receipts: [] })
    })
    expect(verified(bundle)).toMatchObject({ ok: false, problem: { code: 'contents' } })
  })

  test('is found by the signature of its index when every file in it is right', () => {
    const bundle = rewrite(right, (files) => {
      const names = text(files['names.json'])
      files['names.json'] = bytes(`${names}\n`)
    })
    expect(verified(bundle)).toMatchObject({ ok: false, problem: { code: 'manifest' } })
  })

  test('is found when the pack was made kinder', () => {
    const bundle = rewrite(right, (files) => {
      files['pack.json'] = bytes(text(files['pack.json']).replace('"value": 15', '"value": 90'))
    })
    expect(verified(bundle)).toMatchObject({ ok: false, problem: { code: 'pack' } })
  })

  test('is found when the whole story was told again with another key', () => {
    const key = unwrap(parseVkey(morning().data.key.vkey))
    expect(verified(right, { key })).toMatchObject({
      ok: false,
      problem: { code: 'wrong-key' },
    })
  })

  test('is found when another station’s checkpoint was put in', async () => {
    const other = unzipSync(await bundleOf(morning()))['checkpoint.note'] ?? new Uint8Array()
    const bundle = rewrite(right, (files) => {
      files['checkpoint.note'] = other
    })
    expect(verified(bundle)).toMatchObject({ ok: false, problem: { code: 'wrong-key' } })
  })

  test('is found when it hides that the station was simulated', async () => {
    const bundle = rewrite(await bundleOf(morning({ simulated: true })), (files) => {
      files['manifest.json'] = bytes(
        text(files['manifest.json']).replace('"simulated": true', '"simulated": false'),
      )
    })
    expect(verified(bundle)).toMatchObject({ ok: false, problem: { code: 'manifest' } })
  })
})

describe('a closed month', () => {
  const closed = (story: StationStory): readonly [Signer, Signer] => {
    story.clock.set(MORNING + 200 * MINUTE)
    const given = { name: '赵主管', role: 'supervisor' as const, pin: '246810' }
    const { actor } = unwrap(story.staff.enrol(given, story.supervisor))
    const signers = [story.supervisor, { actor, pin: given.pin }] as const
    const month = { class: 'c1', month: '2026-03', reason: null }
    unwrap(closeMonth(story.data, story.staff, month, [...signers]))
    return signers
  }
  /** Two people sign another closing, as a station would record that counts otherwise than it should. */
  const closeAgain = (story: StationStory, change: Partial<EventData['month.closed']>): number => {
    const signers = closed(story)
    const [right] = [...story.data.ledger.events()].flatMap(({ event }) =>
      event.type === 'month.closed' ? [event.data] : [],
    )
    if (right === undefined) throw new Error('no month was closed')
    const { act: _signed, ...body } = { ...right, ...change }
    const act = unwrap(story.staff.sign({ act: 'month.close', ...body }, [...signers]))
    return story.data.ledger.append({ type: 'month.closed', data: { ...body, act } }).index
  }

  test('is counted again as of its size, also when its hours changed later', async () => {
    const story = morning()
    const signers = closed(story)
    const [came] = [...story.data.ledger.events()].filter(({ event }) => event.type === 'attendance')
    const seat = { class: 'c1', session: session.id, person: story.people[0] }
    const given = { ...seat, add: null, void: came?.index ?? 0, reason: '重复登记' }
    unwrap(correctAttendance(story.data, story.staff, given, [...signers]))
    expect(verified(await bundleOf(story))).toMatchObject({ ok: true, problem: null })
  })

  test.each([
    ['digest', { hours: 'a'.repeat(64) }],
    ['total', { totals: { ...noEvidence(), chip: 1 } }],
    ['size', { size: 2 }],
    ['size that was still to come', { size: 1000 }],
    ['month', { month: '2026-04' }],
  ])('with another %s is found, although two people signed it', async (_what, change) => {
    const story = morning()
    const index = closeAgain(story, change)
    expect(verified(await bundleOf(story))).toMatchObject({
      ...{ ok: false, hours: 'recomputed', problem: { code: 'hours', index } },
    })
  })
})

describe('manual acts', () => {
  test('a witnessed record without a supervisor’s signature is found', async () => {
    const story = morning()
    const index = story.sign(story.people[0], 'in', 182, { outcome: 'witnessed', portrait: 'none' })
    expect(verified(await bundleOf(story))).toMatchObject({ ok: false, problem: { code: 'act', index } })
  })

  test('a signature for one person does not prove another', async () => {
    const story = morning()
    const [zhang, li] = story.people
    const statement = {
      act: 'attendance.witness',
      class: 'c1',
      session: 'am',
      person: zhang,
      direction: 'in',
    }
    const act = unwrap(story.staff.sign(statement, [story.supervisor]))
    story.sign(zhang, 'in', 182, { outcome: 'witnessed', portrait: 'none', act })
    expect(verified(await bundleOf(story))).toMatchObject({ ok: true })
    const index = story.sign(li, 'in', 183, { outcome: 'witnessed', portrait: 'none', act })
    expect(verified(await bundleOf(story))).toMatchObject({ ok: false, problem: { code: 'act', index } })
  })
})

describe('files from strangers', () => {
  const refusals: [string, (bundle: Uint8Array) => Uint8Array][] = [
    ['nothing at all', () => new Uint8Array()],
    ['text', () => bytes('hello')],
    ['a bundle cut in half', (bundle) => bundle.subarray(0, bundle.length / 2)],
    ['a zip without a manifest', () => zipSync({ 'hours.json': bytes('{}') }, { level: 0 })],
    ['a name that climbs out', (bundle) => withEntry(bundle, '../../etc/passwd')],
    ['an absolute name', (bundle) => withEntry(bundle, '/hours.json')],
    ['a manifest that is a list', (bundle) => withManifest(bundle, '[]')],
    ['a manifest without its fields', (bundle) => withManifest(bundle, '{"format":"shidao-bundle/v2"}')],
    ['entries that lie on each other, as in a bomb', overlapping],
    ['an entry twice', twice],
    ['a compressed entry, as a bomb is', () => zipSync({ 'manifest.json': new Uint8Array(50_000_000) })],
  ]

  test.each(refusals)('%s is refused with a code', (_name, make) => {
    const answer = verifyBundle(make(right))
    expect(answer).toMatchObject({ ok: false, fault: { code: 'PROOF_NOT_A_BUNDLE' } })
  })

  test.each(['v1', 'v3'])('format %s is said to be another version', (version) => {
    const answer = verifyBundle(withManifest(right, `{"format":"shidao-bundle/${version}"}`))
    expect(answer).toMatchObject({ ok: false, fault: { code: 'PROOF_FORMAT' } })
  })

  test('no damage makes the verifier throw or say yes', () => {
    const bundle = right
    const anywhere = fc.nat(bundle.length - 1)
    const damage = fc.array(fc.tuple(anywhere, fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(damage, (hits) => {
        const damaged = Uint8Array.from(bundle)
        for (const [at, flip] of hits) damaged[at] = (damaged[at] ?? 0) ^ flip
        const answer = verifyBundle(damaged)
        return !answer.ok || !answer.value.ok || sameFiles(damaged, bundle)
      }),
      { numRuns: 300 },
    )
  })
})

/** Damage to a zip's own fields, a time or an attribute, changes no file. */
function sameFiles(a: Uint8Array, b: Uint8Array): boolean {
  const [left, right]: [Files, Files] = [unzipSync(a), unzipSync(b)]
  return Object.entries(right).every(
    ([name, content]) => Buffer.compare(left[name] ?? bytes(''), content) === 0,
  )
}

function withEntry(bundle: Uint8Array, name: string): Uint8Array {
  return zipSync({ ...unzipSync(bundle), [name]: bytes('x') }, { level: 0 })
}

/** Every line of the zip's directory points at its largest entry: small on the disk, huge in memory. */
function overlapping(bundle: Uint8Array): Uint8Array {
  const copy = Buffer.from(bundle)
  const end = copy.length - 22
  let at = copy.readUInt32LE(end + 16)
  let largest = { size: 0, offset: 0, name: 0 }
  for (let left = copy.readUInt16LE(end + 10), from = at; left > 0; left--) {
    const [size, name] = [copy.readUInt32LE(from + 24), copy.readUInt16LE(from + 28)]
    if (size > largest.size) largest = { size, offset: copy.readUInt32LE(from + 42), name }
    from += 46 + name
  }
  for (let left = copy.readUInt16LE(end + 10); left > 0; left--) {
    copy.writeUInt32LE(largest.size, at + 20)
    copy.writeUInt32LE(largest.size, at + 24)
    copy.writeUInt32LE(largest.offset, at + 42)
    at += 46 + copy.readUInt16LE(at + 28)
  }
  return copy
}

/** The second name in the directory becomes the first one again. */
function twice(bundle: Uint8Array): Uint8Array {
  const copy = Buffer.from(bundle)
  const directory = copy.readUInt32LE(copy.length - 22 + 16)
  const second = copy.indexOf('manifest.note', directory)
  copy.write('manifest.json', second)
  return copy
}

function withManifest(bundle: Uint8Array, manifest: string): Uint8Array {
  return archive(
    new Map(Object.entries({ ...unzipSync(bundle), 'manifest.json': bytes(manifest) })),
    'stored',
  )
}
