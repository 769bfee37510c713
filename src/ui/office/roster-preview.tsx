import { useEffect } from 'react'
import { fill } from '../i18n/languages.ts'
import { Icon } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import { answerTo, type ReviewParts } from './act.ts'
import { RowWords } from './choice-list.tsx'
import { rosterLineCode } from './office-advice.ts'
import { FaultLine } from './office-page.tsx'
import { Paged } from './paged.tsx'
import { useAsked } from './use-asked.ts'
import { useDesk } from './use-desk.ts'

interface Preview {
  readonly rows: readonly { readonly line: number; readonly name: string; readonly number: string }[]
  readonly errors: readonly { readonly line: number | null; readonly code: string }[]
}

/** Who would come in, masked; or every line that has to be corrected first, and then nobody comes in. */
export function RosterPreview({ given, onReady }: ReviewParts) {
  const { texts } = useWindow()
  const { preview } = texts.office
  const desk = useDesk()
  const file = answerTo(given, 'file')
  const read = async () => (await desk.ask({ act: 'roster.preview', file })) as Preview
  const { value, code } = useAsked(read, file)
  const isGood = value !== null && value.errors.length === 0
  useEffect(() => onReady(isGood), [isGood, onReady])
  if (code !== null) return <FaultLine code={code} />
  if (value === null) return <p className="working">{texts.office.field.loading}</p>
  if (isGood) {
    return (
      <>
        <p className="office-good">{fill(preview.good, { count: value.rows.length })}</p>
        <Paged
          room="some"
          rows={value.rows.map(({ line, name, number }) => (
            <p key={line} className="office-fact">
              <RowWords lead={`${name} ${number}`} detail={fill(preview.line, { line })} />
            </p>
          ))}
        />
      </>
    )
  }
  return (
    <>
      <p className="refusal-line" role="alert">
        <Icon name="alert" />
        <span>{fill(preview.bad, { count: value.errors.length })}</span>
      </p>
      <Paged
        room="some"
        rows={value.errors.map(({ line, code: wrong }) => (
          <p key={`${line} ${wrong}`} className="office-fact office-bad">
            <RowWords
              lead={line === null ? preview.codes[rosterLineCode(wrong)] : fill(preview.line, { line })}
              detail={line === null ? wrong : preview.codes[rosterLineCode(wrong)]}
            />
          </p>
        ))}
      />
    </>
  )
}
