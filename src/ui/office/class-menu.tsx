import { useState } from 'react'
import type { ActName, GroupName, OverviewName } from '../i18n/office/texts.ts'
import { useWindow } from '../window-context.ts'
import type { Act, Desk, Option } from './act.ts'
import { ActForm } from './act-form.tsx'
import { correctAttendance, enterPaper, grantLeave, resolveDoubt, scheduleMakeUp } from './attendance-acts.ts'
import { ChoiceList } from './choice-list.tsx'
import { advanceClass, openClass } from './class-acts.ts'
import { exportClass } from './export-acts.ts'
import { answerCheck, reportMissingCard, signTeacher } from './lesson-acts.ts'
import { type ClassItem, list } from './lists.ts'
import { closeMonth } from './month-acts.ts'
import { FaultLine, OfficePage } from './office-page.tsx'
import { Overview } from './overviews.tsx'
import { importRoster, reconcilePortraits, removeFromRoster } from './roster-acts.ts'
import { useAsked } from './use-asked.ts'
import { useDesk } from './use-desk.ts'

/** One class: four groups of things to do, then the thing itself. The class is read again after each act. */
export function ClassMenu({ id, onBack }: { readonly id: string; readonly onBack: () => void }) {
  const { texts } = useWindow()
  const desk = useDesk()
  const [group, setGroup] = useState<GroupName | null>(null)
  const [chosen, setChosen] = useState<ActName | OverviewName | null>(null)
  const [visits, setVisits] = useState(0)
  const find = async () => (await list(desk.ask, 'classes')).classes.find((one) => one.id === id) ?? null
  const { value: item, code } = useAsked(find, `${id} ${visits}`)
  const { acts, overviews, groups, stages, choose } = texts.office
  const toGroup = () => {
    setChosen(null)
    setVisits(visits + 1)
  }

  if (item !== null && chosen !== null) {
    if (isOverview(chosen)) return <Overview name={chosen} item={item} onBack={toGroup} />
    const act = ACTS[chosen]?.(desk, item) ?? null
    if (act !== null) return <ActForm act={act} onLeave={toGroup} />
  }
  const title = item === null ? id : `${item.title} · ${stages[item.stage]}`
  const leave = group === null ? onBack : () => setGroup(null)
  const options: Option[] =
    group === null
      ? GROUP_NAMES.map((name) => ({ value: name, shown: groups[name] }))
      : GROUPS[group]
          .filter((name) => isOverview(name) || item === null || ACTS[name]?.(desk, item) !== null)
          .map((name) => ({ value: name, shown: isOverview(name) ? overviews[name] : acts[name] }))
  const touch = ({ value }: Option): void => {
    const name = GROUP_NAMES.find((one) => one === value)
    if (group === null) setGroup(name ?? null)
    else setChosen(GROUPS[group].find((one) => one === value) ?? null)
  }
  return (
    <OfficePage name={group ?? 'class'} title={title} next={choose} onBack={leave}>
      {code === null ? (
        <ChoiceList asked={{ value: item && options, code: null }} onChosen={touch} />
      ) : (
        <FaultLine code={code} />
      )}
    </OfficePage>
  )
}

function isOverview(name: ActName | OverviewName): name is OverviewName {
  return name === 'people' || name === 'checks' || name === 'month'
}

const GROUPS: Readonly<Record<GroupName, readonly (ActName | OverviewName)[]>> = {
  roster: ['people', 'roster.import', 'roster.remove', 'portraits.reconcile'],
  attendance: ['doubt.resolve', 'attendance.correct', 'leave.grant', 'makeup.schedule', 'paper.enter'],
  lesson: ['check.answer', 'checks', 'card.missing', 'teacher.sign'],
  class: ['class.open', 'class.advance', 'month', 'month.close', 'export.start'],
}
const GROUP_NAMES = ['roster', 'attendance', 'lesson', 'class'] as const

/** How each act on a class is made; null where it cannot be done with this one. */
const ACTS: Readonly<Partial<Record<ActName, (desk: Desk, item: ClassItem) => Act | null>>> = {
  'class.open': (desk, item) => (item.stage === 'closed' ? null : openClass(desk, item)),
  'class.advance': advanceClass,
  'roster.import': importRoster,
  'roster.remove': removeFromRoster,
  'portraits.reconcile': reconcilePortraits,
  'doubt.resolve': resolveDoubt,
  'attendance.correct': correctAttendance,
  'leave.grant': grantLeave,
  'makeup.schedule': scheduleMakeUp,
  'paper.enter': enterPaper,
  'check.answer': answerCheck,
  'card.missing': reportMissingCard,
  'teacher.sign': signTeacher,
  'month.close': closeMonth,
  'export.start': exportClass,
}
