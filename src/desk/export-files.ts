import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { ASIDE } from '../export/write-file.ts'
import type { ExportAnswers } from '../station/export-work.ts'
import type { KeptFile } from '../station/visit-work.ts'

/**
 * The files that exports, visits and draws left in a station's folder. Only names of those folders are known here: a
 * name with a path in it is no name of any.
 */
export class ExportFiles {
  /** `DATA/exports`, 0700. */
  readonly folder: string
  readonly #folders: readonly string[]
  readonly #hashes = new Map<string, { readonly mtimeMs: number; readonly file: KeptFile }>()
  /** Exports by name, and until when they are handed out: performance.now() milliseconds. */
  readonly #granted = new Map<string, number>()

  constructor(dir: string) {
    this.folder = join(dir, 'exports')
    this.#folders = [this.folder, join(dir, 'visits'), join(dir, 'draws')]
  }

  /** Makes the folder. Throws `EXPORT_WRITE`. */
  prepare(): void {
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    } catch (cause) {
      throw new Fault('EXPORT_WRITE', `cannot use ${this.folder}`, { cause })
    }
    this.clear()
  }

  /**
   * Clears away exports of more than `KEPT_DAYS` ago, and what one left that ended with its station: names stand in
   * them unsealed, so they don't stay. Only while none is being made.
   */
  clear(): void {
    for (const name of existsSync(this.folder) ? readdirSync(this.folder) : []) {
      const path = join(this.folder, name)
      const isLeft = name.startsWith('.') && name.endsWith(ASIDE)
      if (isLeft || Date.now() - statSync(path).mtimeMs > KEPT_DAYS * DAY_MS) rmSync(path, { force: true })
    }
  }

  /** A path that no file has: `attendance-CLASS-20260302-1.xlsx`, of letters and digits only. */
  freePath(kind: string, classId: string | null, day: string, extension: string): string {
    const subject = (classId ?? 'all').replace(/[^\p{L}\p{N}_-]/gu, '_').slice(0, LONGEST_SUBJECT)
    const start = `${kind}-${subject}-${day.replaceAll('-', '')}-`
    const numbers = readdirSync(this.folder)
      .filter((name) => name.startsWith(start))
      .map((name) => Number.parseInt(name.slice(start.length), 10) || 0)
    return join(this.folder, `${start}${Math.max(0, ...numbers) + 1}.${extension}`)
  }

  /** Whoever asked for this export has signed: its bytes may be read for a while. */
  grant(name: string): void {
    this.#granted.set(name, performance.now() + GRANTED_MS)
  }

  /** Newest first, at most `MOST_LISTED`. */
  async list(): Promise<ExportAnswers['files.list']> {
    const found: { readonly path: string; readonly mtimeMs: number; readonly size: number }[] = []
    for (const folder of this.#folders) {
      for (const name of await namesIn(folder)) {
        const path = join(folder, name)
        const { size, mtimeMs } = await stat(path)
        found.push({ path, size, mtimeMs })
      }
    }
    const newest = found.sort((a, b) => b.mtimeMs - a.mtimeMs).slice(0, MOST_LISTED)
    const files: KeptFile[] = []
    for (const file of newest) files.push(await this.#described(file))
    return { folder: this.folder, files }
  }

  /**
   * A piece of at most 1 MiB. Faults: `EXPORT_FILE_UNKNOWN`; `EXPORT_FILE_CLOSED` for an export that is handed out no
   * more: names are in it, and whoever stands before the window now did not sign for them.
   */
  async read(name: string, offset: number): Promise<Result<ExportAnswers['files.read']>> {
    const path = await this.#pathOf(name)
    if (path === null) return failed(new Fault('EXPORT_FILE_UNKNOWN', 'there is no such file'))
    if (dirname(path) === this.folder && (this.#granted.get(name) ?? 0) < performance.now()) {
      return failed(new Fault('EXPORT_FILE_CLOSED', 'this file is in the folder only; export it again'))
    }
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      const piece = Buffer.alloc(Math.max(0, Math.min(PIECE_BYTES, size - offset)))
      const { bytesRead } = await file.read(piece, 0, piece.length, offset)
      return ok({ base64: piece.subarray(0, bytesRead).toString('base64'), total: size })
    } finally {
      await file.close()
    }
  }

  async #pathOf(name: string): Promise<string | null> {
    if (name !== basename(name)) return null
    for (const folder of this.#folders) {
      if ((await namesIn(folder)).includes(name)) return join(folder, name)
    }
    return null
  }

  async #described(file: {
    readonly path: string
    readonly size: number
    readonly mtimeMs: number
  }): Promise<KeptFile> {
    const known = this.#hashes.get(file.path)
    if (known?.mtimeMs === file.mtimeMs && known.file.bytes === file.size) return known.file
    const hash = createHash('sha256')
    await pipeline(createReadStream(file.path), hash)
    const described = { name: basename(file.path), bytes: file.size, sha256: hash.digest('hex') }
    this.#hashes.set(file.path, { mtimeMs: file.mtimeMs, file: described })
    return described
  }
}

/** Plain files that have their name already; none where there is no such folder. A link leads elsewhere and is none. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name)
  } catch {
    return []
  }
}

const KEPT_DAYS = 30
const DAY_MS = 86_400_000
const LONGEST_SUBJECT = 40
const MOST_LISTED = 200
const PIECE_BYTES = 1024 * 1024
const GRANTED_MS = 15 * 60_000
