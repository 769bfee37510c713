import { type ChangeEvent, type FormEvent, useState } from 'react'
import { Icon } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import type { Answered, Field, NamedFile } from './act.ts'
import { ChoiceList, Notes } from './choice-list.tsx'
import { useAsked } from './use-asked.ts'

interface Answering<K extends Field['kind']> {
  readonly field: Extract<Field, { readonly kind: K }>
  readonly onAnswer: (answer: Answered) => void
}

/** One question of a form, drawn by its kind. */
export function FieldQuestion({ field, onAnswer }: { field: Field; onAnswer: (answer: Answered) => void }) {
  if (field.kind === 'choice') return <ChoiceQuestion field={field} onAnswer={onAnswer} />
  if (field.kind === 'file') return <FileQuestion field={field} onAnswer={onAnswer} />
  return <WrittenQuestion field={field} onAnswer={onAnswer} />
}

function ChoiceQuestion({ field, onAnswer }: Answering<'choice'>) {
  const asked = useAsked(field.options, field.name)
  return (
    <>
      <Notes notes={field.notes} />
      <ChoiceList asked={asked} onChosen={onAnswer} />
    </>
  )
}

function WrittenQuestion({ field, onAnswer }: Answering<'text' | 'date' | 'time' | 'number'>) {
  const { texts } = useWindow()
  const [words, setWords] = useState(field.start ?? '')
  const [isUnread, setIsUnread] = useState(false)
  const written = words.trim()
  const mayGo = written !== '' || field.optional === true
  const hand = (event: FormEvent): void => {
    event.preventDefault()
    if (!mayGo) return
    const shown = written === '' ? texts.office.choices.noTime : written
    const answer = field.reads === undefined ? { value: written, shown } : field.reads.as(written)
    if (answer === null) setIsUnread(true)
    else onAnswer(answer)
  }
  return (
    <form className="office-written" onSubmit={hand}>
      {field.suggestions !== undefined && (
        <div className="office-rows">
          {field.suggestions.map((suggestion) => (
            <button
              key={suggestion}
              type="button"
              className="button office-row"
              data-choice={suggestion}
              onClick={() => onAnswer({ value: suggestion, shown: suggestion })}
            >
              {suggestion}
            </button>
          ))}
        </div>
      )}
      <div className="office-line">
        <input
          className="office-input"
          type={field.kind}
          name={field.name}
          aria-label={field.ask}
          value={words}
          maxLength={200}
          min={field.kind === 'number' ? 1 : undefined}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }: ChangeEvent<HTMLInputElement>) => {
            setWords(target.value)
            setIsUnread(false)
          }}
        />
        {field.optional === true && written !== '' && (
          <button type="button" className="button" data-office="clear" onClick={() => setWords('')}>
            {texts.office.choices.noTime}
          </button>
        )}
        <button type="submit" className="button" data-office="go" disabled={!mayGo}>
          {texts.office.field.go}
        </button>
      </div>
      {isUnread && <RefusalLine says={field.reads?.refusal ?? ''} />}
    </form>
  )
}

function FileQuestion({ field, onAnswer }: Answering<'file'>) {
  const { texts } = useWindow()
  const [refusal, setRefusal] = useState<string | null>(null)
  const take = async ({ target }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const files = [...(target.files ?? [])]
    const [file] = files
    if (file === undefined) return
    try {
      if (field.as === 'several') {
        const names = files.length === 1 ? file.name : `${files.length} × ${file.name} …`
        onAnswer({ value: await readSeveral(files), shown: names })
        return
      }
      const value = await readAs(file, field.as)
      const answer = field.reads === undefined ? { value, shown: file.name } : field.reads.as(value)
      if (answer !== null) onAnswer(answer)
      else setRefusal(field.reads?.refusal ?? null)
    } catch {
      setRefusal(texts.office.field.fileTooLarge)
    }
  }
  return (
    <div className="office-written">
      <label className="button office-file">
        <Icon name="clipboard" />
        {texts.office.field.file}
        <input
          className="unseen"
          type="file"
          name={field.name}
          accept={field.accept}
          multiple={field.as === 'several'}
          onChange={(event) => void take(event)}
        />
      </label>
      {field.optional === true && (
        <button
          type="button"
          className="button office-other"
          data-office="skip"
          onClick={() => onAnswer({ value: '', shown: texts.office.choices.noTime })}
        >
          {texts.office.field.skip}
        </button>
      )}
      {refusal !== null && <RefusalLine says={refusal} />}
    </div>
  )
}

function RefusalLine({ says }: { readonly says: string }) {
  return (
    <p className="refusal-line" role="alert">
      <Icon name="alert" />
      <span>{says}</span>
    </p>
  )
}

/** Rejects for a file that is too large for the station, or that cannot be read. */
async function readAs(file: File, as: 'base64' | 'text' | 'sha256'): Promise<string> {
  if (file.size > (as === 'sha256' ? MOST_HASHED_BYTES : MOST_SENT_BYTES)) throw new Error('too large')
  if (as === 'text') return file.text()
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (as === 'sha256') {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

async function readSeveral(files: readonly File[]): Promise<string> {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  if (total > MOST_SENT_BYTES) throw new Error('too large')
  const named: NamedFile[] = []
  for (const file of files) named.push({ name: file.name, file: await readAs(file, 'base64') })
  return JSON.stringify(named)
}

/** Of the protocol: 2,000,000 characters of base64. */
const MOST_SENT_BYTES = 1_500_000
/** A scan of many pages; it stays in this window. */
const MOST_HASHED_BYTES = 200_000_000
