import { qrModules } from '../../common/qr.ts'
import type { Certificate } from '../table.ts'
import type { Paper } from './paper.ts'

const LEFT = 70
const LABEL_WIDTH = 82
/** 70 mm: modules of a code with a long title stay above a third of a millimetre. */
const CODE_SIDE = 198

/** Draws a certificate on the current A4 page, upright: what it says, the code, and how to check it. */
export function drawCertificate(paper: Paper, { title, lines, code }: Certificate): void {
  paper.text(title, (paper.width - paper.measure(title, 26)) / 2, 110, 26)
  let y = 180
  for (const [label, value] of lines) {
    paper.text(label, LEFT, y, 11, 0.35)
    for (const line of paper.wrap(value, paper.width - LEFT * 2 - LABEL_WIDTH, 12)) {
      paper.text(line, LEFT + LABEL_WIDTH, y, 12)
      y += 18
    }
    y += 6
  }
  // The mark of a simulation lies behind it.
  paper.fill(LEFT, y + 10, CODE_SIDE, CODE_SIDE, 1)
  paper.modules(qrModules(code), LEFT, y + 10, CODE_SIDE)
  for (const [position, text] of HOW_TO_CHECK.entries()) {
    const width = paper.width - 2 * LEFT - CODE_SIDE - 14
    for (const line of paper.wrap(text, width, 9)) {
      paper.text(line, LEFT + CODE_SIDE + 14, y + 24, 9, 0.25)
      y += 14
    }
    if (position < HOW_TO_CHECK.length - 1) y += 6
  }
}

const HOW_TO_CHECK = [
  '二维码是本证明的签名文本，由考勤台站的密钥签署。',
  '核验：扫码所得文本原样存为文件，运行 shidao verify 文件 --key 台站公钥；公钥须从主管部门等其他途径取得。',
  '核对屏幕所示姓名、证件号码、学时与本页是否一致。',
  '需复算的，可索取同一根哈希的班级证明包（bundle），用 shidao verify 逐条复核。',
]
