# The addon of @cbir/flat-index: the exact scan, and the kit.
{
  'targets': [
    {
      'target_name': 'flat_index',
      'sources': [
        'native/addon.cc',
        'native/bounds.cc',
        'native/candidates.cc',
        'native/codes.cc',
        'native/exact.cc',
        'native/rows.cc',
        'native/scan_avx2.cc',
        'native/scan_avx512.cc',
        'native/scan_kernels.cc',
        'native/scan_neon.cc',
        'native/scan_plain.cc',
        'native/search.cc',
      ],
      'dependencies': ["<!(node -p \"require('@cbir/native-kit/gyp').kit\")"],
    },
  ],
}
