import { fillerWltBlock, wrapSimulatedPortrait } from '../cards/codec/photo.ts'
import type { ChipCard } from '../cards/simulator/chip-card.ts'
import type { SimulatedCard } from '../cards/simulator/sam-model.ts'
import { SocialSecurityCard } from '../cards/simulator/social-security-card.ts'
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

/** The social security card of the same trainee, second generation: it shows name and number, and has no portrait to give. */
export function simulatedSocialSecurityCard(key: PersonKey): ChipCard {
  const { record, face } = people[key]
  const { name, number, birth, validFrom, validTo } = record
  return new SocialSecurityCard({
    generation: 2,
    holder: { name, number, sex: record.sex === '1' ? '1' : '2', ethnicity: record.ethnicity ?? '01', birth },
    cardNumber: `D0000000${face}`,
    identificationCode: `990000D1560000050000000000000${String(face).padStart(3, '0')}`,
    validFrom,
    validTo: validTo ?? '2046-05-01',
    quirks: {},
  })
}

const portraits = new Map<number, Promise<Uint8Array>>()

function portraitOf(face: number): Promise<Uint8Array> {
  const known = portraits.get(face)
  if (known !== undefined) return known
  const made = makePortrait(demoFaces[face]!)
  portraits.set(face, made)
  return made
}
