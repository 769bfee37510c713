import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { Fault, type FaultCode } from '../common/fault.ts'

/** A station in a process of its own, up and answering. */
export interface StationProcess {
  readonly socket: string | null
  readonly url: string | null
  /** Resolves with the fault when the station ends without having been asked to. */
  readonly died: Promise<Fault>
  /** Asks it to end, insists after `PATIENCE_MS`, and resolves when it has. */
  stop(): Promise<void>
}

/**
 * Starts `node …words` (a `shidao station`) and waits for its first line, `{socket, url, pid}`.
 * Throws the fault that the station printed when it ends before, `STATION_START` when it says anything else.
 */
export async function spawnStation(words: readonly string[]): Promise<StationProcess> {
  const child = spawn(process.execPath, [...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  const complaints: string[] = []
  let isUp = false
  let isAsked = false
  createInterface(child.stderr).on('line', (line) => {
    if (isUp) process.stderr.write(`${line}\n`)
    else complaints.push(line)
  })
  const ended = new Promise<string>((resolve) => {
    child.once('error', (cause) => resolve(cause.message))
    child.once('close', (code, signal) => resolve(signal === null ? `code ${code}` : `signal ${signal}`))
  })
  const stop = async () => {
    isAsked = true
    await stopChild(child, ended)
  }
  const first = new Promise<string>((resolve) => createInterface(child.stdout).once('line', resolve))
  const line = await Promise.race([first, ended.then((how) => faultOf(complaints, how))])
  if (line instanceof Fault) throw line
  const place = parsePlace(line)
  if (place === null) {
    await stop()
    throw new Fault('STATION_START', 'the station did not say where it listens')
  }
  isUp = true
  child.stdout.resume()
  const died = new Promise<Fault>((resolve) => {
    void ended.then((how) => {
      if (!isAsked) resolve(new Fault('STATION_ENDED', `the station ended by itself with ${how}`))
    })
  })
  return { ...place, died, stop }
}

/** Whether a station answers on this socket already, e.g. one that runs as a service. */
export function stationAnswers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socketPath)
    probe.once('error', () => resolve(false))
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
  })
}

/** Ends a child process: politely, then not. */
export async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM')
  const insist = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
  await ended
  clearTimeout(insist)
}

function parsePlace(line: string): { socket: string | null; url: string | null } | null {
  try {
    const { socket, url } = JSON.parse(line)
    const isPlace = [socket, url].every((value) => value === null || typeof value === 'string')
    return isPlace ? { socket, url } : null
  } catch {
    return null
  }
}

/** What the station said last, if it said it the way commands do: `CODE message`. */
function faultOf(complaints: readonly string[], how: string): Fault {
  const coded = complaints
    .map((line) => /^([A-Z]+_[A-Z0-9_]+) (.+)$/.exec(line))
    .findLast((match) => match !== null)
  if (coded?.[1] !== undefined) return new Fault(coded[1] as FaultCode, coded[2] ?? '')
  return new Fault('STATION_START', `the station ended with ${how} before it was ready`)
}

const PATIENCE_MS = 10_000
