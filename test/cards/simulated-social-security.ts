import {
  SocialSecurityCard,
  type SocialSecurityProgram,
  type SocialSecurityQuirks,
} from '../../src/cards/simulator/social-security-card.ts'

/** Nobody: an invented name on the sample number of GB 11643, issued by an area that doesn't exist. */
export const sampleProgram: SocialSecurityProgram = {
  generation: 2,
  holder: {
    name: '模拟学员甲',
    number: '11010519491231002X',
    sex: '2',
    ethnicity: '01',
    birth: '1949-12-31',
  },
  cardNumber: 'A00000001',
  identificationCode: '990000D1560000050000000000000001',
  validFrom: '2020-01-01',
  validTo: '2040-01-01',
  quirks: {},
}

export function socialSecurityCard(
  generation: 1 | 2 | 3,
  quirks: SocialSecurityQuirks = {},
  changes: Partial<SocialSecurityProgram> = {},
): SocialSecurityCard {
  return new SocialSecurityCard({ ...sampleProgram, ...changes, generation, quirks })
}
