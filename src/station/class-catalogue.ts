import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Catalogue, parseCatalogue } from '../attendance/catalogue.ts'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { parseVkey } from '../ledger/note.ts'
import type { StationData } from './data-folder.ts'
import type { Signer, Staff } from './staff.ts'

/**
 * Takes a published catalogue into use. Signed with a key that the caller trusts, one person imports it; a text that
 * nobody signed is two people's word that this is what was published.
 * Faults: `LEDGER_VKEY`, `PACK_CATALOGUE…`, `STATION_TWO_SIGNERS`, those of `Staff.sign`.
 */
export function importCatalogue(
  data: StationData,
  staff: Staff,
  file: { readonly text: string; readonly vkey: string | null },
  signers: readonly Signer[],
): Result<Catalogue> {
  const key = file.vkey === null ? ok(null) : parseVkey(file.vkey)
  if (!key.ok) return key
  const catalogue = parseCatalogue(file.text, key.value)
  if (!catalogue.ok) return catalogue
  if (file.vkey === null && signers.length < 2) {
    return failed(
      new Fault('STATION_TWO_SIGNERS', 'a catalogue without a signature is imported by two people'),
    )
  }
  const { content, sha256, vkey } = catalogue.value
  const named = { catalogue: content.id, sha256, vkey }
  const act = staff.sign({ act: 'catalogue.import', ...named }, signers)
  if (!act.ok) return act
  const folder = catalogueFolder(data.dir)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, `${sha256}.txt`), file.text, { mode: 0o600 })
  data.ledger.append({ type: 'catalogue.imported', data: { ...named, act: act.value } })
  return catalogue
}

/**
 * The catalogues in use, newest last: those that the ledger names and whose file still is what it names. A later
 * import of the same id replaces the earlier one for new filings.
 */
export function cataloguesOf({ dir, ledger }: Pick<StationData, 'dir' | 'ledger'>): Catalogue[] {
  const named = new Map<string, { sha256: string; vkey: string | null }>()
  for (const { event } of ledger.events()) {
    if (event.type === 'catalogue.imported') named.set(event.data.catalogue, event.data)
  }
  const files = catalogueFiles(dir)
  return [...named.values()].flatMap(({ sha256, vkey }) => {
    const text = files.has(`${sha256}.txt`) ? read(join(catalogueFolder(dir), `${sha256}.txt`)) : null
    const parsed = text === null ? null : parseCatalogue(text, null)
    return parsed?.ok && parsed.value.sha256 === sha256 ? [{ ...parsed.value, vkey }] : []
  })
}

/** Exact texts of the catalogues in use, as they came. */
export function catalogueTexts(data: Pick<StationData, 'dir' | 'ledger'>): {
  readonly sha256: string
  readonly text: string
}[] {
  return cataloguesOf(data).flatMap(({ sha256 }) => {
    const text = read(join(catalogueFolder(data.dir), `${sha256}.txt`))
    return text === null ? [] : [{ sha256, text }]
  })
}

function catalogueFolder(dir: string): string {
  return join(dir, 'catalogues')
}

function catalogueFiles(dir: string): ReadonlySet<string> {
  try {
    return new Set(readdirSync(catalogueFolder(dir)))
  } catch {
    return new Set()
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
