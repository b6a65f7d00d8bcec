# SPDX-License-Identifier: MIT
# The filters: small loops unrolled; a second copy for AVX2, without fused multiply-add, so that
# both give the same bits.
file(GLOB HF_KERNELS CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/infer/kernel_*_*.c)
foreach(file IN LISTS HF_KERNELS)
  set(flags -Wno-psabi -Wno-unused-function -Wno-float-equal)
  if(CMAKE_BUILD_TYPE MATCHES "Rel")
    list(APPEND flags -O3)
  endif()
  # No fuzz target comes here, and instrumenting unrolled loops takes a compiler minutes.
  if(HF_FUZZ)
    list(APPEND flags -O0 -fno-sanitize=all)
  endif()
  if(file MATCHES "_avx2")
    if(NOT CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
      set_source_files_properties(${file} PROPERTIES HEADER_FILE_ONLY ON)
      continue()
    endif()
    list(APPEND flags -mavx2 -mno-fma)
  endif()
  set_source_files_properties(${file} PROPERTIES COMPILE_OPTIONS "${flags}")
endforeach()
