// The presets, as data: what well-known networks and the classic descriptors want to see.

import type { ImageLoaderConfig, PresetName } from './image-loader-config.ts'

type PresetConfig = Omit<ImageLoaderConfig, 'preset'>

/**
 * - `imagenet-224`: the evaluation transform of torchvision's ImageNet models.
 * - `caffe-227`: BGR bytes minus the ImageNet mean colour, as AlexNet, SqueezeNet and their family in Caffe were trained.
 * - `clip-224`: the transform of OpenAI's CLIP (Radford et al. 2021).
 * - `descriptor`: RGB bytes for descriptors without a model: the whole picture, at most 256 pixels a side, never enlarged, because enlarging
 *   adds no detail and blurs the gradients that such descriptors count.
 */
export const PRESETS: Readonly<Record<PresetName, PresetConfig>> = {
  'imagenet-224': {
    resize: { shorterSide: 256 },
    kernel: 'linear',
    crop: { width: 224, height: 224 },
    channels: 'rgb',
    dtype: 'f32',
    scale: 1 / 255,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
    layout: 'nchw',
  },
  'caffe-227': {
    resize: { shorterSide: 256 },
    kernel: 'linear',
    crop: { width: 227, height: 227 },
    channels: 'bgr',
    dtype: 'f32',
    mean: [104, 117, 123],
    layout: 'nchw',
  },
  'clip-224': {
    resize: { shorterSide: 224 },
    kernel: 'cubic',
    crop: { width: 224, height: 224 },
    channels: 'rgb',
    dtype: 'f32',
    scale: 1 / 255,
    mean: [0.48145466, 0.4578275, 0.40821073],
    std: [0.26862954, 0.26130258, 0.27577711],
    layout: 'nchw',
  },
  descriptor: {
    resize: { inside: { width: 256, height: 256 } },
    kernel: 'linear',
    enlarge: false,
    channels: 'rgb',
    dtype: 'u8',
    layout: 'nhwc',
  },
}
