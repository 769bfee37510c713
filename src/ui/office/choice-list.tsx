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
      <RowWords lead={option.shown} detail={option.detail} />
    </button>
  ))
  return <Paged rows={rows} />
}

/** A line, and a smaller one below it. */
export function RowWords({ lead, detail }: { readonly lead: string; readonly detail?: string | undefined }) {
  return (
    <span className="office-words">
      <span>{lead}</span>
      {detail !== undefined && <span className="office-detail">{detail}</span>}
    </span>
  )
}
