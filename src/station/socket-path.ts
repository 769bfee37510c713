import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Where a station's local socket is, known to the station and to Electron without asking.
 *
 * Unix: `DATA/run/station.sock`, or, where that is longer than a socket address can hold (108 bytes on Linux, 104 on
 * macOS, one for the final zero), a folder of this user below the temporary one. Windows: a named pipe, whose default
 * descriptor lets only its creator, administrators and the system write.
 */
export function stationSocketPath(dataFolder: string): string {
  const folder = resolve(dataFolder)
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  if (process.platform === 'win32') return `\\\\.\\pipe\\shidao-${digest}`
  const beside = join(folder, 'run', 'station.sock')
  if (Buffer.byteLength(beside) <= LONGEST_ADDRESS) return beside
  return join(tmpdir(), `shidao-${process.getuid?.() ?? 0}-${digest}`, 'station.sock')
}

const LONGEST_ADDRESS = 103
