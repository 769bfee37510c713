import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { openSqliteStore } from '../../src/collector/sqlite-store.ts'
import { storeContract } from './store-contract.ts'

storeContract('SQLite', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'shidao-collector-'))
  return { open: async () => openSqliteStore(dir), remove: () => rm(dir, { recursive: true }) }
})

describe('the SQLite file of a collector', () => {
  it('refuses to change or delete a record even for whoever opens the file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'shidao-collector-'))
    const store = openSqliteStore(dir)
    await store.append({
      kind: 'fork',
      origin: 'log/a',
      stored: 'one',
      presented: 'other',
      consistency: '{}',
      receivedAt: 1,
    })
    await store.close()
    const db = new Database(join(dir, 'collector.db'))
    expect(() => db.prepare("UPDATE fork SET stored = 'x'").run()).toThrow('records are only added')
    expect(() => db.prepare('DELETE FROM fork').run()).toThrow('records are only added')
    db.close()
    await rm(dir, { recursive: true })
  })

  it('is not opened by a program older than the file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'shidao-collector-'))
    await openSqliteStore(dir).close()
    const db = new Database(join(dir, 'collector.db'))
    db.pragma('user_version = 99')
    db.close()
    expect(() => openSqliteStore(dir)).toThrow(expect.objectContaining({ code: 'COLLECTOR_STORE' }))
    await rm(dir, { recursive: true })
  })

  it('is refused with a code when it is something else', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'shidao-collector-'))
    await writeFile(join(dir, 'collector.db'), 'this is not a database at all, not even a little bit of one')
    expect(() => openSqliteStore(dir)).toThrow(expect.objectContaining({ code: 'COLLECTOR_STORE' }))
    await rm(dir, { recursive: true })
  })
})
