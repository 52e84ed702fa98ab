#pragma once
// A console in memory and a folder for files.

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "../../../src/cli/command_line.hpp"

namespace traitsync::cli::test {

struct memory_console {
    std::ostringstream out;
    std::ostringstream err;
    console c{out, err};
};

class folder {
public:
    folder() {
        auto text = (std::filesystem::temp_directory_path() / "traitsync-cli-XXXXXX").string();
        path_ = ::mkdtemp(text.data());
    }
    ~folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
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

inline std::string read(std::string const& path) {
    std::ifstream in{path, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace traitsync::cli::test
