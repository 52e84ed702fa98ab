#pragma once
// A store as SQL text and back: small stores of earlier programs are kept so.

#include <filesystem>
#include <string>

namespace traitsync::test {

// What a program that knew the first `version` migrations would have left of the rows in the store at `path`: that
// form's tables with the columns that both know.
void text_from_store(std::string const& path, std::filesystem::path const& to, int version);

void store_from_text(std::string const& path, std::filesystem::path const& from);

}  // namespace traitsync::test
