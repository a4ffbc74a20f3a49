// The suites of the kit: for bytes, for the floats of a preset, and for a letterbox.

import { pluginSuite, vectorLoaderSuite } from '@cbir/conformance'
import { runner } from '@cbir/conformance/vitest'
import { createRegistry } from '@cbir/core'
import { type ImageInput, type ImageLoader, type ImageLoaderConfig, type ImageTensor, imageLoader } from '@cbir/image-loader'
import sharp from 'sharp'

const registry = createRegistry([imageLoader])

/** A picture of its own for each number. */
const picture = (i: number): Promise<Uint8Array> => {
  const [width, height] = [50 + i, 36]
  const data = Uint8Array.from({ length: width * height * 3 }, (_, j) => 128 + 100 * Math.sin((j % (width * 3)) / (20 + i)) + (j % 3) * 9)
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer()
}

const whole = await picture(0)
const badInputs: Readonly<Record<string, ImageInput>> = {
  'a picture that was cut off': whole.slice(0, whole.length / 2),
  'what is no picture': new TextEncoder().encode('this is no picture'),
  'no bytes': new Uint8Array(0),
  'a file that is not there': 'no/such/picture.jpg',
  'what is no input': 5 as never,
}

const configurations: Readonly<Record<string, [config: ImageLoaderConfig, different: ImageLoaderConfig]>> = {
  'bytes of the picture as it is': [{}, { orient: false }],
  'bytes in a letterbox': [
    { resize: { letterbox: { width: 64, height: 64 } } },
    { resize: { letterbox: { width: 64, height: 64 } }, padColour: [1, 2, 3] },
  ],
  'floats of clip-224': [{ preset: 'clip-224' }, { preset: 'clip-224', kernel: 'linear' }],
  'floats of grey': [
    { dtype: 'f32', channels: 'grey', scale: 1 / 255, resize: { shorterSide: 20 } },
    { dtype: 'f32', channels: 'grey' },
  ],
}

for (const [name, [config, different]] of Object.entries(configurations)) {
  vectorLoaderSuite<ImageInput, ImageTensor>({
    runner,
    name: `image-loader, ${name}`,
    create: () => imageLoader(config),
    inputs: (count) => Promise.all(Array.from({ length: count }, (_, i) => picture(i))),
    badInputs,
    spoil: ({ data }) => void data.fill(7),
    different: () => imageLoader(different),
    fromConfig: (written) => registry.fromConfig(written, 'vector-loader') as Promise<ImageLoader>,
  })
}

pluginSuite({
  runner,
  plugin: imageLoader,
  configs: [{}, ...Object.values(configurations).flat()] as Readonly<Record<string, unknown>>[],
  invalid: {
    'two ways of resizing': { resize: { shorterSide: 3, inside: { width: 3, height: 3 } } },
    'bytes that are scaled': { dtype: 'u8', scale: 2 },
    'an unknown preset': { preset: 'no-such-preset' },
  },
})
