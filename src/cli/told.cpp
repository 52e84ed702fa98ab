#include "told.hpp"

#include <charconv>
#include <stdexcept>

namespace traitsync::cli {
namespace {

// A profile's own levels, and at most six around them: those of the sample of a held pass.
constexpr std::size_t deepest_answer = json::max_depth + 16;

[[noreturn]] void refuse(std::string_view name, char const* why) {
    throw std::invalid_argument{"its " + std::string{name} + why};
}

}  // namespace

told::told(std::string body) : body_{std::move(body)}, document_{deepest_answer} {
    // What is no JSON has no members, and is told where they are looked for.
    static_cast<void>(document_.parse(body_));
}

json::value const& at(json::value const& object, std::string_view name) {
    auto const* found = object.find(name);
    if (found == nullptr) refuse(name, " is missing");
    return *found;
}

std::string word(json::value const& object, std::string_view name) {
    auto const& v = at(object, name);
    if (!v.is_string()) refuse(name, " is no text");
    return std::string{v.text};
}

bool truth(json::value const& object, std::string_view name) {
    auto const& v = at(object, name);
    if (v.type != json::kind::boolean) refuse(name, " is neither true nor false");
    return v.boolean;
}

std::int64_t number(json::value const& object, std::string_view name) {
    auto const& v = at(object, name);
    if (v.is_null()) return 0;
    std::int64_t n = 0;
    auto const* const end = v.text.data() + v.text.size();
    auto const [rest, failed] = std::from_chars(v.text.data(), end, n);
    if (!v.is_number() || failed != std::errc{} || rest != end) refuse(name, " is no whole number");
    return n;
}

std::span<json::value const> list(json::value const& object, std::string_view name) {
    auto const& v = at(object, name);
    if (!v.is_array()) refuse(name, " is no list");
    return v.elements();
}

}  // namespace traitsync::cli
