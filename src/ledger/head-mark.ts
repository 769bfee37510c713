import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import type { KeyHistory } from './key-history.ts'
import { type MerkleTree, sameHash } from './merkle.ts'
import { storeFault } from './sqlite.ts'

/*
 * `ledger.head`: the newest checkpoint once more, outside the database. SQLite drops a write-ahead log that is missing
 * or damaged without a word; the mark still knows what was signed, so that the loss stops the station and it never
 * signs a second history. It follows each commit and is itself only synced at opening and closing: after a power cut
 * it may be behind the ledger, never ahead of it.
 */

export const HEAD_MARK_FILE = 'ledger.head'

/** One sector, so that no write of it is ever torn. */
const MARK_BYTES = 512

export interface HeadMark {
  /** Notes the checkpoint of a commit that is durable. Never throws: the record itself is safe already. */
  write(note: string): void
  close(): void
}

/** Opens a folder's mark for writing, or makes it, and makes `note` durable in it. Throws the faults of `storeFault`. */
export function openHeadMark(dir: string, note: string): HeadMark {
  try {
    // Appending is what 'a' would do; 'r+' needs the file to be there.
    closeSync(openSync(join(dir, HEAD_MARK_FILE), 'a', 0o600))
    const file = openSync(join(dir, HEAD_MARK_FILE), 'r+')
    const put = (text: string): void => {
      const bytes = Buffer.alloc(MARK_BYTES)
      if (Buffer.byteLength(text) <= MARK_BYTES) bytes.write(text)
      writeSync(file, bytes, 0, MARK_BYTES, 0)
    }
    put(note)
    fsyncSync(file)
    let open = true
    return {
      write: (text) => quietly(() => put(text)),
      close: () => {
        if (!open) return
        open = false
        quietly(() => fsyncSync(file))
        closeSync(file)
      },
    }
  } catch (thrown) {
    throw storeFault(thrown)
  }
}

/** The note in a folder's mark as it stands, unverified; null if there is none. */
export function readHeadMark(dir: string): string | null {
  try {
    const text = readFileSync(join(dir, HEAD_MARK_FILE), 'utf8')
    return text.slice(0, text.indexOf('\0') < 0 ? undefined : text.indexOf('\0')) || null
  } catch {
    return null
  }
}

/**
 * Compares a tree with the folder's mark. A mark that none of its keys signed says nothing.
 * Throws `LEDGER_ROLLED_BACK` if the station had signed more events than are here, or others.
 */
export function assertNotBehindMark(dir: string, tree: MerkleTree, keys: KeyHistory): void {
  const note = readHeadMark(dir)
  const marked = note === null ? null : keys.open(note)
  if (!marked?.ok) return
  const { size, root } = marked.value
  if (size <= tree.size && sameHash(root, tree.root(size))) return
  throw new Fault(
    'LEDGER_ROLLED_BACK',
    `this station had signed ${size} events, ${tree.size} are here: records are lost; nothing more is recorded`,
  )
}

function quietly(work: () => void): void {
  try {
    work()
  } catch {
    // The mark only adds to what the database holds; a full disk shows at the next commit.
  }
}
