import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../common/fault.ts'
import { listPcscReaders } from '../transport/pcsc.ts'
import type { ChipCard } from './chip-card.ts'
import { FaultyChip } from './chip-faults.ts'
import type { ChipSimulatorOptions } from './chip-simulator.ts'
import { FaultScript } from './line-faults.ts'
import type { RunningSimulator } from './sam-simulator.ts'
import { type InsertedCard, insertIntoVpcd, VPCD_PORT } from './vpcd-card.ts'

export interface PcscSimulatorOptions extends Omit<ChipSimulatorOptions, 'socketPath' | 'awayMs'> {
  readonly card: ChipCard
  /** Where the slot of vpcd waits for a card on this machine. */
  readonly vpcdPort?: number
}

/**
 * Puts a card into the virtual reader of a pcscd that runs on this machine with vsmartcard's vpcd, and takes it out at
 * the end. Throws `PORT_NOT_FOUND` where no vpcd waits, and the faults of `listPcscReaders`.
 */
export async function startPcscSimulator(options: PcscSimulatorOptions): Promise<RunningSimulator<ChipCard>> {
  const { vpcdPort = VPCD_PORT } = options
  const faults = new FaultScript(options.faults ?? [])
  let inserted: InsertedCard | null = null
  /** One after the other, because a slot takes one card. */
  let turn: Promise<void> = Promise.resolve()
  const remove = () => {
    turn = turn.then(async () => {
      await inserted?.remove()
      inserted = null
    })
  }
  const insert = async (card: ChipCard) => {
    const faulty = new FaultyChip(card, faults, {
      ...(options.onRead === undefined ? {} : { onRead: options.onRead }),
      ...(options.onRemoved === undefined ? {} : { onRemoved: options.onRemoved }),
    })
    const before = async (): Promise<void> => {
      const delay = faults.take('delay', faulty.command)
      if (delay !== null) await sleep(delay.ms)
    }
    inserted = await insertIntoVpcd(faulty, { port: vpcdPort, beforeAnswer: before })
  }
  try {
    await insert(options.card)
  } catch (cause) {
    throw new Fault(
      'PORT_NOT_FOUND',
      `no vpcd waits for a card on port ${vpcdPort}; install vsmartcard-vpcd and start pcscd`,
      { cause },
    )
  }
  const stop = async () => {
    remove()
    await turn
  }
  const reader = await readerOf(vpcdPort).catch(async (thrown: unknown) => {
    await stop()
    throw thrown
  })
  return {
    port: `pcsc:${reader}`,
    faults,
    place(card) {
      remove()
      // pcscd ended meanwhile: there is nobody to show a card to.
      turn = turn.then(() => insert(card).catch(() => {}))
    },
    remove,
    stop,
  }
}

/** The name that pcscd gives to the slot: its first one listens on the configured port, the second on the next. */
async function readerOf(vpcdPort: number): Promise<string> {
  const listed = await listPcscReaders()
  const virtual = listed.ok ? listed.value.filter((name) => name.startsWith('Virtual PCD')) : []
  return virtual[vpcdPort === VPCD_PORT + 1 ? 1 : 0] ?? virtual[0] ?? 'Virtual PCD 00 00'
}
