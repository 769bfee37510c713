import type { ClaimsDocument } from '../attendance/claims.ts'
import { claimsUnder } from '../attendance/claims-under.ts'
import { type FactHistory, projectFacts } from '../attendance/fact-history.ts'
import { projectHistory } from '../attendance/history.ts'
import type { PackFile } from '../attendance/rule-pack.ts'
import { findPackFile } from '../attendance/shipped-packs.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { MAX_EVENT_PROOF_BYTES } from '../ledger/event-proof.ts'
import type { NoteSigner } from '../ledger/note.ts'
import { type ProvableLedger, provePeople } from '../ledger/prove-events.ts'
import { sha256 } from '../ledger/sha256.ts'
import { packsNamed } from './bundle/anchors.ts'
import { besideEntries } from './bundle/beside.ts'
import { type BundleMatter, bundleMatter } from './bundle/matter.ts'
import type { PersonName } from './bundle/report-names.ts'
import { bundleBytes, entry } from './bundle.ts'
import type { ArchiveEntry } from './bundle-format.ts'
import { bundlePolicy } from './bundle-policy.ts'
import { classContext, type ExportSource, type StoredEvents } from './class-context.ts'
import { pdfBytes } from './pdf/pdf.ts'
import type { ReportContext } from './report-context.ts'
import { type Recipients, sealAge } from './sealed/age.ts'
import { unsealFromOpened } from './sealed/commitments.ts'
import { folderOf } from './sealed/e-file.ts'
import { namesOf, openedBytes, openRecords } from './sealed/opened.ts'
import { hoursReport } from './tables/hours.ts'

/** A bundle is always a zip, masked. With `sealFor` it also has a part that only these auditors open. */
export interface BundleRequest {
  readonly kind: 'bundle'
  readonly format: 'zip'
  readonly sealFor?: Recipients
}

/** A class's bundle. Faults: those of `exportClass`; `EXPORT_SEALED` where the source can't open what is to be sealed. */
export async function classBundle(
  source: ExportSource,
  events: StoredEvents,
  classId: string,
  { sealFor }: BundleRequest,
): Promise<Result<Uint8Array>> {
  const { ledger, packFolders, nameOf, signer, openRecord, unseal = () => null } = source
  if (signer === undefined)
    return failed(new Fault('EXPORT_SIGNER', 'the index of a bundle is signed by the station’s key'))
  const plain = events.map(({ event }) => event)
  const history = projectHistory(plain)
  const context = classContext(source, events, history, classId, 'full')
  if (!context.ok) return context
  const root = Buffer.from(ledger.root).toString('hex')
  const tree = { origin: ledger.origin, size: events.length, root }
  const made = bundleMatter(plain, classId, context.value.pack, tree, {
    history,
    hours: context.value.hours,
  })
  if (!made.ok) return made
  const matter = made.value
  const records = openRecord === undefined ? null : openRecords(matter, openRecord)
  const facts = projectFacts(plain, records === null ? unseal : unsealFromOpened(records))
  const claims = claimsOf(matter, facts, packFolders)
  if (!claims.ok) return claims
  const proofs = personProofs(matter, events, ledger)
  const sealed = sealFor === undefined ? ok([]) : await sealedPart()
  if (!sealed.ok) return sealed
  const names = matter.hours.people.flatMap(({ person }): PersonName[] => {
    const identity = nameOf(person)
    return identity === null ? [] : [{ person, ...identity }]
  })
  const catalogues = (source.catalogues ?? []).map(({ sha256, text }) =>
    entry(`catalogues/${sha256}.txt`, 'catalogue', '目录 a catalogue in use', new TextEncoder().encode(text)),
  )
  const checkpoint = ledger.checkpoint()
  const otherPacks = packsOf(matter, packFolders)
  if (!otherPacks.ok) return otherPacks
  return ok(
    bundleBytes({
      ...{ matter, checkpoint, names, claims: claims.value, otherPacks: otherPacks.value, signer },
      bodies: events.map(({ body }) => body),
      more: [
        ...besideEntries(ledger.gmCheckpoint(), bundlePolicy(plain)),
        ...catalogues,
        ...proofs.values(),
        ...(source.bundleEntries ?? []),
        ...sealed.value,
      ],
    }),
  )

  async function sealedPart(): Promise<Result<ArchiveEntry[]>> {
    if (records === null || sealFor === undefined || signer === undefined || !context.ok || !claims.ok)
      return failed(new Fault('EXPORT_SEALED', 'this source cannot open what an auditor is to read'))
    const given = { matter, facts, names: namesOf(matter, records), claims: claims.value }
    const staff = staffNames(matter, source)
    const more = await personEntries(context.value, given.names, proofs, signer)
    const opened = openedBytes({ ...given, staff }, records, more)
    const about = '审计版（加密） sealed for auditors, age v1'
    return ok([entry('sealed.age', 'sealed', about, sealAge(opened, sealFor, sealingSecret(opened, signer)))])
  }
}

function claimsOf(
  { history, classId }: BundleMatter,
  facts: FactHistory,
  packFolders: readonly string[],
): Result<ClaimsDocument | null> {
  const found = claimsUnder({ history, facts }, classId, (sha256) => findPackFile(sha256, packFolders))
  if (found.ok) return ok(found.value.claims)
  return found.fault.code === 'PACK_WITHOUT_CLAIMS' ? ok(null) : found
}

/** Packs that the class's facts name beside its own. */
function packsOf(
  { events, classId, pack }: BundleMatter,
  packFolders: readonly string[],
): Result<readonly PackFile[]> {
  const packs: PackFile[] = []
  for (const sha256 of packsNamed(events, classId)) {
    if (sha256 === pack.sha256) continue
    const found = findPackFile(sha256, packFolders)
    if (!found.ok) return found
    packs.push(found.value)
  }
  return ok(packs)
}

/**
 * A proof of each person's events, by person. Who never came has none, and one that is larger than a proof may be is
 * left out: the events are there.
 */
function personProofs(
  matter: BundleMatter,
  events: StoredEvents,
  ledger: ProvableLedger,
): ReadonlyMap<string, ArchiveEntry> {
  const once: ProvableLedger = {
    size: events.length,
    *events(from = 0, to = events.length) {
      yield* events.slice(from, to)
    },
    inclusionProof: (index, size) => ledger.inclusionProof(index, size),
    checkpoint: () => ledger.checkpoint(),
  }
  const proofs = new Map<string, ArchiveEntry>()
  const people = matter.hours.people.map(({ person }) => person)
  for (const [person, { bytes }] of provePeople(once, people)) {
    if (bytes.length > MAX_EVENT_PROOF_BYTES) continue
    const path = `proofs/${person}.shidao-proof`
    proofs.set(person, entry(path, 'proof', '个人记录证明 proof of a person’s events', bytes))
  }
  return proofs
}

/**
 * What stands in a person's folder beside their e-file: the proof, and what the code of their certificate says. The
 * certificates themselves are one document: a PDF of each would bring the typeface a thousand times.
 */
async function personEntries(
  context: ReportContext,
  names: readonly PersonName[],
  proofs: ReadonlyMap<string, ArchiveEntry>,
  signer: NoteSigner,
): Promise<ArchiveEntry[]> {
  const own = new Map(names.map((name) => [name.person, name]))
  const people = context.hours.people.filter(({ person }) => own.has(person))
  const named = {
    ...context,
    hours: { ...context.hours, people },
    nameOf: (person: string) => own.get(person) ?? null,
  }
  const report = hoursReport(named, signer, null)
  const folders = people.flatMap(({ person }, position): ArchiveEntry[] => {
    const name = own.get(person)
    const proof = proofs.get(person)
    const certificate = report.certificates?.[position]
    if (name === undefined || certificate === undefined) return []
    const folder = folderOf(name)
    const about = '学时证明的签名文本 signed text of the certificate of hours'
    const text = new TextEncoder().encode(certificate.code)
    return [
      ...(proof === undefined ? [] : [{ ...proof, path: `${folder}/events.shidao-proof` }]),
      entry(`${folder}/certificate.txt`, 'certificate', about, text),
    ]
  })
  const about = '学时证明，每人一页 certificates of hours, a page each'
  return [...folders, entry('certificates.pdf', 'certificates', about, await pdfBytes(report))]
}

function staffNames({ anchors }: BundleMatter, { actorName = () => null }: ExportSource) {
  const named = anchors.people.flatMap(({ actor }): [string, string][] => {
    const name = actorName(actor)
    return name === null ? [] : [[actor, name]]
  })
  return new Map(named)
}

/** A signature that is never published: only the station can make it, and it makes the same one again. */
function sealingSecret(opened: Uint8Array, signer: NoteSigner): Uint8Array {
  const digest = Buffer.from(sha256(opened)).toString('hex')
  return signer.sign(new TextEncoder().encode(`shidao-sealed/v1\n${digest}\n`))
}
