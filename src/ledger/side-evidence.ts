import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { KEYS_FILE, RECORDS_FILE } from './side-files.ts'
import { openForReading } from './sqlite.ts'
import { STATION_KEY_FILE } from './station-key.ts'
import type { LogProblem } from './verification.ts'

/** An event that commits to a person's identity record. */
export interface IdentityCommitment {
  readonly index: number
  readonly person: string
}

/**
 * Looks for identity records that events commit to and that are gone, though no event says that they were destroyed:
 * loss, not deletion. A folder with a station's key is a station and must have both files; any other is a copy, and is
 * looked into only where it has both.
 * Records are looked for by person and kind: what is in them only the station's key opens.
 */
export function findMissingSideData(
  dir: string,
  commitments: readonly IdentityCommitment[],
): LogProblem | null {
  const [records, keys] = [join(dir, RECORDS_FILE), join(dir, KEYS_FILE)]
  const isStation = existsSync(join(dir, STATION_KEY_FILE))
  if (!isStation && (!existsSync(records) || !existsSync(keys))) return null
  const sealed = peopleIn(records, `SELECT DISTINCT person FROM record WHERE kind = 'identity'`)
  const readable = peopleIn(keys, `SELECT person FROM person_key WHERE kind = 'identity'`)
  const missing = commitments.find(({ person }) => !sealed.has(person) || !readable.has(person))
  if (missing === undefined) return null
  return {
    code: 'side-data-missing',
    index: missing.index,
    detail: 'an identity record is gone; no event says why',
  }
}

/** People that a file has rows for; none if it can't be read. */
function peopleIn(file: string, sql: string): Set<unknown> {
  try {
    const reading = openForReading(file)
    try {
      return new Set(reading.db.prepare(sql).pluck().all())
    } finally {
      reading.close()
    }
  } catch {
    return new Set()
  }
}
