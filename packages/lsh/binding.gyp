# The addon of @cbir/lsh: functors, hash indexes, the ranking of candidates, and the kit.
{
  'targets': [
    {
      'target_name': 'lsh',
      'sources': [
        'native/addon.cc',
        'native/functor/functor_addon.cc',
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
