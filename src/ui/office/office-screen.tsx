import { useEffect, useRef, useState } from 'react'
import { fill } from '../i18n/languages.ts'
import { useWindow } from '../window-context.ts'
import type { Act, Desk, Option } from './act.ts'
import { ActForm } from './act-form.tsx'
import { ChoiceList } from './choice-list.tsx'
import { fileClass, openClass } from './class-acts.ts'
import { ClassMenu } from './class-menu.tsx'
import { type ClassItem, list } from './lists.ts'
import { OfficePage } from './office-page.tsx'
import { importCatalogue, joinClass } from './outside-acts.ts'
import { useAsked } from './use-asked.ts'
import { useDesk } from './use-desk.ts'

type Place =
  | { readonly at: 'home' }
  | { readonly at: 'new'; readonly act: (desk: Desk) => Act }
  | { readonly at: 'class'; readonly id: string }

/**
 * What staff do about classes beside the door: classes, then what can be done with one, then the act. Nothing is kept
 * here: lists are the station's, PINs are asked for each act, and the area closes when nobody touches it.
 */
export function OfficeScreen({ onLeave }: { readonly onLeave: () => void }) {
  useLeavingUnused(onLeave)
  const desk = useDesk()
  const [place, setPlace] = useState<Place>({ at: 'home' })
  const home = () => setPlace({ at: 'home' })
  if (place.at === 'new') return <ActForm act={place.act(desk)} onLeave={home} />
  if (place.at === 'class') return <ClassMenu key={place.id} id={place.id} onBack={home} />
  return <Classes onPlace={setPlace} onLeave={onLeave} />
}

function Classes(classes: { readonly onPlace: (place: Place) => void; readonly onLeave: () => void }) {
  const { texts } = useWindow()
  const desk = useDesk()
  const { home, acts, stages } = texts.office
  const { value, code } = useAsked(() => list(desk.ask, 'classes'), 'classes')
  const option = ({ id, title, stage, people }: ClassItem): Option => ({
    value: id,
    shown: title,
    detail: `${stages[stage]} · ${fill(home.people, { count: people })}`,
  })
  const options = value && [
    { value: FILE, shown: `+ ${acts['class.file']}` },
    { value: OPEN, shown: `+ ${acts['class.open']}` },
    { value: JOIN, shown: `+ ${acts['class.join']}` },
    { value: CATALOGUE, shown: acts['catalogue.import'] },
    ...value.classes.map(option),
  ]
  const choose = ({ value: chosen }: Option): void => {
    if (chosen === FILE) classes.onPlace({ at: 'new', act: fileClass })
    else if (chosen === OPEN) classes.onPlace({ at: 'new', act: (at) => openClass(at, null) })
    else if (chosen === JOIN) classes.onPlace({ at: 'new', act: joinClass })
    else if (chosen === CATALOGUE) classes.onPlace({ at: 'new', act: importCatalogue })
    else classes.onPlace({ at: 'class', id: chosen })
  }
  return (
    <OfficePage name="home" title={home.title} next={home.next} onBack={classes.onLeave}>
      <ChoiceList asked={{ value: options, code }} onChosen={choose} />
    </OfficePage>
  )
}

/** Back to the door when nobody has touched anything for a while. */
function useLeavingUnused(onLeave: () => void): void {
  const newest = useRef(onLeave)
  newest.current = onLeave
  useEffect(() => {
    const leave = (): void => newest.current()
    let timer = setTimeout(leave, UNUSED_MS)
    const stay = (): void => {
      clearTimeout(timer)
      timer = setTimeout(leave, UNUSED_MS)
    }
    for (const event of SIGNS_OF_USE) window.addEventListener(event, stay, { capture: true })
    return () => {
      clearTimeout(timer)
      for (const event of SIGNS_OF_USE) window.removeEventListener(event, stay, { capture: true })
    }
  }, [])
}

const SIGNS_OF_USE = ['pointerdown', 'keydown', 'input'] as const
const UNUSED_MS = 120_000
/** No class has a number with a space at its start: `class.file` takes none. */
const FILE = ' file'
const OPEN = ' open'
const JOIN = ' join'
const CATALOGUE = ' catalogue'
