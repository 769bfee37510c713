import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Fault } from '../../common/fault.ts'
import { failed, type Result } from '../../common/result.ts'
import type { CameraDevice } from './device.ts'
import { readLinuxCameras } from './linux-cameras.ts'
import { parseMacosCameras, SYSTEM_PROFILER_ARGUMENTS } from './macos-cameras.ts'
import { POWERSHELL_ARGUMENTS, parseWindowsCameras } from './windows-cameras.ts'

/** Asks the operating system which cameras it has. */
export type ListCameras = () => Promise<Result<readonly CameraDevice[]>>

/** The cameras of this machine. Fault `STATION_CAMERA_SYSTEM` where the system can't be asked. Never rejects. */
export const listCameras: ListCameras = async () => {
  switch (process.platform) {
    case 'linux':
      return readLinuxCameras()
    case 'win32':
      return asked('powershell.exe', POWERSHELL_ARGUMENTS, parseWindowsCameras)
    case 'darwin':
      return asked('system_profiler', SYSTEM_PROFILER_ARGUMENTS, parseMacosCameras)
    default:
      return failed(new Fault('STATION_CAMERA_SYSTEM', `cameras of ${process.platform} cannot be looked at`))
  }
}

async function asked(
  program: string,
  words: readonly string[],
  parse: (text: string) => Result<readonly CameraDevice[]>,
): Promise<Result<readonly CameraDevice[]>> {
  try {
    const { stdout } = await run(program, words, { timeout: PATIENCE_MS, windowsHide: true })
    return parse(stdout)
  } catch (cause) {
    return failed(new Fault('STATION_CAMERA_SYSTEM', `${program} gave no answer`, { cause }))
  }
}

const run = promisify(execFile)
const PATIENCE_MS = 10_000
