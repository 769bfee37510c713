import type { ClaimsDocument } from '../attendance/claims.ts'
import type { PackFile } from '../attendance/rule-pack.ts'
import { Fault } from '../common/fault.ts'
import { maskName, maskNumber } from '../common/mask.ts'
import { type NoteSigner, signNote } from '../ledger/note.ts'
import { archive } from './archive.ts'
import { claimTotals } from './bundle/claim-totals.ts'
import { derivedEntries } from './bundle/derived.ts'
import type { BundleMatter } from './bundle/matter.ts'
import { bundleReport, REPORT_FORMAT } from './bundle/report.ts'
import type { PersonName } from './bundle/report-names.ts'
import {
  type ArchiveEntry,
  BUNDLE_FORMAT,
  type BundleManifest,
  describeEntry,
  jsonBytes,
  LINE_FEED,
  manifestStatement,
} from './bundle-format.ts'

export interface BundleContent {
  readonly matter: BundleMatter
  /** Exact bytes of every event of the station up to the checkpoint. */
  readonly bodies: readonly Uint8Array[]
  /** The station's checkpoint over them, a signed note. */
  readonly checkpoint: string
  /** Names as they are; they are masked here, and whoever gives masked ones gets them as they gave them. */
  readonly names: readonly PersonName[]
  /** Null where the class's pack has no rules for claims. */
  readonly claims: ClaimsDocument | null
  /** Packs that the class's facts name beside its own. */
  readonly otherPacks: readonly PackFile[]
  /** Proofs, catalogues, the sealed part, and whatever a later version adds. */
  readonly more: readonly ArchiveEntry[]
  readonly signer: NoteSigner
}

/** One file that anybody can check offline with public keys only; see bundle-format.ts. Same input, same bytes. */
export function bundleBytes(content: BundleContent): Uint8Array {
  const { matter, signer } = content
  const files = bundleEntries(content)
  const manifest: BundleManifest = {
    format: BUNDLE_FORMAT,
    class: matter.classId,
    ...matter.tree,
    simulated: matter.hours.simulated,
    report: REPORT_FORMAT,
    files: files.map(describeEntry),
  }
  return sealManifest(manifest, files, signer)
}

/** Signs the index and packs it with its files. */
export function sealManifest(
  manifest: BundleManifest,
  files: readonly ArchiveEntry[],
  signer: NoteSigner,
): Uint8Array {
  const index = jsonBytes(manifest)
  const note = signNote(manifestStatement(manifest, index), [signer])
  return archive(
    new Map([
      ['manifest.json', index],
      ['manifest.note', new TextEncoder().encode(note)],
      ...files.map(({ path, bytes }): [string, Uint8Array] => [path, bytes]),
    ]),
    'stored',
  )
}

function bundleEntries(content: BundleContent): ArchiveEntry[] {
  const { matter, bodies, checkpoint, claims, otherPacks, more } = content
  const { pack, classId } = matter
  const totals = claims === null ? null : claimTotals(claims)
  const names = content.names.map(({ person, name, number }) => ({
    person,
    name: maskName(name),
    number: maskNumber(number),
  }))
  const report = bundleReport({ matter, names, totals, lines: null, actors: new Map() })
  return [
    entry('report.html', 'report', '可读报告 the report that people read', encode(report)),
    entry(
      'checkpoint.note',
      'checkpoint',
      '检查点 signed checkpoint, C2SP tlog-checkpoint',
      encode(checkpoint),
    ),
    entry('events.ndjson', 'events', '全部记录 every event, a line each', joinEvents(bodies)),
    entry('pack.json', 'pack', `规则包 the class’s rule pack ${pack.id}`, pack.bytes),
    ...otherPacks.map(({ id, sha256, bytes }) =>
      entry(`packs/${sha256}.json`, 'pack', `规则包 another rule pack, ${id}`, bytes),
    ),
    ...derivedEntries(matter),
    entry(
      'names.json',
      'names',
      '脱敏姓名 masked names and numbers',
      jsonBytes({ class: classId, edition: 'masked', people: names }),
    ),
    ...(totals === null
      ? []
      : [entry('claims.json', 'claims', '补贴汇总 claims in total, nobody’s line', jsonBytes(totals))]),
    ...more,
  ]
}

export function entry(path: string, kind: string, about: string, bytes: Uint8Array): ArchiveEntry {
  return { path, kind, about, bytes }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function joinEvents(events: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(events.reduce((sum, body) => sum + body.length + 1, 0))
  let offset = 0
  for (const [index, body] of events.entries()) {
    if (body.includes(LINE_FEED)) {
      throw new Fault('EXPORT_EVENT_BYTES', `record ${index} has a line feed and cannot go into a bundle`)
    }
    joined.set(body, offset)
    joined[offset + body.length] = LINE_FEED
    offset += body.length + 1
  }
  return joined
}
