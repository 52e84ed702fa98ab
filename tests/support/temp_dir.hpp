#pragma once
// A folder of its own that goes with its object.

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace traitsync::test {

class temp_dir {
public:
    temp_dir() {
        auto name = (std::filesystem::temp_directory_path() / "traitsync-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::system_error{errno, std::generic_category(), "mkdtemp"};
        path_ = name;
    }
    ~temp_dir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temp_dir(temp_dir const&) = delete;
    temp_dir& operator=(temp_dir const&) = delete;

    std::filesystem::path const& path() const { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

    // Writes a file and gives its whole path.
    std::string write(std::string_view name, std::string_view content) const {
        auto const file = path_ / name;
        std::ofstream out{file, std::ios::binary | std::ios::trunc};
        out.write(content.data(), static_cast<std::streamsize>(content.size()));
        if (!out.flush()) throw std::runtime_error{"cannot write " + file.string()};
        return file.string();
    }

private:
    std::filesystem::path path_;
};

}  // namespace traitsync::test
