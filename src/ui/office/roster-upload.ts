import { answerTo, filesOf, type Given } from './act.ts'

/** A roster's file, and what was chosen beside it, as the station takes them. */
export function uploadOf(given: Given) {
  const [columns, photos] = [answerTo(given, 'columns'), filesOf(given, 'photos')]
  return {
    file: answerTo(given, 'file'),
    ...(columns === '' ? {} : { columns }),
    ...(photos.length === 0 ? {} : { photos }),
  }
}
