# Run at build time: cmake -DOUT=… -DROOT=… -DFILES=a;b -P embed.cmake writes a .cpp that holds the files.
set(rows "")
foreach(file ${FILES})
  file(READ ${file} text)
  file(RELATIVE_PATH path ${ROOT} ${file})
  string(APPEND rows "    {\"${path}\", R\"~embedded~(${text})~embedded~\"},\n")
endforeach()
file(WRITE ${OUT} "// Made by cmake/embed.cmake.\n#include \"runtime-api/bootstrap_files.hpp\"\n\nnamespace emu::runtime {\nnamespace {\nconstexpr EmbeddedFile kFiles[] = {\n${rows}};\n}  // namespace\nstd::span<const EmbeddedFile> bootstrap_files() { return kFiles; }\n}  // namespace emu::runtime\n")
