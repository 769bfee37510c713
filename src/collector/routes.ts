import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { batchRequest } from './batch.ts'
import { openEnrolment } from './enrolment.ts'
import { answer, answerRefusal, type Limits, readJson } from './http.ts'
import { Refusal } from './refusal.ts'
import { type CollectorStore, isHolder, type Station } from './store.ts'
import type { Witness } from './witness.ts'

/** What the routes work with. */
export interface Handling {
  readonly store: CollectorStore
  readonly witness: Witness
  readonly production: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly limits: Limits
  readonly onFault: (fault: Fault) => void
}

/** Answers every request: a document, or one refusal `{code, message, …}`. Never rejects. */
export function requestHandler(handling: Handling) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const { status, document } = await dispatch(handling, request)
      answer(response, status, document)
    } catch (thrown) {
      const refusal =
        thrown instanceof Refusal
          ? thrown
          : new Refusal('COLLECTOR_FAILED', 'the collector could not do this now')
      handling.onFault(thrown instanceof Fault ? thrown : new Fault('COLLECTOR_FAILED', String(thrown)))
      if (!response.headersSent && !response.destroyed) answerRefusal(response, refusal)
    }
  }
}

interface Answered {
  readonly status: number
  readonly document: unknown
}

interface Route {
  readonly method: string
  readonly path: RegExp
  readonly run: (handling: Handling, request: IncomingMessage, segment: string) => Promise<Answered>
}

const routes: readonly Route[] = [
  { method: 'POST', path: /^\/v1\/stations$/, run: askForEnrolment },
  { method: 'GET', path: /^\/v1\/stations\/([^/]{1,400})$/, run: tellStanding },
  { method: 'POST', path: /^\/v1\/batch$/, run: takeBatch },
]

const enrolmentRequest = z.strictObject({ note: z.string().max(4000) })

function dispatch(handling: Handling, request: IncomingMessage): Promise<Answered> {
  const [path = ''] = (request.url ?? '').split('?', 1)
  const here = routes.filter((route) => route.path.test(path))
  if (here.length === 0) throw new Refusal('COLLECTOR_PATH', 'there is nothing at this path')
  const route = here.find(({ method }) => method === request.method)
  if (route === undefined) throw new Refusal('COLLECTOR_METHOD', 'this path does not take that method')
  const [, segment = ''] = route.path.exec(path) ?? []
  return route.run(handling, request, segment)
}

async function askForEnrolment(handling: Handling, request: IncomingMessage): Promise<Answered> {
  const { store, production, now, limits } = handling
  const { note } = await readJson(request, enrolmentRequest, limits)
  const asked = unwrap(openEnrolment(note, now()))
  if (production && asked.simulated) {
    throw new Refusal('COLLECTOR_SIMULATED', 'a simulated station has no place in production')
  }
  const [known] = await store.stations({ fingerprint: asked.fingerprint })
  if (known !== undefined && known.simulated !== asked.simulated) {
    throw new Refusal('COLLECTOR_REQUEST', 'this key asked before with another word about simulation')
  }
  if (known === undefined) {
    const waiting = (await store.stations()).filter((station) => station.confirmedAt === null)
    if (waiting.length >= limits.pending) {
      throw new Refusal('COLLECTOR_PENDING_FULL', 'too many stations wait for confirmation')
    }
  }
  const station = known ?? (await store.enrol(asked))
  return { status: station.confirmedAt === null ? 202 : 200, document: standingOf(station) }
}

async function tellStanding({ store }: Handling, _: IncomingMessage, segment: string): Promise<Answered> {
  const asked = await store.stations({ origin: decodeOrigin(segment) })
  const station = asked.find(isHolder) ?? asked[0]
  if (station === undefined) {
    throw new Refusal('COLLECTOR_UNKNOWN_STATION', 'this station never asked to be enrolled')
  }
  return { status: 200, document: standingOf(station) }
}

async function takeBatch({ witness, limits }: Handling, request: IncomingMessage): Promise<Answered> {
  const batch = await readJson(request, batchRequest, limits)
  return { status: 200, document: unwrap(await witness.take(batch)) }
}

function standingOf({ origin, fingerprint, confirmedAt, head }: Station) {
  const state = confirmedAt === null ? 'pending' : 'confirmed'
  return { origin, state, fingerprint, size: head.size, root: Buffer.from(head.root).toString('hex') }
}

function decodeOrigin(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Refusal('COLLECTOR_PATH', 'there is nothing at this path')
  }
}
