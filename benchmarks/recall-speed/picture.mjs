// The picture of recall against speed: recall across, queries a second upwards, both on scales that spread what matters: 1 − recall and speed by powers of ten.

const WIDTH = 760
const LEFT = 70
const RIGHT = 230
const TOP = 20
const PLOT_HEIGHT = 390
const RECALLS = [0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999]
const SPEEDS = [1, 2, 5].flatMap((first) => [10, 100, 1000, 10_000, 100_000].map((power) => first * power))
const WORST = 0.5
/** What is better is drawn here: a scale of powers has no 1. */
const BEST = 0.9995
const COLOURS = ['#0b6fb8', '#d1495b', '#2e8b57', '#8e5ea2', '#e07a1f', '#5b6770', '#b8860b', '#008b8b']

/** An SVG of these curves; of one `group` are those that share a colour. @param {import('./measure.mjs').Curve[]} curves */
export function picture(curves) {
  const height = Math.max(TOP + PLOT_HEIGHT, TOP + 18 * curves.length) + 50
  const speeds = curves.flatMap(({ points }) => points.map(({ ms }) => 1000 / ms))
  const [low, high] = [Math.log10(Math.min(...speeds)) - 0.05, Math.log10(Math.max(...speeds)) + 0.05]
  const loss = (recall) => Math.log10(1 - Math.min(recall, BEST))
  const x = (recall) => LEFT + ((loss(recall) - loss(WORST)) / (loss(BEST) - loss(WORST))) * (WIDTH - LEFT - RIGHT)
  const y = (speed) => TOP + PLOT_HEIGHT - ((Math.log10(speed) - low) / (high - low)) * PLOT_HEIGHT
  const groups = [...new Set(curves.map(({ group }) => group))]
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    '<title>Recall against speed</title>',
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${TOP + PLOT_HEIGHT + 40}" text-anchor="middle">recall@10</text>`,
    `<text x="16" y="${TOP + PLOT_HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 16 ${TOP + PLOT_HEIGHT / 2})">queries a second, each awaited</text>`,
  ]
  for (const recall of RECALLS) {
    parts.push(`<line x1="${x(recall).toFixed(1)}" x2="${x(recall).toFixed(1)}" y1="${TOP}" y2="${TOP + PLOT_HEIGHT}" stroke="#ddd"/>`)
    parts.push(`<text x="${x(recall).toFixed(1)}" y="${TOP + PLOT_HEIGHT + 18}" text-anchor="middle">${recall}</text>`)
  }
  for (const speed of SPEEDS.filter((one) => Math.log10(one) >= low && Math.log10(one) <= high)) {
    parts.push(`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(speed).toFixed(1)}" y2="${y(speed).toFixed(1)}" stroke="#ddd"/>`)
    parts.push(`<text x="${LEFT - 6}" y="${(y(speed) + 4).toFixed(1)}" text-anchor="end">${speed}</text>`)
  }
  curves.forEach(({ name, group, dashed, points }, i) => {
    const colour = COLOURS[groups.indexOf(group) % COLOURS.length]
    const dash = dashed ? ' stroke-dasharray="6 3"' : ''
    const seen = points.filter(({ recall }) => recall >= WORST).map(({ recall, ms }) => [x(recall).toFixed(1), y(1000 / ms).toFixed(1)])
    parts.push(`<polyline fill="none" stroke="${colour}" stroke-width="2"${dash} points="${seen.map((point) => point.join(',')).join(' ')}"/>`)
    for (const [cx, cy] of seen) parts.push(`<circle cx="${cx}" cy="${cy}" r="2.5" fill="${colour}"/>`)
    const line = TOP + 12 + i * 18
    parts.push(`<line x1="${WIDTH - RIGHT + 12}" x2="${WIDTH - RIGHT + 40}" y1="${line}" y2="${line}" stroke="${colour}" stroke-width="2"${dash}/>`)
    parts.push(`<text x="${WIDTH - RIGHT + 46}" y="${line + 4}">${name}</text>`)
  })
  return `${parts.join('\n')}\n</svg>\n`
}
