#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "support.hpp"
#include "traitsync/config/keys.hpp"

using namespace traitsync::config;
using namespace traitsync::config::test;

namespace {

// The commented file with every assignment switched on, except the secrets' files.
std::string switched_on() {
    std::istringstream in{commented_file()};
    std::string out;
    for (std::string line; std::getline(in, line);) {
        bool const off = line.size() > 1 && line[0] == '#' && line[1] != ' ';
        if (off && line.find("_file = ") == std::string::npos) line.erase(0, 1);
        out += line + "\n";
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(documents)

BOOST_AUTO_TEST_CASE(the_commented_file_names_every_key_once_and_changes_nothing) {
    auto const text = commented_file();
    auto const r = load_text(text);
    BOOST_REQUIRE(r.has_value());
    for (auto const& k : all_keys()) {
        BOOST_TEST(text.find("\n#" + std::string{k.name} + " = ") != std::string::npos, k.full_name());
        if (!k.full_name().starts_with("moesif.token") && !k.full_name().starts_with("segment.write_key")) {
            BOOST_TEST(r->origins.at(k.full_name()) == "default");
        }
    }
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) BOOST_TEST(line.size() <= 120U, line);
}

BOOST_AUTO_TEST_CASE(the_commented_file_switched_on_is_valid_and_equals_the_defaults) {
    auto const r = load_text(switched_on());
    for (auto const& p : problems_of(r)) BOOST_ERROR(p);
    BOOST_REQUIRE(r.has_value());
    for (auto const& k : all_keys()) {
        if (k.is_secret() || k.full_name() == "segment.url") continue;
        BOOST_TEST(k.value_text(r->values) == k.default_text(), k.full_name());
        BOOST_TEST(r->origins.at(k.full_name()) != "default", k.full_name());
    }
    for (auto const& path : riding_by_default()) BOOST_TEST(r->origins.at("traits.policy." + path) != "default");
}

BOOST_AUTO_TEST_CASE(every_default_lies_in_its_own_range) {
    for (auto const& k : all_keys()) {
        BOOST_TEST(!k.brief.empty());
        BOOST_TEST(k.brief.ends_with("."), k.full_name());
        BOOST_TEST((k.least <= k.most), k.full_name());
    }
}

BOOST_AUTO_TEST_CASE(the_reference_has_a_row_for_every_key) {
    auto const text = reference_markdown();
    for (auto const& k : all_keys())
        BOOST_TEST(text.find("| `" + std::string{k.name} + "`") != std::string::npos, k.full_name());
    BOOST_TEST(text.find("| `token`, `token_file` | secret | required |") != std::string::npos);
    BOOST_TEST(text.find("| `interval` | duration, 100ms to 30d | `60s` |") != std::string::npos);
    BOOST_TEST(text.find("`company.ipAddress`") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_page_in_docs_is_that_reference) {
    auto const path = std::string{TS_SOURCE_DIR} + "/docs/configuration.md";
    std::stringstream read;
    read << std::ifstream{path}.rdbuf();
    auto const page = read.str();
    constexpr std::string_view begin = "compared by a test. -->\n\n";
    constexpr std::string_view end = "\n<!-- End of the table. -->";
    auto const from = page.find(begin) + begin.size();
    auto const to = page.find(end);
    BOOST_REQUIRE((page.find(begin) != std::string::npos && to != std::string::npos && from <= to));
    if (std::getenv("TRAITSYNC_WRITE_DOCS") != nullptr) {
        std::ofstream{path} << page.substr(0, from) << reference_markdown() << page.substr(to);
        return;
    }
    BOOST_TEST(page.substr(from, to - from) == reference_markdown(), "./dev docs writes it anew");
}

BOOST_AUTO_TEST_SUITE_END()
