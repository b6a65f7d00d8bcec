# SPDX-License-Identifier: MIT
# Puts the files of data/ (and the web bundle) into the library by the assembler's .incbin.
# Model weights (data/models/*.bin) stay files: they are found at run time.
function(hf_embed_data out dir)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${dir} ${dir}/*)
  list(FILTER files EXCLUDE REGEX "(^models/|^acts/(turns|coder_)|^dialogues/|^safety/testset_|^wording/|^mechanisms\\.csv|README|SOURCE|LICENCE|/test/|\\.md$)")
  list(SORT files COMPARE STRING)
  set(code "/* Made by CMake from data/. */\n#include \"base/base.h\"\n\n#include <string.h>\n\n")
  set(rows "")
  set(n 0)
  set(paths "")
  foreach(file IN LISTS files)
    string(APPEND code
      "__asm__(\".section .rodata\\n.balign 16\\nhf_data_${n}: .incbin \\\"${dir}/${file}\\\"\\n\"\n"
      "        \"hf_data_${n}_end: .byte 0\\n.previous\\n\");\n"
      "extern const char hf_data_${n}[] __attribute__((visibility(\"hidden\")));\n"
      "extern const char hf_data_${n}_end[] __attribute__((visibility(\"hidden\")));\n")
    string(APPEND rows "    {\"${file}\", hf_data_${n}, hf_data_${n}_end},\n")
    list(APPEND paths ${dir}/${file})
    math(EXPR n "${n} + 1")
  endforeach()
  string(APPEND code "static const struct {\n    const char *name, *begin, *end;\n} rows[] = {\n"
    "${rows}    {NULL, NULL, NULL}};\n\n"
    "const char *hf_i_data_get(const char *name, size_t *size)\n{\n"
    "    for (size_t i = 0; rows[i].name; i++)\n"
    "        if (strcmp(rows[i].name, name) == 0) {\n"
    "            *size = (size_t)(rows[i].end - rows[i].begin);\n"
    "            return rows[i].begin;\n        }\n    return NULL;\n}\n\n"
    "const char *hf_i_data_name(const char *prefix, size_t index)\n{\n"
    "    for (size_t i = 0; rows[i].name; i++)\n"
    "        if (strncmp(rows[i].name, prefix, strlen(prefix)) == 0 && index-- == 0)\n"
    "            return rows[i].name;\n    return NULL;\n}\n")
  set(file ${CMAKE_BINARY_DIR}/generated/embedded.c)
  file(CONFIGURE OUTPUT ${file} CONTENT "${code}" @ONLY)
  set_source_files_properties(${file} PROPERTIES OBJECT_DEPENDS "${paths}"
    COMPILE_OPTIONS "-Wno-pedantic;-Wno-missing-prototypes")
  set(${out} ${file} PARENT_SCOPE)
endfunction()
