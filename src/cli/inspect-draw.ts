import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { writeWholeFile } from '../export/write-file.ts'
import {
  checkRequest,
  commitDraw,
  type DrawRequest,
  revealDraw,
  standingCommitment,
} from '../inspect/draw.ts'
import { makeDrawFile } from '../inspect/draw-file.ts'
import { drawPower } from '../inspect/draw-power.ts'
import { signedDraw } from '../inspect/visit-acts.ts'
import type { EventData } from '../ledger/event.ts'
import type { StationData } from '../station/data-folder.ts'
import { EXIT, positiveInteger, printAnswer, readOptions } from './command.ts'
import {
  classOf,
  eventsOf,
  type InspectorAtHand,
  inspectorAtHand,
  signed,
  visitAtHand,
  visitOptions,
  withStation,
} from './inspect-desk.ts'

/** Sealed until the draw, like everything that must not be read before its time. */
const PLAN_RECORD = 'draw-plan'

/** `inspect commit`: what the inspector is shown before they name their nonce. */
export async function commit(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...visitOptions,
    'on-site-weight': { type: 'string', default: '1' },
  })
  const classId = classOf(values)
  const onSiteWeight = positiveInteger(values['on-site-weight'], '--on-site-weight')
  if (onSiteWeight > 16) throw new Fault('USAGE_NUMBER', '--on-site-weight takes 1 to 16')
  return withStation(values.data, async (data) => {
    const committed = commitNow(data, classId, onSiteWeight)
    const { commitment, n, strata } = committed
    printAnswer(values.json, { class: classId, n, commitment, strata }, [
      `commitment ${commitment}`,
      `${n} people: ${strata.map(({ name, people, weight }) => `${people} ${name}, weight ${weight}`).join('; ')}`,
      'name it with your nonce: --commitment; then nobody can say that it was made afterwards',
    ])
    return EXIT.yes
  })
}

/** `inspect draw`: reveals a commitment that stands, or one that is made here where there is none. */
export async function draw(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...visitOptions,
    k: { type: 'string', short: 'k' },
    nonce: { type: 'string' },
    commitment: { type: 'string' },
    out: { type: 'string' },
  })
  const classId = classOf(values)
  const k = wholeNumber(values.k)
  const { nonce, commitment: seen = null } = values
  if (nonce === undefined) throw new Fault('USAGE_INSPECT', 'a draw takes --nonce HEX, 16 to 64 random bytes')
  const inspector = values.key === undefined ? null : await inspectorAtHand(values.key)
  return withStation(values.data, async (data) => {
    const visit = inspector === null ? null : visitAtHand(eventsOf(data), classId, inspector).visit
    const request = {
      class: classId,
      k,
      nonce: nonce.toLowerCase(),
      visit,
      seen: seen?.toLowerCase() ?? null,
    }
    unwrap(checkRequest(eventsOf(data), request))
    const drawn = recordDraw(data, request, inspector)
    const file = values.out ?? fileFor(data, drawn.draw)
    writeWholeFile(file, makeDrawFile(data.ledger, drawn.draw)!, () => data.ledger.keepCheckpoint('export'))
    const { committed, order } = drawn
    const power = drawPower(committed.strata, k)
    const answer = {
      ...{ class: classId, k, n: committed.n, power, commitment: committed.commitment, nonce: request.nonce },
      ...{ order, file, strata: committed.strata, commitmentSeen: request.seen !== null, visit },
      simulated: data.key.simulated,
    }
    printAnswer(values.json, answer, [
      ...(data.key.simulated ? ['SIMULATED 模拟: nobody of these exists'] : []),
      `${k} of ${committed.n}, commitment ${committed.commitment}`,
      ...order.map((person, i) => `${i + 1}  ${person}`),
      ...powerLines(power, k, committed.n),
      ...(request.seen === null
        ? ['no commitment was named with the nonce: nothing shows which came first']
        : []),
      file,
    ])
    return EXIT.yes
  })
}

/** "5 of 50 misses 5 false seats 58 times in 100". */
export function powerLines(power: Readonly<Record<string, number>>, k: number, n: number): string[] {
  return Object.entries(power).map(([seats, found]) => {
    const missed = Math.round((1 - found) * 100)
    const more = found < 0.5 ? ', more often than not' : ''
    return `${k} of ${n} misses ${seats} false seat${seats === '1' ? '' : 's'} ${missed} times in 100${more}`
  })
}

/** Commits, with the plan sealed first: a commitment whose plan was never kept would look like one that was lost. */
function commitNow(data: StationData, classId: string, onSiteWeight: number): EventData['draw.committed'] {
  const draw = randomBytes(16).toString('hex')
  const seed = randomBytes(32).toString('hex')
  const { origin } = data.key
  const made = unwrap(commitDraw(eventsOf(data), { origin, class: classId, draw, seed, onSiteWeight }))
  data.side.put(draw, 'identity', PLAN_RECORD, Buffer.from(made.plan))
  data.ledger.append({ type: 'draw.committed', data: made.data })
  return made.data
}

function recordDraw(data: StationData, request: DrawRequest, inspector: InspectorAtHand | null) {
  const standing = standingCommitment(eventsOf(data), request)
  if (standing === null && request.seen !== null) {
    throw new Fault('INSPECT_COMMITMENT_SPENT', 'this commitment was drawn from or is void; commit again')
  }
  const committed = standing ?? commitNow(data, request.class, 1)
  const plan = data.side.get(committed.draw, 'identity', PLAN_RECORD)
  const text = plan === null ? null : Buffer.from(plan).toString('utf8')
  const revealed = revealDraw(eventsOf(data), request, committed, text)
  if (!revealed.ok) {
    data.ledger.append({ type: 'draw.voided', data: revealed.fault.voided })
    throw revealed.fault.fault
  }
  const { data: body } = revealed.value
  const act = inspector === null ? null : signed(data, inspector, 'visit.draw', signedDraw(body))
  data.ledger.append({ type: 'visit.drawn', data: { ...body, act } })
  return { draw: body.draw, order: body.order, committed }
}

function fileFor(data: StationData, draw: string): string {
  const folder = join(data.dir, 'draws')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return join(folder, `${draw}.shidao-draw`)
}

/** Zero is a number: why it can't be drawn is answered in words. */
function wholeNumber(text: string | undefined): number {
  if (text !== undefined && /^(0|[1-9][0-9]{0,8})$/.test(text)) return Number(text)
  throw new Fault('USAGE_NUMBER', '-k takes a whole number')
}
