import { type Act, answerTo, type Desk, oneOf } from './act.ts'
import { type ClassItem, personField } from './lists.ts'
import { RosterPreview } from './roster-preview.tsx'
import { uploadOf } from './roster-upload.ts'

/** Imports all trainees of a file or none; its preview comes before the signature. */
export function importRoster({ texts }: Desk, { id }: ClassItem): Act {
  const { ask, reasons } = texts
  return {
    name: 'roster.import',
    signers: 1,
    fields: () => [
      { kind: 'file', name: 'file', ask: ask.rosterFile, accept: '.xlsx,.csv,.txt', as: 'base64' },
      { kind: 'file', name: 'columns', ask: ask.columns, accept: '.json', as: 'text', optional: true },
      { kind: 'file', name: 'photos', ask: ask.photos, accept: 'image/*', as: 'several', optional: true },
      { kind: 'text', name: 'reason', ask: ask.reason, suggestions: [reasons.joined] },
    ],
    Review: RosterPreview,
    work: (given, signers) => ({
      act: 'roster.import',
      class: id,
      ...uploadOf(given),
      reason: answerTo(given, 'reason'),
      by: oneOf(signers),
    }),
  }
}

/** Takes one person off the roster; what was recorded of them stays. */
export function removeFromRoster(desk: Desk, { id }: ClassItem): Act {
  const { ask, reasons } = desk.texts
  return {
    name: 'roster.remove',
    signers: 1,
    fields: () => [
      personField(desk, id),
      { kind: 'text', name: 'reason', ask: ask.reason, suggestions: [reasons.left, reasons.asked] },
    ],
    work: (given, signers) => ({
      act: 'roster.remove',
      class: id,
      people: [answerTo(given, 'person')],
      reason: answerTo(given, 'reason'),
      by: oneOf(signers),
    }),
  }
}

/** Compares everybody who was enrolled on site with the official portrait that came later. */
export function reconcilePortraits(_desk: Desk, { id }: ClassItem): Act {
  return {
    name: 'portraits.reconcile',
    signers: 1,
    fields: () => [],
    work: (_given, signers) => ({ act: 'portraits.reconcile', class: id, by: oneOf(signers) }),
  }
}
