#pragma once
// Whose document a text is and of when, for texts that were set aside and perhaps cannot be mapped: too deep, too
// large, without a document around it. Pure; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace traitsync::profile {

// The id that the mapper would find (user_mapping::identify; a test holds both to one table): by the first usable name
// of the alias table; of a hit with its `_source` also by the `_id` beside it, last. Nothing where there is none, or
// where the text before it is no JSON. Reads the outer members alone, so any depth.
std::optional<std::string> stated_user_id(std::string_view raw);
std::optional<std::string> stated_company_id(std::string_view raw);

// The document in the text of a hit, or the text itself where there is none around it.
std::string_view document_of(std::string_view raw);

// Whether a document without a hit around it says whose it is by more than Moesif's `_id`.
bool has_own_user_id(std::string_view document);
bool has_own_company_id(std::string_view document);

// The modification time that the mapper would find, in milliseconds.
std::optional<std::int64_t> stated_user_modified(std::string_view document);
std::optional<std::int64_t> stated_company_modified(std::string_view document);

}  // namespace traitsync::profile
