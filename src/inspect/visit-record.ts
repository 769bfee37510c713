import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { type InspectionRecord, inspectionRecordBytes } from '../export/pdf/visit-record-pages.ts'
import type { NameOf } from '../export/report-context.ts'
import { toHex } from '../ledger/bytes.ts'
import type { LedgerEvent } from '../ledger/event.ts'
import { keyFingerprint } from '../ledger/fingerprint.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { foldVisits } from './visit.ts'
import { visitFacts } from './visit-facts.ts'
import { recordSections } from './visit-record-sections.ts'

/** What a record is made from. */
export interface RecordSource {
  readonly ledger: Pick<Ledger, 'origin' | 'events' | 'rootAt' | 'checkpointAt'>
  /** Names and numbers as the edition shows them: masked ones in a masked edition. Null once an identity is deleted. */
  readonly nameOf: NameOf
  /** Name of somebody of the institution who signed, as the edition shows it. */
  readonly actorName?: (actor: string) => string | null
  readonly edition: 'full' | 'masked'
}

/**
 * The printable inspection record (检查笔录) of a visit that is closed. The same ledger gives the same bytes at any later
 * time, as long as the names are there. Faults: `INSPECT_VISIT_UNKNOWN`, `INSPECT_VISIT_OPEN`. Throws the font's faults.
 */
export async function visitRecordPdf(source: RecordSource, visitId: string): Promise<Result<Uint8Array>> {
  const record = inspectionRecord(source, visitId)
  return record.ok ? ok(await inspectionRecordBytes(record.value)) : record
}

/** The record's content, before it is laid out. Faults as `visitRecordPdf`. */
export function inspectionRecord(source: RecordSource, visitId: string): Result<InspectionRecord> {
  const all = [...source.ledger.events()].map(({ event }) => event)
  const visit = foldVisits(all).get(visitId)
  if (visit === undefined) return failed(new Fault('INSPECT_VISIT_UNKNOWN', 'no such visit was opened here'))
  const end = all.find(({ index }) => index === visit.closed?.event)
  if (end === undefined)
    return failed(new Fault('INSPECT_VISIT_OPEN', 'the visit is still open: close it first'))
  const events = all.slice(0, end.index + 1)
  const size = events.length
  const root = toHex(source.ledger.rootAt(size))
  const before = events.filter(({ index }) => index < visit.event)
  const facts = visitFacts(before, visit.class, visit.openedAt)
  const { edition, ledger } = source
  const { nameOf, actorName } = source
  return ok({
    title: '现场检查笔录',
    subject: `${facts?.title ?? ''}（${visit.class}）　检查编号 ${visit.visit}`,
    simulated: facts?.simulated === true,
    edition,
    notes: ['本笔录由台账中的签名事件生成，与检查文件（.shidao-visit）同根；时间为台站时钟'],
    ledger: { origin: ledger.origin, size, root, newest: end.time.wall },
    sections: recordSections({ nameOf, actorName, events, visit, facts, end: end.time.wall }),
    checkpoint: ledger.checkpointAt(size),
    checkpointLines: [
      '二维码是检查结束时的检查点（台站签名）。请检查人保存：下次检查时用它核对台账是否被改写。',
      `检查点根哈希：${root}`,
      `记录数：${size}`,
      `台站密钥指纹：${fingerprintOf(events)}`,
      '核验：shidao verify 检查文件.shidao-visit --key 台站公钥；公钥须从其他途径取得。',
    ],
    signatures: ['检查人（签字）', '被检查单位（签字/盖章）'],
  })
}

function fingerprintOf(events: readonly LedgerEvent[]): string {
  const birth = events[0]
  return birth?.type === 'station.key' ? keyFingerprint(birth.data.vkey) : '?'
}
