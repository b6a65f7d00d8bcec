# SPDX-License-Identifier: MIT
# The manual page and the shell's completion come out of the command itself.
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/holdfast.1 ${CMAKE_BINARY_DIR}/holdfast.bash
  COMMAND holdfast help --man > ${CMAKE_BINARY_DIR}/holdfast.1
  COMMAND holdfast help --completion > ${CMAKE_BINARY_DIR}/holdfast.bash
  DEPENDS holdfast VERBATIM)
add_custom_target(manual ALL DEPENDS ${CMAKE_BINARY_DIR}/holdfast.1 ${CMAKE_BINARY_DIR}/holdfast.bash)
install(FILES ${CMAKE_BINARY_DIR}/holdfast.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CMAKE_BINARY_DIR}/holdfast.bash
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME holdfast)
