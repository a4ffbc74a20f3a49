// Thumbnails: small copies of pictures that fit into an HTML page.

import sharp from 'sharp'

/** A picture file as a `data:` URL, upright, at most 320 pixels a side. */
export async function thumbnail(file: string): Promise<string> {
  const jpeg = await sharp(file, { failOn: 'none' })
    .rotate()
    .resize(320, 320, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: 'white' })
    .jpeg({ quality: 85 })
    .toBuffer()
  return `data:image/jpeg;base64,${jpeg.toString('base64')}`
}
