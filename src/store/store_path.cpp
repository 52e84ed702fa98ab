// Where the store lies.
#include <filesystem>

#include "traitsync/store/database.hpp"

namespace traitsync::store {

std::string real_path(std::string const& path) {
    constexpr int most_links = 40;  // as the kernel
    std::filesystem::path file{path};
    std::error_code failed;
    for (int links = 0; links < most_links && std::filesystem::is_symlink(file, failed); ++links) {
        auto const target = std::filesystem::read_symlink(file, failed);
        if (failed) break;
        // An absolute target stands alone. Another keeps a folder before it: SQLite takes some bare names for no
        // file's.
        auto const folder = file.parent_path();
        file = (folder.empty() ? "." : folder) / target;
    }
    return file.string();
}

std::optional<std::int64_t> free_bytes_beside(std::string const& store_path) {
    auto const folder = std::filesystem::path{real_path(store_path)}.parent_path();
    std::error_code failed;
    auto const space = std::filesystem::space(folder.empty() ? "." : folder, failed);
    if (failed) return std::nullopt;
    return static_cast<std::int64_t>(space.available);
}

}  // namespace traitsync::store
