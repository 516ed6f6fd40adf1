# What `make install` puts where. The man page and the completion scripts are printed by the program itself, at install time, so they
# cannot tell of anything else than it does.
include(GNUInstallDirs)
install(TARGETS hopyard RUNTIME)
install(FILES ${CMAKE_SOURCE_DIR}/schema/hopyard.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/hopyard)

# Where AppArmor forbids user namespaces to programs without a profile, this one lets ordinary users run labs (docs/rootless.md). It names
# the program's places, and only AppArmor 4 reads it: at a profile that it cannot read, an older one would complain at each boot.
install(CODE "
  if(CMAKE_INSTALL_PREFIX MATCHES \"^/usr(/local)?/?$\" AND EXISTS /etc/apparmor.d/abi/4.0)
    file(INSTALL ${CMAKE_SOURCE_DIR}/packaging/apparmor.hopyard DESTINATION /etc/apparmor.d RENAME hopyard)
  endif()")

function(hopyard_install_printed folder name)
  set(file ${CMAKE_BINARY_DIR}/printed/${name})
  install(CODE "
    file(MAKE_DIRECTORY \"${CMAKE_BINARY_DIR}/printed\")
    execute_process(COMMAND \"$<TARGET_FILE:hopyard>\" ${ARGN} OUTPUT_FILE \"${file}\" COMMAND_ERROR_IS_FATAL ANY)")
  install(FILES ${file} DESTINATION ${folder})
endfunction()

hopyard_install_printed(${CMAKE_INSTALL_MANDIR}/man1 hopyard.1 __man)
hopyard_install_printed(${CMAKE_INSTALL_DATADIR}/bash-completion/completions hopyard completion bash)
hopyard_install_printed(${CMAKE_INSTALL_DATADIR}/zsh/site-functions _hopyard completion zsh)
hopyard_install_printed(${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d hopyard.fish completion fish)
