import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { asFault, Fault, type FaultCode } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { makeDrawFile } from '../inspect/draw-file.ts'
import type { Visit } from '../inspect/visit.ts'
import { makeVisitFile } from '../inspect/visit-file.ts'
import { visitRecordPdf } from '../inspect/visit-record.ts'
import { toHex } from '../ledger/bytes.ts'
import { sha256 } from '../ledger/sha256.ts'
import type { DeskParts } from '../station/desk-service.ts'
import type { KeptFile, LeftFile } from '../station/visit-work.ts'
import { recordSource } from './visit-record-source.ts'

type Data = DeskParts['data']

/** Where what leaves lies beside a station's data, readable by the station's account alone. `EXPORT_WRITE`. */
export function leavingFolder(dir: string, name: LeftFile['folder']): string {
  const folder = join(dir, name)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  } catch (cause) {
    throw new Fault('EXPORT_WRITE', `cannot make the folder ${folder}`, { cause })
  }
}

/**
 * Writes what a closed visit leaves: its one file, which verifies anywhere; the printed record, with masked names; the
 * checkpoint of its end, which the next visit is held against; and the files of its draws. They can be made again at any
 * time: the ledger holds everything that is in them. `EXPORT_WRITE`.
 */
export async function visitFiles({ data }: Pick<DeskParts, 'data'>, visit: Visit): Promise<KeptFile[]> {
  const { visit: id } = visit
  const file = keep(data, `visit-${id}.shidao-visit`, unwrap(makeVisitFile(data.ledger, id)))
  const record = unwrap(await visitRecordPdf(recordSource(data, true), id))
  return [
    file,
    keep(data, `visit-${id}.pdf`, record),
    keep(data, `visit-${id}.checkpoint`, Buffer.from(data.ledger.checkpoint())),
    ...visit.draws.map(({ draw }) => drawFile(data, draw)),
  ]
}

/** Writes the file of a draw that is in the ledger, for `shidao inspect replay`. `EXPORT_WRITE`. */
export function drawFile(data: Data, draw: string): KeptFile {
  return keep(data, `${draw}.shidao-draw`, makeDrawFile(data.ledger, draw)!)
}

/** The same, once a draw is made: it stands whatever becomes of its file, which the end of the visit makes again. */
export function tryDrawFile(
  data: Data,
  draw: string,
): { readonly file: KeptFile; readonly fileCode?: FaultCode } {
  try {
    return { file: drawFile(data, draw) }
  } catch (thrown) {
    const { code } = asFault(thrown)
    return { file: { name: `${draw}.shidao-draw`, bytes: 0, sha256: '' }, fileCode: code }
  }
}

/** The checkpoint in a file leaves the station with it, so it is kept before the file is there. */
function keep({ dir, ledger }: Data, name: string, bytes: Uint8Array): KeptFile {
  writeWholeFile(join(leavingFolder(dir, 'visits'), name), bytes, () => ledger.keepCheckpoint('export'))
  return { name, bytes: bytes.length, sha256: toHex(sha256(bytes)) }
}
