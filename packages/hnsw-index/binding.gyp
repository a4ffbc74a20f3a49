# The addon of @cbir/hnsw-index: the graph over hnswlib's headers, and the kit.
{
  'targets': [
    {
      'target_name': 'hnsw_index',
      'sources': [
        'native/addon.cc',
        'native/block_memory.cc',
        'native/code_space.cc',
        'native/graph.cc',
        'native/graph_file.cc',
        'native/graph_linking.cc',
        'native/graph_search.cc',
        'native/scratch.cc',
        'native/space.cc',
      ],
      # hnswlib/hnswlib.h, from the tarball of hnswlib-node.
      'include_dirs': ['node_modules/hnswlib-node/src'],
      # hnswlib reads the 16 bits of a list's length through another type.
      'cflags_cc': ['-fno-strict-aliasing'],
      'xcode_settings': { 'OTHER_CPLUSPLUSFLAGS': ['-fno-strict-aliasing'] },
      'dependencies': ["<!(node -p \"require('@cbir/native-kit/gyp').kit\")"],
    },
  ],
}
