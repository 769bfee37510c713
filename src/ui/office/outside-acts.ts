import { type Act, answerTo, choiceOf, type Desk, type Given, oneOf } from './act.ts'

/* What comes from elsewhere in a file: a published catalogue, a class that another station opened. */

/** A catalogue that its publisher signed needs one person here; one that nobody signed needs two people's word. */
export function importCatalogue({ texts }: Desk): Act {
  const { ask, choices } = texts
  const isSigned = (given: Given) => answerTo(given, 'signed') === 'signed'
  return {
    name: 'catalogue.import',
    signers: (given) => (isSigned(given) ? 1 : 2),
    fields: (given) => [
      { kind: 'file', name: 'file', ask: ask.catalogueFile, accept: '.txt,.json', as: 'text' },
      choiceOf('signed', ask.catalogueSigned, choices, ['signed', 'unsigned']),
      ...(isSigned(given) ? [{ kind: 'text', name: 'key', ask: ask.verifierKey } as const] : []),
    ],
    work: (given, signers) => ({
      act: 'catalogue.import',
      text: answerTo(given, 'file'),
      vkey: isSigned(given) ? answerTo(given, 'key') : null,
      signers: [...signers],
    }),
  }
}

/** Takes part in a class of another station; the station verifies the file before anything is recorded. */
export function joinClass({ texts }: Desk): Act {
  const { ask } = texts
  return {
    name: 'class.join',
    signers: 1,
    fields: () => [
      { kind: 'file', name: 'proof', ask: ask.openingFile, accept: '*/*', as: 'base64' },
      { kind: 'text', name: 'key', ask: ask.verifierKey },
      { kind: 'file', name: 'pack', ask: ask.packFile, accept: '.json', as: 'text', optional: true },
    ],
    work: (given, signers) => ({
      act: 'join.class',
      proof: answerTo(given, 'proof'),
      vkey: answerTo(given, 'key'),
      pack: answerTo(given, 'pack') || null,
      by: oneOf(signers),
    }),
  }
}
