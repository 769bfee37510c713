import { Icon } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import type { Option } from './act.ts'
import { FaultLine } from './office-page.tsx'
import { Paged } from './paged.tsx'
import type { Asked } from './use-asked.ts'

/** Large answers to touch, once they are here; a list with nothing in it says so. */
export function ChoiceList(choice: {
  readonly asked: Asked<readonly Option[]>
  readonly onChosen: (option: Option) => void
}) {
  const { texts } = useWindow()
  const { value: options, code } = choice.asked
  if (code !== null) return <FaultLine code={code} />
  if (options === null) return <p className="working">{texts.office.field.loading}</p>
  if (options.length === 0) {
    return (
      <p className="office-empty" data-part="empty">
        {texts.office.field.empty} · {texts.office.field.emptyNext}
      </p>
    )
  }
  const rows = options.map((option) => (
    <button
      key={option.value}
      type="button"
      className={`button office-row office-${option.tone ?? 'plain'}`}
      data-choice={option.value}
      onClick={() => choice.onChosen(option)}
    >
      {option.icon !== undefined && <Icon name={option.icon} />}
      <RowWords lead={option.shown} detail={option.detail} notes={option.notes} />
    </button>
  ))
  const hasNotes = options.some(({ notes = [] }) => notes.length > 0)
  return <Paged rows={rows} room={hasNotes ? 'some' : 'whole'} />
}

/** What has to be known before something is chosen. */
export function Notes({ notes = [] }: { readonly notes?: readonly string[] | undefined }) {
  if (notes.length === 0) return null
  return (
    <ul className="office-notes" data-part="notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  )
}

/** What fits into a row of the smallest screen; the question about the chosen one shows all of it. */
const NOTES_IN_A_ROW = 2

function inShort(notes: readonly string[]): string {
  const rest = notes.length - NOTES_IN_A_ROW
  return [...notes.slice(0, NOTES_IN_A_ROW), ...(rest > 0 ? [`+${rest}`] : [])].join(' · ')
}

/** A line, a quieter one below it, and the first of what has to be known. */
export function RowWords({
  lead,
  detail,
  notes = [],
}: {
  readonly lead: string
  readonly detail?: string | undefined
  readonly notes?: readonly string[] | undefined
}) {
  return (
    <span className="office-words">
      <span>{lead}</span>
      {detail !== undefined && <span className="office-detail">{detail}</span>}
      {notes.length > 0 && (
        <span className="office-note" data-part="notes">
          {inShort(notes)}
        </span>
      )}
    </span>
  )
}
