# The addon over libfaiss. faiss and OpenBLAS are inside it. Which libfaiss.a: Debian's, or what scripts/build-faiss.mjs compiled
# (--faiss_library=…).
{
  'variables': {
    'faiss_library%': '-l:libfaiss.a',
    'openblas_library%': '-l:libopenblas.a',
  },
  'targets': [
    {
      'target_name': 'faiss_index',
      'sources': [
        'native/addon.cc',
        'native/blas_threads.cc',
        'native/faiss_index.cc',
        'native/gfortran_shim.cc',
        'native/gomp_shim.cc',
        'native/search.cc',
        'native/search_codes.cc',
        'native/search_flat.cc',
        'native/search_graph.cc',
        'native/search_lists.cc',
        'native/structure.cc',
      ],
      'dependencies': ['<!(node -p "require(\'@cbir/native-kit/gyp\').kit")'],
      'ldflags': ['-Wl,--wrap=sgemm_'],
      'libraries': ['<(faiss_library)', '<(openblas_library)'],
    },
  ],
}
