# The addon of @cbir/audio-dsp: transforms and what comes after them, and the kit.
{
  'targets': [
    {
      'target_name': 'audio_dsp',
      'sources': [
        'native/addon.cc',
        'native/dsp_avx2.cc',
        'native/dsp_avx512.cc',
        'native/dsp_neon.cc',
        'native/dsp_plain.cc',
        'native/engine.cc',
        'native/plan.cc',
      ],
      'dependencies': ["<!(node -p \"require('@cbir/native-kit/gyp').kit\")"],
    },
  ],
}
