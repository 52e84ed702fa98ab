#include "values.hpp"

#include <algorithm>
#include <charconv>

#include "traitsync/config/nearest.hpp"
#include "traitsync/config/units.hpp"
#include "traitsync/core/text.hpp"

namespace traitsync::config {
namespace {

using words = std::optional<std::string>;
using std::chrono::milliseconds;

std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 60;
    if (text.size() <= longest) return "\"" + std::string{text} + "\"";
    return "\"" + std::string{text.substr(0, longest)} + "…\"";
}

std::string given(assignment const& a) {
    if (auto const* text = std::get_if<std::string>(&a.value)) return quoted(*text);
    if (auto const* number = std::get_if<std::int64_t>(&a.value)) return std::to_string(*number);
    return a.kind;
}

words wrong_type(key const& k, std::string const& wanted, assignment const& a) {
    return k.full_name() + " must be " + wanted + ", not " + given(a);
}

template <class Format>
words out_of_range(key const& k, std::int64_t value, Format format) {
    if ((k.zero_too && value == 0) || (value >= k.least && value <= k.most)) return std::nullopt;
    return k.full_name() + " must be " + (k.zero_too ? "0 or " : "") + "from " + format(k.least) + " to " +
           format(k.most) + ", not " + format(value);
}

std::string plain(std::int64_t n) { return std::to_string(n); }
std::string duration(std::int64_t n) { return n < 0 ? std::to_string(n) + "ms" : format_duration(milliseconds{n}); }

std::optional<std::int64_t> whole_number(assignment const& a) {
    if (auto const* number = std::get_if<std::int64_t>(&a.value)) return *number;
    auto const* text = std::get_if<std::string>(&a.value);
    if (text == nullptr || !a.loose) return std::nullopt;
    std::int64_t value = 0;
    auto const* const last = text->data() + text->size();
    auto const [end, fault] = std::from_chars(text->data(), last, value);
    return fault == std::errc{} && end == last ? std::optional{value} : std::nullopt;
}

words put(std::string& target, key const& k, assignment const& a) {
    auto const* text = std::get_if<std::string>(&a.value);
    if (text == nullptr) return wrong_type(k, "a text in double quotes", a);
    if (text->find('\0') != std::string::npos) return k.full_name() + " holds a zero byte";
    if (!is_utf8(*text)) return k.full_name() + " is not UTF-8, in which it would be shown";
    if (!k.choices.empty() && std::ranges::find(k.choices, *text) == k.choices.end()) {
        std::vector<std::string> const names{k.choices.begin(), k.choices.end()};
        return k.full_name() + " must be " + k.type_text() + ", not " + given(a) + suggestion(*text, names);
    }
    target = *text;
    return std::nullopt;
}

words put(int& target, key const& k, assignment const& a) {
    auto const value = whole_number(a);
    if (!value) return wrong_type(k, "a whole number", a);
    if (auto wrong = out_of_range(k, *value, plain)) return wrong;
    target = static_cast<int>(*value);
    return std::nullopt;
}

words put(bool& target, key const& k, assignment const& a) {
    if (auto const* boolean = std::get_if<bool>(&a.value)) {
        target = *boolean;
        return std::nullopt;
    }
    auto const* text = std::get_if<std::string>(&a.value);
    if (text == nullptr || !a.loose || (*text != "true" && *text != "false")) {
        return wrong_type(k, "true or false", a);
    }
    target = *text == "true";
    return std::nullopt;
}

words put(milliseconds& target, key const& k, assignment const& a) {
    auto const* text = std::get_if<std::string>(&a.value);
    auto const* number = std::get_if<std::int64_t>(&a.value);
    auto const value = text != nullptr                     ? parse_duration(*text)
                       : number != nullptr && *number == 0 ? std::optional{milliseconds{0}}
                                                           : std::nullopt;
    if (!value) return wrong_type(k, "a duration such as \"60s\", \"1h30m\" or \"500ms\"", a);
    if (auto wrong = out_of_range(k, value->count(), duration)) return wrong;
    target = *value;
    return std::nullopt;
}

words put_size(std::int64_t& target, key const& k, assignment const& a) {
    auto const* text = std::get_if<std::string>(&a.value);
    auto const value = text != nullptr ? parse_size(*text) : whole_number(a);
    if (!value) return wrong_type(k, "a size such as \"1GiB\", \"256MiB\" or a number of bytes", a);
    if (auto wrong = out_of_range(k, *value, format_size)) return wrong;
    target = *value;
    return std::nullopt;
}

words put_choice(settings& s, choice_slot slot, key const& k, assignment const& a) {
    auto const* text = std::get_if<std::string>(&a.value);
    auto const found = text != nullptr ? std::ranges::find(k.choices, *text) : k.choices.end();
    if (found == k.choices.end()) {
        std::vector<std::string> const names{k.choices.begin(), k.choices.end()};
        return k.full_name() + " must be " + k.type_text() + ", not " + given(a) +
               (text != nullptr ? suggestion(*text, names) : "");
    }
    slot.set(s, static_cast<std::size_t>(found - k.choices.begin()));
    return std::nullopt;
}

}  // namespace

words assign(settings& s, key const& k, assignment const& a) {
    return std::visit(
        [&](auto where) -> words {
            using slot_type = decltype(where);
            if constexpr (std::is_same_v<slot_type, size_slot>) {
                return put_size(where.at(s), k, a);
            } else if constexpr (std::is_same_v<slot_type, choice_slot>) {
                return put_choice(s, where, k, a);
            } else if constexpr (std::is_same_v<slot_type, secret& (*)(settings&)>) {
                return k.full_name() + " is a secret";  // see credentials.cpp
            } else {
                return put(where(s), k, a);
            }
        },
        k.where);
}

}  // namespace traitsync::config
