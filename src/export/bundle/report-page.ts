import { escapeMarkup } from '../../common/qr.ts'

/** One cell, or a whole table of them: text only, always escaped. */
export type PageCell = string | number

export interface Section {
  /** Chinese, then English. */
  readonly title: readonly [zh: string, en: string]
  /** Sentences above the table, each in both languages. */
  readonly notes?: readonly (readonly [zh: string, en: string])[]
  readonly header?: readonly string[]
  readonly rows?: readonly (readonly PageCell[])[]
}

/** A page that loads nothing and runs nothing, for the screen and for A4. Same input, same bytes. */
export function reportPage(
  title: readonly [zh: string, en: string],
  mark: string | null,
  sections: readonly Section[],
): string {
  const [zh, en] = title.map(escapeMarkup)
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${zh}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${zh} <small lang="en">${en}</small></h1>
${mark === null ? '' : `<p class="mark">${escapeMarkup(mark)}</p>\n`}${sections.map(section).join('\n')}
</body>
</html>
`
}

function section({ title: [zh, en], notes = [], header = [], rows = [] }: Section): string {
  const head = header.map((cell) => `<th>${escapeMarkup(cell)}</th>`).join('')
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeMarkup(String(cell))}</td>`).join('')}</tr>`)
    .join('\n')
  const none = header.length > 0 && rows.length === 0 ? '<p>无 <small lang="en">none</small></p>' : ''
  const table =
    rows.length === 0 ? none : `<table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`
  const said = notes
    .map(
      ([chinese, english]) =>
        `<p>${escapeMarkup(chinese)} <small lang="en">${escapeMarkup(english)}</small></p>`,
    )
    .join('\n')
  return `<section>
<h2>${escapeMarkup(zh)} <small lang="en">${escapeMarkup(en)}</small></h2>
${[said, table].filter((part) => part !== '').join('\n')}
</section>`
}

const STYLE = `
@page { size: A4 landscape; margin: 12mm }
* { box-sizing: border-box }
body { font-family: "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Microsoft Himalaya", sans-serif; color: #111; background: #fff; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; line-height: 1.5 }
small { color: #555; font-weight: 400 }
h1 small, h2 small { font-size: .65em }
table { border-collapse: collapse; width: 100%; font-size: .85rem }
th, td { border: 1px solid #bbb; padding: .25rem .4rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { background: #f0f0f0 }
tr { break-inside: avoid }
.mark { display: inline-block; border: 3px solid #b00020; color: #b00020; padding: .2rem .8rem; font-weight: 700 }
@media print { body { margin: 0; max-width: none } }
`
