import type { ComponentType } from 'react'
import type { DeskWork, PromptKind } from '../../station/protocol.ts'
import type { ActName, OfficeTexts } from '../i18n/office/texts.ts'

/*
 * A piece of office work as a form: one question a step, then everything to check, then one or two signatures. Each act
 * is such a value; `ActForm` draws all of them.
 */

/** What was answered to one question: what is sent, and how it is shown for checking. */
export interface Answered {
  readonly value: string
  readonly shown: string
  /** What whoever decides about it has to know; shown with it, and with the questions about it. */
  readonly notes?: readonly string[]
}
export type Given = Readonly<Record<string, Answered>>

export interface Option extends Answered {
  readonly detail?: string
  /** Of `parts/icon.tsx`, which this file cannot name: it has no pictures. */
  readonly icon?: OptionIcon
  /** `bad` is drawn red, `good` green; both say it in words too. */
  readonly tone?: 'bad' | 'good'
}

export type OptionIcon =
  | 'table'
  | 'in'
  | 'clock'
  | 'people'
  | 'school'
  | 'money'
  | 'calendar'
  | 'archive'
  | 'person'
  | 'erase'

interface Question {
  /** Names the answer in `Given`; unique in its form. */
  readonly name: string
  readonly ask: string
  /** To be read before it is answered. */
  readonly notes?: readonly string[]
}

/** How an answer is read out of what was written or is in a file's words: null where it isn't that, which is said. */
export interface Reading {
  readonly as: (text: string) => Answered | null
  readonly refusal: string
}

export type Field =
  | (Question & { readonly kind: 'choice'; readonly options: () => Promise<readonly Option[]> })
  | (Question & {
      readonly kind: 'text' | 'date' | 'time' | 'number'
      readonly start?: string
      /** Answers that are touched instead of written. */
      readonly suggestions?: readonly string[]
      readonly optional?: true
      readonly reads?: Reading
    })
  | (Question & {
      readonly kind: 'file'
      readonly accept: string
      /** A file's bytes in base64, its words, its sha256 only; or several files, see `filesOf`. */
      readonly as: 'base64' | 'text' | 'sha256' | 'several'
      readonly optional?: true
      readonly reads?: Reading
    })

export interface Signer {
  readonly actor: string
  readonly pin: string
}

export interface Act {
  readonly name: ActName
  readonly signers: 1 | 2 | ((given: Given) => 1 | 2)
  /** The questions, as far as the answers so far tell which. */
  readonly fields: (given: Given) => readonly Field[]
  readonly work: (given: Given, signers: readonly Signer[]) => DeskWork
  /** More to look at before signing; signing waits until it says that all is well. */
  readonly Review?: ComponentType<ReviewParts>
  /** What is shown once it is done, instead of the record's number. */
  readonly Outcome?: ComponentType<OutcomeParts>
}

export interface OutcomeParts {
  readonly title: string
  /** The station's answer. */
  readonly entered: unknown
  readonly onAgain: () => void
  readonly onLeave: () => void
}

export interface ReviewParts {
  readonly given: Given
  readonly onReady: (ready: boolean) => void
}

/** What an act needs to know to ask its questions. */
export interface Desk {
  readonly texts: OfficeTexts
  /** What the door asks of people, in this language. */
  readonly prompts: Readonly<Record<PromptKind, string>>
  readonly staff: readonly { readonly actor: string; readonly name: string }[]
  /** A check is being called at this moment. */
  readonly isChecking: boolean
  /** Does work at the desk and gives its answer; rejects with an `OfficeRefusal`. */
  readonly ask: (work: DeskWork) => Promise<unknown>
}

/** Why the station did not do it. */
export class OfficeRefusal extends Error {
  readonly code: string
  constructor(code: string) {
    super(code)
    this.name = 'OfficeRefusal'
    this.code = code
  }
}

/** The value that was answered to a question; empty when it was not asked. */
export function answerTo(given: Given, name: string): string {
  return given[name]?.value ?? ''
}

/** Several files as one answer, and back again. */
export interface NamedFile {
  readonly name: string
  /** Base64. */
  readonly file: string
}

export function filesOf(given: Given, name: string): NamedFile[] {
  const value = answerTo(given, name)
  return value === '' ? [] : (JSON.parse(value) as NamedFile[])
}

/** A choice between a few words that are always the same. */
export function choiceOf<N extends string>(
  name: string,
  ask: string,
  words: Readonly<Record<N, string>>,
  names: readonly N[],
): Field {
  const options = names.map((value) => ({ value, shown: words[value] }))
  return { kind: 'choice', name, ask, options: () => Promise.resolve(options) }
}

export function bothOf(signers: readonly Signer[]): [Signer, Signer] {
  const [first, second] = signers
  if (first === undefined || second === undefined) throw new Error('an act of two signers got one')
  return [first, second]
}

export function oneOf(signers: readonly Signer[]): Signer {
  const [first] = signers
  if (first === undefined) throw new Error('an act got no signer')
  return first
}
