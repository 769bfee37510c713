import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { listPcscReaders } from '../../src/cards/transport/pcsc.ts'

const DAEMON = '/usr/sbin/pcscd'
const DRIVER = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'
const IPC_FOLDER = '/run/pcscd'

/** The first slot of vpcd, as pcscd calls it. */
export const VIRTUAL_READER = 'Virtual PCD 00 00'

/** Why this machine cannot run a pcscd of its own with vpcd in it; null if it can. */
export function pcscdAbsent(): string | null {
  if (!existsSync(DAEMON)) return 'pcscd is not installed'
  if (!existsSync(DRIVER)) return 'vsmartcard-vpcd is not installed'
  if (process.getuid?.() !== 0) return 'pcscd needs root'
  if (existsSync(join(IPC_FOLDER, 'pcscd.pid'))) return 'another pcscd is running'
  return null
}

/** A real pcscd with vpcd as its only driver, in the foreground. */
export interface RunningPcscd {
  /** Where vpcd waits for a card. */
  readonly port: number
  stop(): Promise<void>
}

export async function startPcscd(): Promise<RunningPcscd> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'pcscd-'))
  writeFileSync(
    join(folder, 'vpcd'),
    `FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:${port}\nLIBPATH ${DRIVER}\nCHANNELID ${port}\n`,
  )
  mkdirSync(IPC_FOLDER, { recursive: true })
  const daemon = spawn(DAEMON, ['--foreground', '--config', folder], { stdio: 'ignore' })
  const stop = async (): Promise<void> => {
    await ended(daemon)
    rmSync(folder, { recursive: true, force: true })
  }
  for (let look = 0; look < 100; look++) {
    const readers = await listPcscReaders()
    if (readers.ok && readers.value.includes(VIRTUAL_READER)) return { port, stop }
    await sleep(50)
  }
  await stop()
  throw new Error('pcscd did not come up')
}

async function ended(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return
  daemon.kill('SIGTERM')
  await once(daemon, 'exit')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
