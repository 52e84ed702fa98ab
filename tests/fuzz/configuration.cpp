// Configurations: as a file, or as one value in the environment (the first byte chooses). Nothing that is said about
// them may hold a secret.
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "fuzz.hpp"
#include "traitsync/config/keys.hpp"
#include "traitsync/config/load.hpp"
#include "traitsync/config/units.hpp"

namespace {

using namespace traitsync;
using fuzz::check;

constexpr std::string_view token = "aTokenThatNobodyGuesses0123456789";
constexpr std::string_view write_key = "aWriteKeyThatNobodyGuesses012345";

std::string const& file() {
    static auto const name = "/tmp/traitsync-fuzz-configuration-" + std::to_string(::getpid()) + ".toml";
    return name;
}

void check_silent(std::string_view words) {
    check(words.find(token) == std::string_view::npos && words.find(write_key) == std::string_view::npos,
          "no secret in words");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 1) return 0;
    auto const text = fuzz::text_of(data + 1, size - 1);
    // What the fuzzer saw compared it puts into other values too: then it is no secret.
    if (text.find(token) != std::string_view::npos || text.find(write_key) != std::string_view::npos) return 0;
    config::sources from;
    from.environment = {{"TRAITSYNC_MOESIF_TOKEN", std::string{token}},
                        {"TRAITSYNC_SEGMENT_WRITE_KEY", std::string{write_key}}};
    auto const keys = config::all_keys();
    if (data[0] == 0 || data[0] > keys.size() + 1) {
        // Files that other files name could be anything of this machine.
        if (text.find("_file") != std::string_view::npos || text.find("tls_") != std::string_view::npos) return 0;
        std::ofstream{file(), std::ios::binary | std::ios::trunc} << text;
        from.file = file();
    } else if (data[0] == keys.size() + 1) {
        from.environment["TRAITSYNC_TRAITS_POLICY"] = std::string{text};
    } else {
        auto const& key = keys[data[0] - 1U];
        if (key.name.starts_with("tls_")) return 0;
        from.environment[key.environment()] = std::string{text};
    }
    auto const loaded = config::load(from);
    if (loaded) {
        for (auto const& w : loaded->warnings) check_silent(config::to_string(w));
        for (auto const& v : config::show(*loaded)) {
            check_silent(v.value);
            check(!v.origin.empty(), "each value has its origin");
        }
        for (auto const& key : keys) {
            if (key.most > key.least && key.name == "page_size") {
                check(loaded->values.moesif.page_size >= key.least && loaded->values.moesif.page_size <= key.most,
                      "in range");
            }
        }
    } else {
        check(!loaded.error().problems.empty(), "a refusal says why");
        for (auto const& p : loaded.error().problems) {
            check_silent(config::to_string(p));
            check(!p.text.empty() && p.line >= 0 && p.column >= 0, "a problem has words and a place");
        }
    }
    return 0;
}
