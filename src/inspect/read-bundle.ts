import { unzipSync } from 'fflate'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { archive } from '../export/archive.ts'
import {
  BUNDLE_FORMAT,
  type BundleFile,
  type BundleManifest,
  bundleFiles,
  bundleManifest,
} from '../export/bundle-format.ts'
import { sameBytes } from '../ledger/bytes.ts'

/** A bundle taken apart and not yet believed. */
export interface Bundle {
  readonly manifest: BundleManifest
  readonly files: ReadonlyMap<BundleFile, Uint8Array>
}

/** Largest bundle that is opened, bytes: about 400,000 events. */
export const MAX_BUNDLE_BYTES = 512 * 1024 * 1024

const optional: ReadonlySet<BundleFile> = new Set(['receipt.note', 'checkpoint-gm.note', 'policy.txt'])

/**
 * Opens a zip from a stranger. Entries are stored, so nothing grows while it is read; any other name than a
 * bundle's, a name twice or a compressed entry is refused before its bytes are touched.
 * Faults: `PROOF_TOO_LARGE`, `PROOF_NOT_A_BUNDLE`, `PROOF_FORMAT` for a version that is not known here.
 */
export function readBundle(bytes: Uint8Array): Result<Bundle> {
  if (bytes.length > MAX_BUNDLE_BYTES) return failed(new Fault('PROOF_TOO_LARGE', 'the file is over 512 MiB'))
  const files = new Map<BundleFile, Uint8Array>()
  const names = new Set<string>()
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name, compression }) => {
        const problem = entryProblem(name, compression, names)
        if (problem !== null) throw new Fault('PROOF_NOT_A_BUNDLE', problem)
        names.add(name)
        return true
      },
    })
    for (const name of bundleFiles) {
      const content = entries[name]
      if (content !== undefined) files.set(name, content)
    }
  } catch (cause) {
    if (cause instanceof Fault) return failed(cause)
    return failed(new Fault('PROOF_NOT_A_BUNDLE', 'this is not a zip, or a damaged one', { cause }))
  }
  const missing = bundleFiles.find((name) => !files.has(name) && !optional.has(name))
  if (missing !== undefined) return failed(new Fault('PROOF_NOT_A_BUNDLE', `${missing} is not in the bundle`))
  const manifest = parseManifest(files.get('manifest.json') ?? new Uint8Array())
  return manifest.ok ? ok({ manifest: manifest.value, files }) : manifest
}

/** Whether packing the files again gives these very bytes: a zip has headers and gaps that no content hash covers. */
export function isPackedAsWritten(bytes: Uint8Array, { files }: Bundle): boolean {
  return sameBytes(archive(files, 'stored'), bytes)
}

function entryProblem(name: string, compression: number, seen: ReadonlySet<string>): string | null {
  if (!(bundleFiles as readonly string[]).includes(name)) return 'the zip has an entry that no bundle has'
  if (seen.has(name)) return `${name} is in the zip twice`
  return compression === 0 ? null : `${name} is compressed, which no bundle is`
}

function parseManifest(bytes: Uint8Array): Result<BundleManifest> {
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
  if (!manifest.success) return failed(new Fault('PROOF_NOT_A_BUNDLE', 'manifest.json is malformed'))
  return ok(manifest.data)
}
