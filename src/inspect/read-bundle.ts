import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { archive } from '../export/archive.ts'
import {
  type ArchiveEntry,
  BUNDLE_FORMAT,
  type BundleManifest,
  bundleManifest,
  type DescribedEntry,
  describeEntry,
  requiredEntries,
} from '../export/bundle-format.ts'
import { sameBytes } from '../ledger/bytes.ts'
import { type BundleProblem, problem } from './problem.ts'
import { readArchive } from './read-archive.ts'

export { MAX_BUNDLE_BYTES } from './read-archive.ts'

/** A bundle taken apart and not yet believed. */
export interface Bundle {
  readonly manifest: BundleManifest
  /** Every entry of the zip, in its order. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/**
 * Opens a bundle from a stranger. Faults: `PROOF_TOO_LARGE`, `PROOF_NOT_A_BUNDLE`, `PROOF_FORMAT` for a version that is
 * not known here.
 */
export function readBundle(bytes: Uint8Array): Result<Bundle> {
  const read = readArchive(bytes)
  if (!read.ok) return read
  const files = read.value
  const manifest = parseManifest(files.get('manifest.json'))
  if (!manifest.ok) return manifest
  const missing = ['manifest.note', ...requiredEntries].find((name) => !files.has(name))
  if (missing !== undefined) return failed(new Fault('PROOF_NOT_A_BUNDLE', `${missing} is not in the bundle`))
  return ok({ manifest: manifest.value, files })
}

/** Whether packing the files again gives these very bytes: a zip has headers and gaps that no content hash covers. */
export function isPackedAsWritten(bytes: Uint8Array, files: ReadonlyMap<string, Uint8Array>): boolean {
  return sameBytes(archive(files, 'stored'), bytes)
}

/** That an index and the files of its archive are the same ones, in the same order. `own`: the index's own entries. */
export function indexProblem(
  described: readonly DescribedEntry[],
  files: ReadonlyMap<string, Uint8Array>,
  own: readonly string[],
): BundleProblem | null {
  const order = [...files.keys()].filter((path) => !own.includes(path))
  for (const [position, claimed] of described.entries()) {
    const bytes = files.get(claimed.path)
    if (bytes === undefined) return problem('manifest', null, `${claimed.path} is not in the bundle`)
    const found = describeEntry({ ...claimed, bytes } satisfies ArchiveEntry)
    if (found.bytes !== claimed.bytes || found.sha256 !== claimed.sha256)
      return problem('manifest', null, `${claimed.path} is not the file that the manifest describes`)
    if (order[position] !== claimed.path)
      return problem('manifest', null, `${claimed.path} is not at its place in the bundle`)
  }
  const surplus = order[described.length]
  return surplus === undefined ? null : problem('manifest', null, `the manifest doesn’t know ${surplus}`)
}

export function textOf(files: ReadonlyMap<string, Uint8Array>, path: string): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(files.get(path) ?? new Uint8Array())
}

/** Null where there is no such entry. */
export function textOrNull(files: ReadonlyMap<string, Uint8Array>, path: string): string | null {
  return files.has(path) ? textOf(files, path) : null
}

/** JSON of an entry, null where it is none. */
export function jsonOf(files: ReadonlyMap<string, Uint8Array>, path: string): unknown {
  try {
    return JSON.parse(textOf(files, path))
  } catch {
    return null
  }
}

function parseManifest(bytes: Uint8Array | undefined): Result<BundleManifest> {
  if (bytes === undefined)
    return failed(new Fault('PROOF_NOT_A_BUNDLE', 'manifest.json is not in the bundle'))
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    return failed(new Fault('PROOF_NOT_A_BUNDLE', 'manifest.json is not JSON', { cause }))
  }
  const format = (json as { format?: unknown } | null)?.format
  if (typeof format === 'string' && format.startsWith('shidao-bundle/') && format !== BUNDLE_FORMAT) {
    return failed(
      new Fault('PROOF_FORMAT', `this program reads ${BUNDLE_FORMAT}; the bundle is another version`),
    )
  }
  const manifest = bundleManifest.safeParse(json)
  if (manifest.success) return ok(manifest.data)
  return failed(new Fault('PROOF_NOT_A_BUNDLE', 'manifest.json is not that of a bundle'))
}
