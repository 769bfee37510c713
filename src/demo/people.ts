import { citizenCheckCharacter } from '../cards/codec/citizen-number.ts'
import type { CardRecord } from '../cards/reader.ts'

/** Simulated trainees. Every name says so, every number is made up and has a valid check digit (GB 11643). */
export interface DemoPerson {
  readonly key: string
  /** Which photograph of `demo/faces.ts` this person has. */
  readonly face: number
  readonly record: CardRecord
}

/** Area 990000 is assigned to no place, so that these numbers belong to nobody. */
function number(birth: string, sequence: string): string {
  const digits = `990000${birth.replaceAll('-', '')}${sequence}`
  return digits + citizenCheckCharacter(digits)
}

function trainee(
  key: string,
  face: number,
  birth: string,
  sequence: string,
  validTo: string | null,
): DemoPerson {
  return {
    key,
    face,
    record: {
      kind: 'resident',
      name: `模拟学员${key}`,
      nameEn: null,
      number: number(birth, sequence),
      formerNumber: null,
      passNumber: null,
      sex: Number(sequence) % 2 === 1 ? '1' : '2',
      ethnicity: '01',
      nationality: null,
      birth,
      address: '模拟省模拟市模拟路1号',
      issuer: '模拟市公安局',
      validFrom: '2016-05-01',
      validTo,
    },
  }
}

export const people = {
  甲: trainee('甲', 0, '1988-03-12', '001', null),
  乙: trainee('乙', 1, '1992-11-05', '002', '2036-05-01'),
  丙: trainee('丙', 2, '1979-07-23', '003', '2026-01-31'),
  丁: trainee('丁', 3, '1985-01-30', '004', '2036-05-01'),
  戊: trainee('戊', 4, '1996-09-14', '005', '2036-05-01'),
  己: trainee('己', 5, '1990-12-01', '006', '2036-05-01'),
  /** Comes with a good card, but is on no roster; also the face behind the borrowed card. */
  庚: trainee('庚', 6, '1983-06-18', '007', '2036-05-01'),
} as const

export type PersonKey = keyof typeof people

/** The six on the roster. */
export const roster: readonly PersonKey[] = ['甲', '乙', '丙', '丁', '戊', '己']
