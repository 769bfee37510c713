import { z } from 'zod'
import type { ClaimsDocument } from '../attendance/claims.ts'
import { claimsUnder } from '../attendance/claims-under.ts'
import { type FactHistory, projectFacts } from '../attendance/fact-history.ts'
import { parsePackFile } from '../attendance/rule-pack.ts'
import { Fault } from '../common/fault.ts'
import { maskName, maskNumber } from '../common/mask.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { sameJson } from '../common/same-json.ts'
import { claimTotals } from '../export/bundle/claim-totals.ts'
import { REPORT_FORMAT } from '../export/bundle/report.ts'
import type { PersonName } from '../export/bundle/report-names.ts'
import { type Opener, openAge } from '../export/sealed/age.ts'
import {
  commitmentsOf,
  IDENTITY_RECORD,
  type OpenedRecord,
  openedRecord,
  opensCommitment,
  unsealFromOpened,
} from '../export/sealed/commitments.ts'
import { namesOf, openedDerived } from '../export/sealed/opened.ts'
import { openedIndex, requiredOpened, staffFile } from '../export/sealed/opened-format.ts'
import { sameBytes } from '../ledger/bytes.ts'
import { falseProof, namesIn } from './bundle-contents.ts'
import { type BundleProblem, problem } from './problem.ts'
import { readArchive } from './read-archive.ts'
import { indexProblem, isPackedAsWritten, jsonOf } from './read-bundle.ts'
import type { VerifiedBundle } from './verify-bundle.ts'

/** A person as an auditor's key shows them, with what was computed again for them. */
export interface OpenedPerson extends PersonName {
  readonly hours: 'same'
  /** `none`: the class's pack has no rules for claims. */
  readonly claims: 'same' | 'different' | 'none'
  /** What they may claim by this verifier's own computation; null while a line is unknown. */
  readonly fen: number | null
}

export interface OpenedVerification {
  readonly ok: boolean
  /** Commitments of the ledger that were opened and are right. */
  readonly opened: number
  readonly people: readonly OpenedPerson[]
  /** Whose identity was destroyed, lawfully: nobody can say any more who they were. */
  readonly destroyed: readonly string[]
  readonly claims: 'recomputed' | 'differs' | 'none' | null
  readonly totalFen: number | null
  readonly problem: BundleProblem | null
  /** Entries of the sealed part, for whoever wants them as files; empty with a problem. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/**
 * Opens the sealed part of a bundle that was verified, and checks it against the bundle's own events: every opening
 * against its commitment, that none is kept back, and claims, report and e-files, computed again with the facts in it.
 * Total. Faults: `PROOF_SEALED_NONE`, `PROOF_NOT_A_BUNDLE`, those of `openAge`.
 */
export function verifyOpened(bundle: VerifiedBundle, opener: Opener): Result<OpenedVerification> {
  const sealed = bundle.files.get('sealed.age')
  if (sealed === undefined)
    return failed(new Fault('PROOF_SEALED_NONE', 'this bundle has no part for auditors'))
  const bytes = openAge(sealed, opener)
  if (!bytes.ok) return bytes
  const files = readArchive(bytes.value)
  if (!files.ok) return files
  const packed = isPackedAsWritten(bytes.value, files.value)
  try {
    return ok(examine(bundle, files.value, packed))
  } catch (thrown) {
    // A ledger may hold times that no calendar has: nothing can be computed from them.
    if (thrown instanceof RangeError) return ok(wrong(`it cannot be computed (${thrown.message})`))
    throw thrown
  }
}

const nothing = {
  ok: false,
  opened: 0,
  people: [],
  destroyed: [],
  claims: null,
  totalFen: null,
  files: new Map(),
}

function examine(
  bundle: VerifiedBundle,
  files: ReadonlyMap<string, Uint8Array>,
  packed: boolean,
): OpenedVerification {
  const { matter } = bundle
  const index = openedIndex.safeParse(jsonOf(files, 'index.json'))
  const missing = requiredOpened.find((path) => !files.has(path))
  if (!index.success || missing !== undefined || !packed)
    return wrong('its index is not one, or it was packed anew')
  const described = indexProblem(index.data.files, files, ['index.json'])
  if (described !== null) return { ...nothing, problem: described }
  const { class: classId, origin, size, root } = index.data
  if (classId !== matter.classId || !sameJson({ origin, size, root }, matter.tree))
    return wrong('it is of another bundle')
  const records = z.strictObject({ records: z.array(openedRecord) }).safeParse(jsonOf(files, 'records.json'))
  const staff = staffFile.safeParse(jsonOf(files, 'staff.json'))
  if (!records.success || !staff.success) return wrong('records.json or staff.json is malformed')
  const openings = records.data.records
  const broken = openingProblem(bundle, openings)
  if (broken !== null) return { ...nothing, problem: broken }

  const facts = projectFacts(matter.events, unsealFromOpened(openings))
  const claims = recomputeClaims(bundle, facts)
  if (!claims.ok) return { ...nothing, problem: claims.fault }
  const names = namesOf(matter, openings)
  const named = new Set(names.map(({ person }) => person))
  const people = names.map((name) => personOf(name, claims.value, jsonOf(files, 'claims.json')))
  const differs = people.some((person) => person.claims === 'different')
  const answer = {
    ...nothing,
    opened: openings.length,
    people,
    destroyed: matter.hours.people.map(({ person }) => person).filter((person) => !named.has(person)),
    claims:
      claims.value === null ? ('none' as const) : differs ? ('differs' as const) : ('recomputed' as const),
    totalFen: claims.value?.totalFen ?? null,
  }
  const given = {
    ...{ matter, facts, names, claims: claims.value },
    staff: new Map(staff.data.people.map(({ actor, name }) => [actor, name])),
  }
  const found =
    totalsProblem(bundle, claims.value) ??
    derivedProblem(openedDerived(given), files, bundle) ??
    maskedProblem(bundle, names) ??
    proofProblem(bundle, files, names)
  if (found === null) return { ...answer, ok: true, problem: null, files }
  return {
    ...answer,
    claims: found.detail.startsWith('claims.json') ? 'differs' : answer.claims,
    problem: found,
  }
}

function wrong(detail: string): OpenedVerification {
  return { ...nothing, problem: problem('opened', null, `the part for auditors: ${detail}`) }
}

/** Every opening is one of the ledger's commitments, and every commitment about the class's people is opened. */
function openingProblem({ matter }: VerifiedBundle, openings: readonly OpenedRecord[]): BundleProblem | null {
  const needed = commitmentsOf(matter.events, new Set(matter.target.seats.keys()))
  const keyOf = ({ person, record, commitment }: Pick<OpenedRecord, 'person' | 'record' | 'commitment'>) =>
    `${person} ${record} ${commitment}`
  const known = new Map(needed.map((commitment) => [keyOf(commitment), commitment]))
  for (const opening of openings) {
    const { person, record } = opening
    const of = known.get(keyOf(opening))
    const what = record === IDENTITY_RECORD ? 'name and number' : `fact ${record}`
    if (of === undefined)
      return problem('opened', null, `${what} of ${person}: no event commits to it, or it was destroyed`)
    if (!opensCommitment(opening))
      return problem('opened', of.leaf, `${what} of ${person}: not what the event commits to`)
    known.delete(keyOf(opening))
  }
  const [held] = [...known.values()]
  if (held === undefined) return null
  const what = held.record === IDENTITY_RECORD ? 'name and number' : `fact ${held.record}`
  return problem(
    'opened',
    held.leaf,
    `${what} of ${held.person} is kept back, and no event says that it was destroyed`,
  )
}

function recomputeClaims(
  { matter, files }: VerifiedBundle,
  facts: FactHistory,
): Result<ClaimsDocument | null, BundleProblem> {
  const findPack = (sha256: string) =>
    parsePackFile(
      files.get(sha256 === matter.pack.sha256 ? 'pack.json' : `packs/${sha256}.json`) ?? new Uint8Array(),
    )
  const found = claimsUnder({ history: matter.history, facts }, matter.classId, findPack)
  if (found.ok) return ok(found.value.claims)
  if (found.fault.code === 'PACK_WITHOUT_CLAIMS') return ok(null)
  return { ok: false, fault: problem('pack', null, found.fault.message) }
}

function personOf(name: PersonName, claims: ClaimsDocument | null, claimed: unknown): OpenedPerson {
  if (claims === null) return { ...name, hours: 'same', claims: 'none', fen: null }
  const own = claims.people.filter(({ person }) => person === name.person)
  const listed = (claimed as { people?: unknown } | null)?.people
  const theirs = (Array.isArray(listed) ? (listed as { person?: unknown }[]) : []).filter(
    (line) => line?.person === name.person,
  )
  const same = sameJson(JSON.parse(JSON.stringify(own)), theirs)
  const fen = own.reduce<number | null>(
    (sum, line) => (sum === null || line.fen === null ? null : sum + line.fen),
    0,
  )
  return { ...name, hours: 'same', claims: same ? 'same' : 'different', fen }
}

/** The totals that are published are those of the lines that only an auditor sees. */
function totalsProblem({ files }: VerifiedBundle, claims: ClaimsDocument | null): BundleProblem | null {
  const published = files.has('claims.json') ? jsonOf(files, 'claims.json') : null
  const own = claims === null ? null : JSON.parse(JSON.stringify(claimTotals(claims)))
  if (sameJson(published, own)) return null
  return problem('opened', null, 'claims.json of the bundle: not the totals that the facts give')
}

function derivedProblem(
  derived: ReturnType<typeof openedDerived>,
  files: ReadonlyMap<string, Uint8Array>,
  bundle: VerifiedBundle,
): BundleProblem | null {
  // The page of another version says the same in other words.
  const compared = derived.filter(({ path }) => path !== 'report.html' || sameReport(bundle))
  const other = compared.find(({ path, bytes }) => !sameBytes(files.get(path) ?? new Uint8Array(), bytes))
  return other === undefined
    ? null
    : problem('opened', null, `${other.path}: not what the facts and events give`)
}

function sameReport({ files }: VerifiedBundle): boolean {
  return (jsonOf(files, 'manifest.json') as { report?: unknown } | null)?.report === REPORT_FORMAT
}

/** The names that were published masked are these people's. */
function maskedProblem({ files }: VerifiedBundle, names: readonly PersonName[]): BundleProblem | null {
  const published = namesIn(files) ?? []
  for (const { person, name, number } of names) {
    const masked = published.find((found) => found.person === person)
    if (masked?.name === maskName(name) && masked.number === maskNumber(number)) continue
    return problem('opened', null, `names.json: the masked name of ${person} is another one’s`)
  }
  const strange = published.find(({ person }) => !names.some((name) => name.person === person))
  if (strange === undefined) return null
  return problem('opened', null, `names.json: a name for ${strange.person}, who has none any more`)
}

function proofProblem(
  { tree }: VerifiedBundle,
  files: ReadonlyMap<string, Uint8Array>,
  names: readonly PersonName[],
): BundleProblem | null {
  for (const [path, bytes] of files) {
    if (!path.endsWith('/events.shidao-proof')) continue
    const efile = jsonOf(files, path.replace('events.shidao-proof', 'efile.json')) as {
      person?: unknown
    } | null
    const person = names.find((name) => name.person === efile?.person)?.person
    const detail = person === undefined ? 'stands beside nobody’s e-file' : falseProof(bytes, person, tree)
    if (detail !== null) return problem('opened', null, `${path}: ${detail}`)
  }
  return null
}
