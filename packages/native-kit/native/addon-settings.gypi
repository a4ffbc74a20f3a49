# Compiler and linker settings of the kit and of every addon over it.
{
  'include_dirs': ['<(cbir_kit_include)', '<(cbir_node_addon_api)'],
  'defines': ['NAPI_VERSION=8', 'NAPI_CPP_EXCEPTIONS', 'NODE_ADDON_API_DISABLE_DEPRECATED', 'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'],
  'cflags!': ['-fno-exceptions', '-fno-rtti'],
  'cflags_cc!': ['-fno-exceptions', '-fno-rtti', '-std=gnu++14', '-std=gnu++17', '-std=gnu++20'],
  # No contraction of a*b+c but where the code says fma: what is computed plain is the same on every machine.
  'cflags': ['-O3', '-g1', '-fvisibility=hidden', '-ffunction-sections', '-fdata-sections', '-ffp-contract=off'],
  'cflags_cc': ['-std=c++17', '-fexceptions', '-frtti', '-fvisibility-inlines-hidden'],
  'xcode_settings': {
    'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
    'GCC_ENABLE_CPP_RTTI': 'YES',
    'GCC_OPTIMIZATION_LEVEL': '3',
    'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
    'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
    'MACOSX_DEPLOYMENT_TARGET': '11.0',
    'OTHER_CFLAGS': ['-ffp-contract=off'],
  },
  'msvs_settings': {
    'VCCLCompilerTool': { 'ExceptionHandling': 1, 'RuntimeTypeInfo': 'true', 'AdditionalOptions': ['/std:c++17', '/fp:precise'] },
  },
  'conditions': [
    ['OS=="linux"', {
      'link_settings': {
        'ldflags': [
          # The C++ library is inside: an old machine's own may be older than ours.
          '-static-libstdc++', '-static-libgcc',
          # Two addons with the same library in them keep each to its own.
          '-Wl,--exclude-libs,ALL', '-Wl,-Bsymbolic', '-Wl,--gc-sections',
          # Threads of the pool outlive the worker thread that loaded the addon: its code must stay.
          '-Wl,-z,nodelete',
          '-pthread',
        ],
      },
    }],
  ],
}
