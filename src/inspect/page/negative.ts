import type { Fault } from '../../common/fault.ts'
import type { BundleProblem } from '../problem.ts'
import { line } from './elements.ts'
import type { Texts } from './texts.ts'

/* What the page says when the answer is no, whatever kind of file it was. */

/** A file that is none of the kinds it looks like. */
export function unreadable(name: string, { message }: Fault, words: Texts): HTMLElement[] {
  return [line('bad', `${words.unreadable}: ${name}`), line('detail', message)]
}

/** A file that was read and is false: where, in words, and for experts. */
export function falsified({ index, code, detail }: BundleProblem, words: Texts): HTMLElement[] {
  const place = index === null ? '' : words.place(index)
  return [line('bad', words.bad), line('reason', `${place}${words.problems[code]}`), line('detail', detail)]
}
