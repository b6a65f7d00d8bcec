# SPDX-License-Identifier: MIT
# The small loops of the text model (row sums, dot products, heads side by side) must be vectors.
foreach(name linear net kernel coder coder_net)
  set_source_files_properties(${CMAKE_SOURCE_DIR}/src/signal/text/${name}.c
    PROPERTIES COMPILE_OPTIONS "-O3")
endforeach()
# So must the sums over words, which keep five vectors in registers.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/signal/words.c PROPERTIES COMPILE_OPTIONS "-O3")
