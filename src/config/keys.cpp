#include "traitsync/config/keys.hpp"

#include <array>

#include "traitsync/config/units.hpp"

namespace traitsync::config {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 7> sections{"moesif", "segment", "store", "admin", "traits", "alerts", "log"};

// "1 to 500", with the writing of the type.
template <class Format>
std::string range_text(key const& k, Format format) {
    return (k.zero_too ? "0 or " : "") + format(k.least) + " to " + format(k.most);
}

template <class... F>
struct overloaded : F... {
    using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>;  // clang 14 does not find it by itself

std::string one_of(std::span<std::string_view const> names) {
    std::string text;
    for (auto const& name : names) {
        if (!text.empty()) text += &name == &names.back() ? " or " : ", ";
        text += name;
    }
    return text;
}

}  // namespace

std::span<std::string_view const> all_sections() { return sections; }

std::string_view section_brief(std::string_view section) {
    if (section == "moesif") return "Where profiles are read.";
    if (section == "segment") return "Where changes go.";
    if (section == "store") return "What is remembered between the two.";
    if (section == "admin") return "The API and the status page.";
    if (section == "traits") return "What counts as a change, and what is sent.";
    if (section == "alerts") return "Who is told when the service's state changes.";
    return "Events, one line each, to standard error.";
}

std::string key::full_name() const { return std::string{section} + "." + std::string{name}; }

std::string key::environment() const {
    auto text = "TRAITSYNC_" + std::string{section} + "_" + std::string{name};
    for (auto& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

bool key::is_secret() const { return std::holds_alternative<secret& (*)(settings&)>(where); }

std::string key::type_text() const {
    auto const plain = [](std::int64_t n) { return std::to_string(n); };
    auto const duration = [](std::int64_t n) { return format_duration(milliseconds{n}); };
    return std::visit(overloaded{
                          [&](std::string& (*)(settings&)) { return choices.empty() ? "text" : one_of(choices); },
                          [&](secret& (*)(settings&)) { return std::string{"secret"}; },
                          [&](int& (*)(settings&)) { return "number, " + range_text(*this, plain); },
                          [&](bool& (*)(settings&)) { return std::string{"true or false"}; },
                          [&](milliseconds& (*)(settings&)) { return "duration, " + range_text(*this, duration); },
                          [&](size_slot) { return "size, " + range_text(*this, format_size); },
                          [&](choice_slot) { return one_of(choices); },
                      },
                      where);
}

std::string key::value_text(settings const& given) const {
    auto s = given;
    return std::visit(overloaded{
                          [&](std::string& (*at)(settings&)) { return at(s); },
                          [&](secret& (*at)(settings&)) { return std::string{at(s).empty() ? "" : "***"}; },
                          [&](int& (*at)(settings&)) { return std::to_string(at(s)); },
                          [&](bool& (*at)(settings&)) { return std::string{at(s) ? "true" : "false"}; },
                          [&](milliseconds& (*at)(settings&)) { return format_duration(at(s)); },
                          [&](size_slot slot) { return format_size(slot.at(s)); },
                          [&](choice_slot slot) { return std::string{choices[slot.get(s)]}; },
                      },
                      where);
}

}  // namespace traitsync::config
