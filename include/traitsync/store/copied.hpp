#pragma once
// A store that was copied goes on beside what its original did meanwhile: the original may have offered what waits in
// the copy under the id that both know. Store thread only.

#include <cstdint>
#include <optional>
#include <string>

#include "traitsync/store/session.hpp"

namespace traitsync::store {

// Notes in which file the store lies, and gives this run a name of its own, in the store and in the lock beside it.
// Where the store lay in another file before, comes from another run than the lock says (also where the lock was lost),
// or was made by database::backup, messages that wait or are held get new ids: no bytes of theirs were offered from
// here. Their number, or nothing where the store is no copy. Before anything is offered; in a transaction of its own.
result<std::optional<std::int64_t>> settle_copy(session& s, std::int64_t now);

// The key in `meta` that database::backup sets in a copy.
inline constexpr char const* copied_key = "copied";

// Which file it is, whatever its name: number and time of birth, as the file system knows them. Empty where it cannot
// be asked.
std::string file_identity(std::string const& path);

}  // namespace traitsync::store
