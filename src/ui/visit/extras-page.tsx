import { useState } from 'react'
import { useWindow } from '../window-context.ts'
import { FileButton } from './file-button.tsx'
import { digestOf } from './nonce.ts'
import { FootButton, VisitPage } from './visit-page.tsx'

/** What an inspector adds to a mark. The photograph stays on their own device: its SHA-256 goes on record. */
export interface Extras {
  readonly photograph: string | null
  readonly note: string | null
}

export const NO_EXTRAS: Extras = { photograph: null, note: null }

export function ExtrasPage(page: {
  readonly extras: Extras
  readonly onExtras: (extras: Extras) => void
  readonly onBack: () => void
}) {
  const { texts } = useWindow()
  const words = texts.visit.extras
  const [note, setNote] = useState(page.extras.note ?? '')
  const keep = (): void => {
    page.onExtras({ ...page.extras, note: note.trim() === '' ? null : note.trim() })
    page.onBack()
  }
  const take = async ([file]: readonly File[]): Promise<void> => {
    if (file === undefined) return
    const photograph = await digestOf(await file.arrayBuffer())
    page.onExtras({ ...page.extras, photograph })
  }
  return (
    <VisitPage
      name="extras"
      title={words.title}
      next={words.next}
      onBack={page.onBack}
      foot={<FootButton name="keep" words={texts.visit.go} onTouch={keep} isMain />}
    >
      <FileButton
        name="photograph"
        words={page.extras.photograph === null ? words.photograph : words.hasPhotograph}
        icon={page.extras.photograph === null ? 'camera' : 'check'}
        accept="image/*"
        onFiles={(files) => void take(files)}
      />
      <NoteField words={words.note} note={note} onNote={setNote} />
    </VisitPage>
  )
}

export function NoteField(field: {
  readonly words: string
  readonly note: string
  readonly onNote: (note: string) => void
}) {
  return (
    <input
      className="office-input visit-note"
      name="note"
      aria-label={field.words}
      placeholder={field.words}
      value={field.note}
      maxLength={1000}
      autoComplete="off"
      onChange={({ target }) => field.onNote(target.value)}
    />
  )
}
