import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeWholeFile } from '../export/write-file.ts'
import { makeDrawFile } from '../inspect/draw-file.ts'
import type { Visit } from '../inspect/visit.ts'
import { toHex } from '../ledger/bytes.ts'
import { sha256 } from '../ledger/sha256.ts'
import type { DeskParts } from '../station/desk-service.ts'
import type { KeptFile } from '../station/visit-work.ts'

type Data = DeskParts['data']

/** What visits leave beside a station's data, readable by the station's account alone. */
export function visitFolder(dir: string): string {
  const folder = join(dir, 'visits')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/**
 * Writes what a closed visit leaves: the checkpoint of its end, which the next visit is held against, and the files of
 * its draws. They can be made again at any time: the ledger holds everything that is in them. `EXPORT_WRITE`.
 */
export async function visitFiles({ data }: Pick<DeskParts, 'data'>, visit: Visit): Promise<KeptFile[]> {
  const checkpoint = keep(data, `visit-${visit.visit}.checkpoint`, Buffer.from(data.ledger.checkpoint()))
  return [checkpoint, ...visit.draws.map(({ draw }) => drawFile(data, draw))]
}

/** Writes the file of a draw that is in the ledger, for `shidao inspect replay`. */
export function drawFile(data: Data, draw: string): KeptFile {
  return keep(data, `${draw}.shidao-draw`, makeDrawFile(data.ledger, draw)!)
}

/** The checkpoint in a file leaves the station with it, so it is kept before the file is there. */
function keep({ dir, ledger }: Data, name: string, bytes: Uint8Array): KeptFile {
  writeWholeFile(join(visitFolder(dir), name), bytes, () => ledger.keepCheckpoint('export'))
  return { name, bytes: bytes.length, sha256: toHex(sha256(bytes)) }
}
