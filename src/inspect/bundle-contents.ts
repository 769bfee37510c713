import { z } from 'zod'
import type { PersonHours } from '../attendance/hours.ts'
import { parsePackFile, parseRulePack } from '../attendance/rule-pack.ts'
import { Fault } from '../common/fault.ts'
import { failed, type Result } from '../common/result.ts'
import { sameJson } from '../common/same-json.ts'
import type { ClaimTotals } from '../export/bundle/claim-totals.ts'
import { derivedEntries } from '../export/bundle/derived.ts'
import { type BundleMatter, bundleMatter } from '../export/bundle/matter.ts'
import { bundleReport, REPORT_FORMAT } from '../export/bundle/report.ts'
import type { PersonName } from '../export/bundle/report-names.ts'
import { sameBytes, toHex } from '../ledger/bytes.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import type { MerkleTree } from '../ledger/merkle.ts'
import { splitNote } from '../ledger/note.ts'
import { sha256 } from '../ledger/sha256.ts'
import { closedMonthProblem } from './closed-months.ts'
import { type BundleProblem, problem } from './problem.ts'
import { type Bundle, jsonOf } from './read-bundle.ts'
import { verifyEventProof } from './verify-event-proof.ts'

/* What stands in a bundle beside its log, computed again from the log. */

export interface ContentsVerdict {
  /** Null where the pack or the hours could not be computed. */
  readonly matter: BundleMatter | null
  readonly hours: 'recomputed' | 'differs' | null
  /** `signed-only`: the page is of another version, and only the station's signature vouches for it. */
  readonly report: 'recomputed' | 'signed-only' | null
  /** People whose hours in the bundle are not what the events give. */
  readonly differing: readonly string[]
  readonly problem: BundleProblem | null
}

/** Computes every document of a bundle again. Stops at the first that is another one. Total. */
export function checkContents(
  bundle: Bundle,
  events: readonly LedgerEvent[],
  tree: MerkleTree,
): ContentsVerdict {
  const { manifest, files } = bundle
  const nothing = { matter: null, hours: null, report: null, differing: [] }
  const pack = parseRulePack(files.get('pack.json') ?? new Uint8Array())
  if (!pack.ok) return { ...nothing, problem: problem('pack', null, pack.fault.message) }
  const { origin, size, root } = manifest
  const made = computed(() => bundleMatter(events, manifest.class, pack.value, { origin, size, root }))
  if (!made.ok) return { ...nothing, problem: problem('hours', null, made.fault.message) }
  const matter = made.value
  if (matter.target.pack.sha256 !== pack.value.sha256) {
    const detail = 'pack.json is not the pack that the class named'
    return { ...nothing, problem: problem('pack', null, detail) }
  }
  const differing = differingPeople(matter, jsonOf(files, 'hours.json'))
  if (differing !== null) {
    const detail = `hours.json is not what the events and the pack give (${differing.length} people differ)`
    return { ...nothing, hours: 'differs', differing, problem: problem('hours', null, detail) }
  }
  const proven = { ...nothing, matter, hours: 'recomputed' as const }
  if (manifest.simulated !== matter.hours.simulated) {
    const detail = 'the manifest hides a simulated station'
    return { ...proven, problem: problem('manifest', 0, detail) }
  }
  const found =
    closedMonthProblem(matter) ??
    derivedProblem(matter, files) ??
    packProblem(matter, files) ??
    proofProblem(matter, bundle, tree)
  if (found !== null) return { ...proven, problem: found }
  if (manifest.report !== REPORT_FORMAT) return { ...proven, report: 'signed-only', problem: null }
  return { ...proven, report: 'recomputed', problem: reportProblem(matter, bundle) }
}

/** A ledger may hold times that no calendar has: nothing can be computed from them. */
function computed<T>(compute: () => Result<T>): Result<T> {
  try {
    return compute()
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    return failed(new Fault('PROOF_TIMES', `the records cannot be computed (${thrown.message})`))
  }
}

/** Null when the documents are the same, else whose hours differ; nobody's when something else does. */
function differingPeople(matter: BundleMatter, claimed: unknown): readonly string[] | null {
  const hours = JSON.parse(JSON.stringify(matter.hours)) as { people: PersonHours[] }
  if (sameJson(claimed, hours)) return null
  const listed = (claimed as { people?: unknown } | null)?.people
  const people = Array.isArray(listed) ? (listed as { person?: unknown }[]) : []
  return hours.people
    .filter((own) => !sameJson(own, people.find((found) => found?.person === own.person) ?? null))
    .map(({ person }) => person)
}

function derivedProblem(matter: BundleMatter, files: ReadonlyMap<string, Uint8Array>): BundleProblem | null {
  const derived = derivedEntries(matter)
  const other = derived.find(({ path, bytes }) => !sameBytes(files.get(path) ?? new Uint8Array(), bytes))
  if (other !== undefined) return problem('contents', null, `${other.path} is not what the events give`)
  const made = derived.some(({ path }) => path === 'receipt.note')
  if (made || !files.has('receipt.note')) return null
  return problem('contents', null, 'receipt.note is no receipt of this ledger')
}

/** Packs and catalogues are known by their hashes, and only those that the ledger names have a place here. */
function packProblem(
  { anchors, pack }: BundleMatter,
  files: ReadonlyMap<string, Uint8Array>,
): BundleProblem | null {
  for (const named of anchors.packs) {
    const bytes = files.get(`packs/${named}.json`)
    if (named === pack.sha256) continue
    if (bytes === undefined) return problem('pack', null, `pack ${named.slice(0, 16)}… is not in the bundle`)
    const read = parsePackFile(bytes)
    if (!read.ok || read.value.sha256 !== named)
      return problem('pack', null, `packs/${named}.json is another pack`)
  }
  for (const [path, bytes] of files) {
    const named = /^catalogues\/([0-9a-f]{64})\.txt$/.exec(path)?.[1]
    if (named === undefined) continue
    const known = anchors.catalogues.some((catalogue) => catalogue.sha256 === named)
    if (!known || catalogueHash(bytes) !== named)
      return problem('contents', null, `${path} is another catalogue`)
  }
  return null
}

/** Of the text that a catalogue's note signs, or of the whole file where nobody signed. */
function catalogueHash(bytes: Uint8Array): string {
  const file = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const note = splitNote(file)
  return toHex(sha256(new TextEncoder().encode(note.ok ? note.value.text : file)))
}

function proofProblem({ hours }: BundleMatter, { files }: Bundle, tree: MerkleTree): BundleProblem | null {
  const people = new Set(hours.people.map(({ person }) => person))
  for (const [path, bytes] of files) {
    const person = /^proofs\/([0-9a-f]{32})\.shidao-proof$/.exec(path)?.[1]
    if (person === undefined) continue
    const detail = people.has(person) ? falseProof(bytes, person, tree) : 'is of somebody else’s class'
    if (detail !== null) return problem('proof', null, `${path} ${detail}`)
  }
  return null
}

/** Why a person's proof proves nothing about this ledger; null when it does. */
export function falseProof(bytes: Uint8Array, person: string, tree: MerkleTree): string | null {
  const proof = verifyEventProof(bytes)
  if (!proof.ok) return proof.fault.message
  const { about, size, root, problem: found } = proof.value
  if (found !== null) return found.detail
  if (about.kind !== 'person' || about.person !== person) return 'is about somebody else'
  return size <= tree.size && toHex(tree.root(size)) === root ? null : 'is of another ledger'
}

const maskedNames = z.strictObject({
  class: z.string(),
  edition: z.literal('masked'),
  people: z.array(z.strictObject({ person: z.string(), name: z.string(), number: z.string() })),
})

/** The names that a bundle shows; null where the file isn't one of names. */
export function namesIn(files: ReadonlyMap<string, Uint8Array>): readonly PersonName[] | null {
  const read = maskedNames.safeParse(jsonOf(files, 'names.json'))
  return read.success ? read.data.people : null
}

function reportProblem(matter: BundleMatter, { files }: Bundle): BundleProblem | null {
  const names = namesIn(files)
  if (names === null) return problem('contents', null, 'names.json is no list of masked names')
  const totals = files.has('claims.json') ? (jsonOf(files, 'claims.json') as ClaimTotals) : null
  const differs = problem('contents', null, 'report.html does not say what the events give')
  try {
    const report = bundleReport({ matter, names, totals, lines: null, actors: new Map() })
    const written = files.get('report.html') ?? new Uint8Array()
    return sameBytes(new TextEncoder().encode(report), written) ? null : differs
  } catch {
    // A document of totals in another shape: no page can say what it gives.
    return problem('contents', null, 'claims.json is no summary of claims')
  }
}
