# ts_embed(<target> <symbol> <files…>): links the files' bytes into <target> through .incbin and makes
# traitsync/embedded/<symbol>.hpp with a function <symbol>() that gives a vector of {name, content}.
# Editing one file relinks in a second; nothing is generated that must be compiled as C++.
function(ts_embed target symbol)
  if(NOT ARGN)
    return()
  endif()
  set(dir ${CMAKE_BINARY_DIR}/embedded/${symbol})
  set(assembly ".section .rodata\n")
  set(externs "")
  set(rows "")
  set(index 0)
  foreach(file IN LISTS ARGN)
    get_filename_component(name ${file} NAME)
    string(APPEND assembly
      ".global ts_${symbol}_${index}\n.global ts_${symbol}_${index}_end\n"
      "ts_${symbol}_${index}:\n.incbin \"${file}\"\nts_${symbol}_${index}_end:\n.byte 0\n")
    string(APPEND externs "extern \"C\" const char ts_${symbol}_${index}[];\nextern \"C\" const char ts_${symbol}_${index}_end[];\n")
    string(APPEND rows "        {\"${name}\", {ts_${symbol}_${index}, static_cast<std::size_t>(ts_${symbol}_${index}_end - ts_${symbol}_${index})}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND assembly ".section .note.GNU-stack,\"\",%progbits\n")
  file(CONFIGURE OUTPUT ${dir}/${symbol}.S CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT ${dir}/include/traitsync/embedded/${symbol}.hpp CONTENT "#pragma once
#include <cstddef>
#include <string_view>
#include <vector>
${externs}
namespace traitsync::embedded {
struct ${symbol}_file {
    std::string_view name;
    std::string_view content;
};
inline std::vector<${symbol}_file> ${symbol}() {
    return {
${rows}    };
}
}
" @ONLY)
  add_library(${target} STATIC ${dir}/${symbol}.S)
  set_source_files_properties(${dir}/${symbol}.S PROPERTIES OBJECT_DEPENDS "${ARGN}")
  target_include_directories(${target} PUBLIC ${dir}/include)
endfunction()
