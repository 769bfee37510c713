/** How a person stands in a report: masked for publication, whole for an auditor. */
export interface PersonName {
  readonly person: string
  readonly name: string
  readonly number: string
}

/** Name and number for two cells; somebody whose identity was destroyed is said to be deleted. */
export function nameOf(names: readonly PersonName[], person: string): [name: string, number: string] {
  const found = names.find((one) => one.person === person)
  return found === undefined ? ['（已删除 deleted）', ''] : [found.name, found.number]
}
