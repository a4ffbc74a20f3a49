# The addon of @cbir/lsh: functors, hash indexes, the ranking of candidates, and the kit.
{
  'targets': [
    {
      'target_name': 'lsh',
      'sources': [
        'native/addon.cc',
        'native/functor/covariance.cc',
        'native/functor/functor_addon.cc',
        'native/functor/functor_avx2.cc',
        'native/functor/functor_avx512.cc',
        'native/functor/functor_kernels.cc',
        'native/functor/functor_neon.cc',
        'native/functor/functor_plain.cc',
        'native/functor/itq.cc',
        'native/functor/polar_factor.cc',
        'native/functor/projection.cc',
        'native/functor/symmetric_eigen.cc',
        'native/hash-index/hash_index_addon.cc',
        'native/rerank/code_scan.cc',
        'native/rerank/ranking.cc',
        'native/rerank/rerank_addon.cc',
        'native/rerank/vector_rows.cc',
      ],
      'dependencies': ["<!(node -p \"require('@cbir/native-kit/gyp').kit\")"],
    },
  ],
}
