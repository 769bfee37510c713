import { openSerialReader } from '../cards/driver/open-serial-reader.ts'
import { type ReaderSimulator, startReaderSimulator } from '../cards/simulator/reader-simulator.ts'
import { Fault } from '../common/fault.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData, stationExists } from '../station/data-folder.ts'
import type { OpenReader } from '../station/reader-supervisor.ts'
import { simulatedCard } from './cards.ts'
import { roster } from './people.ts'
import { createSimulatedSite } from './site.ts'

/** What `shidao station --simulate` runs on: simulated people and reader, the machine's own clock and camera. */
export interface LiveSite {
  readonly data: StationData
  readonly openReader: OpenReader
  stop(): Promise<void>
}

const FIRST_CARD_MS = 6_000
/** A card lies on the simulated reader this long, then nothing does for as long. */
const CARD_MS = 12_000

const MINUTE_MS = 60_000

/**
 * One class that began half an hour ago. The cards of its trainees come onto the reader one after the other; the
 * face is whoever sits before the camera, so that a stranger sees the refusal and the equal lane.
 */
export async function startLiveSite(dir: string): Promise<LiveSite> {
  const clock = systemClock()
  const data = stationExists(dir) ? openStation(dir, { clock }) : newSite(dir)
  if (!data.key.simulated) {
    data.close()
    throw new Fault('STATION_NOT_SIMULATED', `${dir} is a real station; --simulate wants a folder of its own`)
  }
  const reader = startReader(data)
  const rotation = rotateCards(reader)
  return {
    data,
    openReader: () => openSerialReader({ port: reader.path }),
    stop: async () => {
      rotation.stop()
      await reader.stop()
    },
  }
}

/** Gives the folder back where the system has no pseudo-terminal. */
function startReader(data: StationData): ReaderSimulator {
  try {
    return startReaderSimulator()
  } catch (thrown) {
    data.close()
    throw thrown
  }
}

function newSite(dir: string): StationData {
  const clock = systemClock()
  const { wall } = clock.now()
  const start = wall - 30 * MINUTE_MS
  const session = { id: `模拟-${start}`, start, end: start + 4 * 60 * MINUTE_MS }
  return createSimulatedSite(dir, clock, { id: 'LIVE-1', title: '模拟班（现场演示）', sessions: [session] })
    .data
}

function rotateCards(reader: ReaderSimulator): { stop(): void } {
  let turn = 0
  let isStopped = false
  let timer = setTimeout(place, FIRST_CARD_MS)
  async function place(): Promise<void> {
    const key = roster[turn++ % roster.length] ?? '甲'
    const card = await simulatedCard(key, key === '丁' ? 'no-portrait' : 'none')
    // The end may come while the card is drawn; a new timer would then outlive it.
    if (isStopped) return
    reader.place(card)
    timer = setTimeout(take, CARD_MS)
  }
  function take(): void {
    reader.remove()
    timer = setTimeout(place, CARD_MS / 2)
  }
  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
