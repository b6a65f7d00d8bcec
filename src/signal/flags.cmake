# SPDX-License-Identifier: MIT
# The small loops over heads of the trainer and the row sums of the text model must be vectors.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/signal/text/linear.c
  PROPERTIES COMPILE_OPTIONS "-O3")
