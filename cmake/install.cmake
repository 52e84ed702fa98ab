# What `cmake --install` installs: the same as the Debian package. Paths inside files follow the prefix that the
# installation is given, which may differ from the one at configuration.
include(GNUInstallDirs)
set(share ${CMAKE_BINARY_DIR}/share)

# Man pages and completion are printed by the program itself. An instrumented one would do it slowly and no better.
set(documents)
foreach(row "traitsync.1|man traitsync" "traitsync.toml.5|man traitsync.toml" "traitsync.bash|completion bash"
            "_traitsync|completion zsh" "init.toml|init -")
  string(REPLACE "|" ";" row "${row}")
  list(GET row 0 name)
  list(GET row 1 words)
  separate_arguments(words)
  add_custom_command(OUTPUT ${share}/${name} COMMAND traitsync ${words} > ${share}/${name} DEPENDS traitsync VERBATIM)
  list(APPEND documents ${share}/${name})
endforeach()
file(MAKE_DIRECTORY ${share})
add_custom_target(traitsync_documents ALL DEPENDS ${documents})

# Debug symbols of what is shipped stand beside it; debuggers find them by their name.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_OBJCOPY AND CMAKE_STRIP)
  add_custom_command(TARGET traitsync POST_BUILD VERBATIM
    COMMAND ${CMAKE_OBJCOPY} --only-keep-debug --compress-debug-sections traitsync traitsync.debug
    COMMAND ${CMAKE_STRIP} --strip-unneeded --remove-section=.comment --remove-section=.note traitsync
    COMMAND ${CMAKE_OBJCOPY} --add-gnu-debuglink=traitsync.debug traitsync
    WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
endif()

install(TARGETS traitsync RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${share}/traitsync.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${share}/traitsync.toml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES ${share}/traitsync.bash DESTINATION share/bash-completion/completions RENAME traitsync)
install(FILES ${share}/_traitsync DESTINATION share/zsh/vendor-completions)
install(FILES packaging/traitsync.sysusers DESTINATION lib/sysusers.d RENAME traitsync.conf)
install(FILES README.md THIRD_PARTY.md CHANGELOG.md SECURITY.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs
        FILES_MATCHING PATTERN "*.md" PATTERN "alerts.yml" PATTERN "dashboard.json" PATTERN "screenshots" EXCLUDE)
install(CODE "set(source \"${PROJECT_SOURCE_DIR}\")\nset(build \"${CMAKE_BINARY_DIR}\")\nset(docs \"${CMAKE_INSTALL_DOCDIR}\")")
install(SCRIPT ${PROJECT_SOURCE_DIR}/cmake/install_made.cmake)
