# What targets made from here on are built with when EMU_SANITIZE names sanitizers.
if(EMU_SANITIZE)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)  # an empty optional is read without a sanitizer's noticing
  # A null pointer is a fault that ASan shows, too; to check each costs a tenth of the build.
  add_compile_options(-fsanitize=${EMU_SANITIZE} -fno-sanitize=null -fno-omit-frame-pointer -gline-tables-only -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${EMU_SANITIZE})
endif()
