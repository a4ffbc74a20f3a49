# The sources of the kernels, from the folder of this file. Those of another platform compile to nothing.
{
  'variables': {
    'cbir_kernel_sources': [
      'src/cpu.cc',
      'src/kernels.cc',
      'src/kernels_avx2.cc',
      'src/kernels_avx512.cc',
      'src/kernels_neon.cc',
      'src/kernels_plain.cc',
      'src/metric.cc',
    ],
  },
}
