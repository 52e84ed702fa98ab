#pragma once
// A folder for the files of one test, and `load` over texts.

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "traitsync/config/load.hpp"

namespace traitsync::config::test {

class folder {
public:
    folder() {
        auto text = (std::filesystem::temp_directory_path() / "traitsync-config-XXXXXX").string();
        path_ = ::mkdtemp(text.data());
    }
    ~folder() { std::filesystem::remove_all(path_); }
    folder(folder const&) = delete;
    folder& operator=(folder const&) = delete;

    std::string path(std::string_view name) const { return (path_ / name).string(); }
    std::string write(std::string_view name, std::string_view text) const {
        std::ofstream{path(name), std::ios::binary} << text;
        return path(name);
    }

private:
    std::filesystem::path path_;
};

inline std::string const good_key = "0123456789abcdefghijABCDEFGHIJKL";

// What every configuration needs, so that a test sees only its own problems.
inline std::map<std::string, std::string> credentials() {
    return {{"TRAITSYNC_MOESIF_TOKEN", "a.moesif.token"}, {"TRAITSYNC_SEGMENT_WRITE_KEY", good_key}};
}

inline load_result load_text(std::string_view text, std::map<std::string, std::string> more = {},
                             std::map<std::string, std::string> overrides = {}) {
    folder const f;
    sources from;
    from.file = f.write("t.toml", text);
    from.environment = credentials();
    for (auto& [name, value] : more) from.environment[name] = value;
    from.overrides = std::move(overrides);
    return load(from);
}

// Positions with the file's name instead of its path.
inline std::vector<std::string> lines_of(std::vector<problem> const& problems) {
    std::vector<std::string> out;
    for (auto p : problems) {
        p.file = std::filesystem::path{p.file}.filename().string();
        out.push_back(to_string(p));
    }
    return out;
}

inline std::vector<std::string> problems_of(load_result const& r) {
    return r.has_error() ? lines_of(r.error().problems) : std::vector<std::string>{};
}

}  // namespace traitsync::config::test
