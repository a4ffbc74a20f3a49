// Ends what an instruction set's header began: the target pragma.
#if CBIR_X86 && !defined(CBIR_ISA_PLAIN)
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#ifdef CBIR_ISA_DIAGNOSTICS
#pragma GCC diagnostic pop
#endif
#endif
#endif
