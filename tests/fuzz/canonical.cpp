// One text and one hash for each meaning; numbers by their decimal value.
#include "traitsync/profile/canonical_text.hpp"

#include <cmath>
#include <cstdlib>

#include "fuzz.hpp"
#include "traitsync/core/canonical_number.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/profile/mapper.hpp"

namespace {

using namespace traitsync;
using fuzz::check;

profile::rules const& rules() {
    static profile::rules const r{config::trait_settings{}};
    return r;
}

void check_number(std::string_view text) {
    if (!json::is_number(text)) return;
    std::string once, twice, plain;
    append_canonical_number(once, text);
    check(json::is_number(once), "a canonical number is a number");
    append_canonical_number(twice, once);
    check(once == twice, "canonical numbers are their own");
    std::string const zero_ended{text};
    std::string shortest, of_shortest, again;
    append_shortest_number(shortest, text);
    check(json::is_number(shortest), "a shortest number is a number");
    append_canonical_number(of_shortest, shortest);
    check(of_shortest == once, "a shortest number means the same");
    append_shortest_number(again, once);
    check(again == shortest, "equal numbers have one shortest text");
    auto const value = std::strtod(zero_ended.c_str(), nullptr);
    check(is_beyond_double(text) == std::isinf(value), "beyond a double");
    if (!std::isinf(value)) check(std::strtod(once.c_str(), nullptr) == value, "the same value as a double");
    if (append_plain_integer(plain, text)) {
        std::string of_plain;
        append_canonical_number(of_plain, plain);
        check(of_plain == once, "plain digits mean the same");
    }
}

// Whether our own writer could have written the value: what hashes_of takes.
bool is_writable(json::value const& v) {
    if (v.is_string()) return v.text.find('\0') == std::string_view::npos;
    if (v.is_number()) return !is_beyond_double(v.text);
    for (auto const& e : v.elements()) {
        if (!is_writable(e)) return false;
    }
    for (auto const& m : v.members()) {
        if (m.key.find('\0') != std::string_view::npos || !is_writable(m.val)) return false;
    }
    return true;
}

// The canonical text of a text, or nothing where it is no JSON.
std::string canonical_of(json::document& d, std::string_view text) {
    return d.parse(text) == json::parse_fault::none ? profile::canonical_text(d.root()) : std::string{};
}

}  // namespace

// Two texts with a zero byte between them, or one that is compared with its own other forms.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const all = fuzz::text_of(data, size);
    auto const middle = all.find('\0');
    auto const a = all.substr(0, middle);
    auto const b = middle == std::string_view::npos ? std::string_view{} : all.substr(middle + 1);
    check_number(a);
    json::document d;
    auto const text = canonical_of(d, a);
    if (text.empty()) return 0;
    auto const writable = is_writable(d.root());
    std::string compact;
    json::append(compact, d.root());
    json::document other;
    check(canonical_of(other, text) == text, "a canonical text is its own");
    check(canonical_of(other, compact) == text, "written and read again it means the same");
    auto const hash = profile::hashes_of(text, profile::trait::metadata, rules());
    check(!writable || profile::hashes_of(compact, profile::trait::metadata, rules()).full == hash.full,
          "equal meaning, equal hash");
    auto const second = canonical_of(other, b);
    if (second.empty()) return 0;
    auto const second_hash = profile::hashes_of(second, profile::trait::metadata, rules());
    check((second_hash.full == hash.full) == (second == text), "hashes are equal where the canonical texts are");
    return 0;
}
