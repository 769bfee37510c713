import { escapeMarkup, qrSvg } from '../common/qr.ts'

/** One code to cut out: what it says and whose it is, as it may be printed. */
export interface PrintedCode {
  readonly code: string
  readonly name: string
  readonly number: string
}

export interface CodeSheet {
  readonly classId: string
  readonly title: string
  /** From a simulated station: every slip says so. */
  readonly simulated: boolean
  readonly codes: readonly PrintedCode[]
}

/**
 * A page of enrolment codes to print on A4 and cut apart, eight to a sheet: class, name, QR code. One HTML document
 * that loads nothing and runs nothing. Who scans such a code is only named by it: card, face or a supervisor prove it.
 */
export function codeSheetPage(sheet: CodeSheet): string {
  const title = escapeMarkup(sheet.title)
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title} 签到码</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${sheet.codes.map((code) => slip(code, sheet)).join('\n')}
</main>
</body>
</html>
`
}

function slip({ code, name, number }: PrintedCode, { title, classId, simulated }: CodeSheet): string {
  return `<section class="slip">
<div class="words">
${simulated ? '<p class="simulated">模拟 SIMULATED</p>\n' : ''}<p class="name">${escapeMarkup(name)}</p>
<p class="number">${escapeMarkup(number)}</p>
<p class="class">${escapeMarkup(title)}</p>
<p class="small">${escapeMarkup(classId)}</p>
<p class="small">到教室扫码，再看屏幕核对本人。此码只认名字，不能代替本人。</p>
</div>
${qrSvg(code, '签到码')}
</section>`
}

/** 95 × 68 mm a slip: eight on A4 with margins that every office printer has. */
const STYLE = `
@page { size: A4; margin: 10mm }
* { box-sizing: border-box; margin: 0 }
body { font-family: "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Microsoft Himalaya", sans-serif; color: #000; background: #fff }
main { display: grid; grid-template-columns: repeat(2, 95mm); justify-content: center }
.slip { width: 95mm; height: 68mm; padding: 4mm; border: 0.2mm dashed #777; display: flex; gap: 2mm; align-items: center; break-inside: avoid; overflow: hidden }
.words { flex: 1; min-width: 0; overflow-wrap: anywhere }
.name { font-size: 22pt; font-weight: 700; line-height: 1.2 }
.number { font-size: 10pt; font-family: monospace }
.class { font-size: 13pt; margin-top: 2mm; max-height: 18mm; overflow: hidden }
.small { font-size: 8pt; margin-top: 1mm }
.simulated { display: inline-block; padding: 0 2mm; border: 0.6mm solid #000; font-size: 11pt; font-weight: 700; margin-bottom: 1mm }
.slip svg { flex: none; width: 46mm; height: 46mm }
`
