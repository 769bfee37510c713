import { copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { backUp } from '../../src/ledger/backup.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { restore } from '../../src/ledger/restore.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { createUploader } from '../../src/upload/uploader.ts'
import { newCollector, type TestCollector } from '../collector/test-collector.ts'
import { newStation, type TestStation } from './test-station.ts'

let collector: TestCollector
let station: TestStation
let other: string
beforeEach(async () => {
  collector = await newCollector()
  station = await newStation()
  other = `${station.dir}-restored`
})
afterEach(async () => {
  await collector.remove()
  await station.remove()
  await rm(other, { recursive: true, force: true })
})

test('an older copy, restored on a new disk with the old key, is found out at its first contact', async () => {
  const uploader = await station.enrolAt(collector)
  station.record(5)
  unwrap(await uploader.sendOnce())
  station.record(2, 'not sent yet')
  const backup = join(station.dir, 'old.backup')
  backUp(station.dir, backup)
  station.record(20)
  const receipt = unwrap(await uploader.sendOnce())!

  expect(restore(backup, other)).toMatchObject({ size: 9, key: false })
  await copyFile(join(station.dir, 'station.key'), join(other, 'station.key'))
  const now = () => ({ wall: 1, boot: 'new', boottime: 1, trust: 'unconfirmed' }) as const
  const ledger = Ledger.open({ dir: other, signer: station.key.signer, now })
  const restored = createUploader({
    ledger,
    stationKey: station.key,
    url: collector.url,
    collectorVkey: collector.vkey,
    now: () => 1,
  })
  expect(await restored.sendOnce()).toMatchObject({ ok: false, fault: { code: 'UPLOAD_ROLLBACK' } })
  const checkpoints = [receipt.note]
  expect(verifyLog(other, { witness: collector.vkey, checkpoints }).problem).toMatchObject({
    code: 'rolled-back',
    index: 9,
  })

  // Whoever records on top of it has signed a second history, and the collector keeps both.
  ledger.append({ type: 'session.closed', data: { class: 'c', session: 'after the restore' } })
  expect(await restored.sendOnce()).toMatchObject({ ok: false, fault: { code: 'UPLOAD_FORK' } })
  ledger.close()
})
