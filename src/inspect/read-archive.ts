import { unzipSync } from 'fflate'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { MOST_ENTRIES } from '../export/bundle-format.ts'

/** Largest archive that is opened, bytes: about 400,000 events. */
export const MAX_BUNDLE_BYTES = 512 * 1024 * 1024

const SAFE_PATH = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,3}$/

/**
 * The entries of a zip from a stranger, in its order. Entries are stored and don't overlap, so that nothing grows while
 * it is read; a name that could lead out of a folder, a name twice or a compressed entry is refused before its bytes are
 * touched. Faults: `PROOF_TOO_LARGE`, `PROOF_NOT_A_BUNDLE`.
 */
export function readArchive(bytes: Uint8Array): Result<ReadonlyMap<string, Uint8Array>> {
  if (bytes.length > MAX_BUNDLE_BYTES) return failed(new Fault('PROOF_TOO_LARGE', 'the file is over 512 MiB'))
  const names = new Set<string>()
  let left = bytes.length
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name, compression, size, originalSize }) => {
        left -= Math.max(size, originalSize)
        const problem = left < 0 ? 'the entries of the zip overlap' : entryProblem(name, compression, names)
        if (problem !== null) throw new Fault('PROOF_NOT_A_BUNDLE', problem)
        names.add(name)
        return true
      },
    })
    return ok(new Map([...names].map((name) => [name, entries[name] ?? new Uint8Array()])))
  } catch (cause) {
    if (cause instanceof Fault) return failed(cause)
    return failed(new Fault('PROOF_NOT_A_BUNDLE', 'this is not a zip, or a damaged one', { cause }))
  }
}

function entryProblem(name: string, compression: number, seen: ReadonlySet<string>): string | null {
  if (!SAFE_PATH.test(name)) return 'the zip has an entry with a name that no bundle has'
  if (seen.has(name)) return `${name} is in the zip twice`
  if (seen.size >= MOST_ENTRIES) return 'the zip has more entries than any bundle'
  return compression === 0 ? null : `${name} is compressed, which no bundle is`
}
