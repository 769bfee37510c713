import { openSerialReader } from '../cards/driver/open-serial-reader.ts'
import { startReaderSimulator } from '../cards/simulator/reader-simulator.ts'
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
  const reader = startReaderSimulator()
  const cards = rotateCards(reader)
  return {
    data,
    openReader: () => openSerialReader({ port: reader.path }),
    stop: async () => {
      clearTimeout(cards.timer)
      await reader.stop()
    },
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

function rotateCards(reader: ReturnType<typeof startReaderSimulator>): { timer: NodeJS.Timeout } {
  let turn = 0
  const rotation = { timer: setTimeout(place, FIRST_CARD_MS) }
  async function place(): Promise<void> {
    const key = roster[turn++ % roster.length] ?? '甲'
    reader.place(await simulatedCard(key, key === '丁' ? 'no-portrait' : 'none'))
    rotation.timer = setTimeout(take, CARD_MS)
  }
  function take(): void {
    reader.remove()
    rotation.timer = setTimeout(place, CARD_MS / 2)
  }
  return rotation
}
