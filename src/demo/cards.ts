import { fillerWltBlock, wrapSimulatedPortrait } from '../cards/codec/photo.ts'
import type { SimulatedCard } from '../cards/simulator/sam-model.ts'
import { unwrap } from '../common/result.ts'
import { demoFaces } from './faces.ts'
import { type PersonKey, people } from './people.ts'
import { makePortrait } from './portrait.ts'
import type { CardTrouble } from './scenario.ts'

/** The card of a simulated trainee, with a portrait of at most 1,016 bytes in the project's own photo format. */
export async function simulatedCard(key: PersonKey, trouble: CardTrouble): Promise<SimulatedCard> {
  const { record, face } = people[key]
  if (trouble === 'no-portrait') return { record, photoBlock: fillerWltBlock() }
  const photoBlock = unwrap(wrapSimulatedPortrait(await portraitOf(face)))
  if (trouble !== 'bad-check-digit') return { record, photoBlock }
  const check = record.number.endsWith('0') ? '1' : '0'
  return { record: { ...record, number: record.number.slice(0, 17) + check }, photoBlock }
}

const portraits = new Map<number, Promise<Uint8Array>>()

function portraitOf(face: number): Promise<Uint8Array> {
  const known = portraits.get(face)
  if (known !== undefined) return known
  const made = makePortrait(demoFaces[face]!)
  portraits.set(face, made)
  return made
}
