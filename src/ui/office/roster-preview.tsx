import { useEffect } from 'react'
import { fill } from '../i18n/languages.ts'
import { Icon } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import type { ReviewParts } from './act.ts'
import { RowWords } from './choice-list.tsx'
import { rosterLineCode } from './office-advice.ts'
import { FaultLine } from './office-page.tsx'
import { Paged } from './paged.tsx'
import { uploadOf } from './roster-upload.ts'
import { useAsked } from './use-asked.ts'
import { useDesk } from './use-desk.ts'

interface Preview {
  readonly rows: readonly {
    readonly line: number
    readonly name: string
    readonly number: string
    readonly photo: boolean
  }[]
  readonly stray: number
  readonly errors: readonly { readonly line: number | null; readonly code: string }[]
}

/** Who would come in, masked; or every line that has to be corrected first, and then nobody comes in. */
export function RosterPreview({ given, onReady }: ReviewParts) {
  const { texts } = useWindow()
  const { preview } = texts.office
  const desk = useDesk()
  const upload = uploadOf(given)
  const read = async () => (await desk.ask({ act: 'roster.preview', ...upload })) as Preview
  const { value, code } = useAsked(read, JSON.stringify(upload))
  const isGood = value !== null && value.errors.length === 0
  useEffect(() => onReady(isGood), [isGood, onReady])
  if (code !== null) return <FaultLine code={code} />
  if (value === null) return <p className="working">{texts.office.field.loading}</p>
  if (isGood) {
    const withPhoto = value.rows.filter(({ photo }) => photo).length
    const photos = {
      ...{ count: withPhoto, missing: value.rows.length - withPhoto, stray: value.stray },
    }
    const asksPhotos = upload.photos !== undefined
    const detail = (line: number, photo: boolean) =>
      `${fill(preview.line, { line })}${asksPhotos ? ` · ${photo ? preview.photo : preview.noPhoto}` : ''}`
    return (
      <>
        <p className="office-good">
          {fill(preview.good, { count: value.rows.length })}
          {asksPhotos && ` · ${fill(preview.photos, photos)}`}
        </p>
        <Paged
          room="some"
          rows={value.rows.map(({ line, name, number, photo }) => (
            <p key={line} className="office-fact">
              <RowWords lead={`${name} ${number}`} detail={detail(line, photo)} />
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
