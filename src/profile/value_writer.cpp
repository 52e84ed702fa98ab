#include "value_writer.hpp"

#include <algorithm>
#include <cstring>

#include "number_hash.hpp"
#include "quoting.hpp"
#include "traitsync/core/canonical_number.hpp"
#include "traitsync/core/sha256.hpp"
#include "traitsync/profile/canonical_text.hpp"
#include "value_hash.hpp"

namespace traitsync::profile {
namespace {

// Numbers this short and without an exponent are within double range and 2^53.
constexpr std::size_t harmless_digits = 15;

bool is_harmless(std::string_view source) {
    if (source.size() > harmless_digits) return false;
    if (source.front() == '-') {
        source.remove_prefix(1);
        if (source.starts_with('0')) return false;
    }
    return std::ranges::all_of(source, [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

// Whether a path with a policy ends, or goes on, inside an element: paths lead through objects alone.
bool is_named_inside(json::value const& array, rules::node const& n) {
    return std::ranges::any_of(array.elements(), [&n](json::value const& e) {
        return std::ranges::any_of(e.members(), [&n](json::member const& m) {
            std::string named;
            auto const* c = n.child(without_nul(m.key, named));
            return c != nullptr && !c->plain;
        });
    });
}

bool has_nul(std::string_view s) { return !s.empty() && std::memchr(s.data(), 0, s.size()) != nullptr; }

}  // namespace

std::string_view without_nul(std::string_view s, std::string& buffer) {
    if (!has_nul(s)) return s;
    buffer.assign(s);
    std::erase(buffer, '\0');
    return buffer;
}

std::string digest_text(json::value const& v, rules::node const& n) {
    std::string buffer;
    if (v.is_string()) return '"' + sha256_hex(without_nul(v.text, buffer)) + '"';
    auto const masked = std::ranges::any_of(n.children, [](rules::node const& c) { return !c.plain; });
    if (!masked) return '"' + sha256_hex(canonical_text(v)) + '"';
    // The policies inside leave members out: write what they leave, and read that again.
    warning_counts ignored;
    rules::node inside{n};
    inside.does = action::send;
    value_writer<form::sent>{buffer, ignored}.ruled(v, inside);
    json::document left;
    left.parse(buffer);
    return '"' + sha256_hex(canonical_text(left.root())) + '"';
}

template <form F>
bool value_writer<F>::number(std::string_view source, std::uint64_t& hash) {
    if constexpr (F == form::sent) {
        if (!is_harmless(source)) {
            if (is_beyond_double(source)) {
                ++warnings_->number_out_of_range;
                altered_ = true;
                return false;
            }
            if (is_minus_zero(source)) {
                altered_ = true;
                source = "0";
            } else if (is_integer_beyond_2_53(source)) {
                ++warnings_->large_integer;
            }
        }
    }
    if constexpr (F != form::hashed) out_->append(source);
    hash = hash_number(source);
    return true;
}

template <form F>
std::uint64_t value_writer<F>::string(std::string_view s) {
    if constexpr (F == form::hashed) return hash_string(s);
    if (is_plain_text(s)) {
        append_plain_text(*out_, s);
        return hash_string(s);
    }
    std::string buffer;
    if (F == form::sent && has_nul(s)) {
        ++warnings_->removed_nul;
        altered_ = true;
        s = without_nul(s, buffer);
    }
    json::append_quoted(*out_, s);
    return hash_string(s);
}

template <form F>
bool value_writer<F>::array(json::value const& v, std::uint64_t& hash) {
    hash = array_seed;
    char separator = '[';
    for (auto const& e : v.elements()) {
        if constexpr (F != form::hashed) out_->push_back(separator);
        separator = ',';
        std::uint64_t element = null_hash;
        if (!plain(e, element)) {
            if constexpr (F != form::hashed) out_->append("null");
            element = null_hash;
        }
        hash = mix(hash, element);
    }
    if constexpr (F != form::hashed) out_->append(separator == '[' ? "[]" : "]");
    hash = mix(hash, v.count);
    return true;
}

// Begins a member and gives its key's hash; false when the key cannot be told from one that is there already.
template <form F>
bool value_writer<F>::begin_member(std::string_view key, bool first, json::value const& object, shown_names& names,
                                   std::uint64_t& hash) {
    if constexpr (F == form::hashed) {
        hash = hash_key(key);
        return true;
    }
    if (is_plain_text(key)) {
        append_plain_text(*out_, key, first ? '\0' : ',', ':');
        hash = hash_key(key);
        return true;
    }
    std::string buffer;
    if (F == form::sent && has_nul(key)) {
        ++warnings_->removed_nul;
        altered_ = true;
        auto const shown = without_nul(key, buffer);
        if (!names.keeps(object, key, shown)) return false;
        key = shown;
    }
    append_key(*out_, key, first);
    hash = hash_key(key);
    return true;
}

template <form F>
std::uint64_t value_writer<F>::object(json::value const& v) {
    if constexpr (F != form::hashed) out_->push_back('{');
    std::uint64_t sum = 0;
    std::uint64_t count = 0;
    shown_names names;
    for (auto const& m : v.members()) {
        auto const before = out_->size();
        std::uint64_t key = 0;
        std::uint64_t value = 0;
        if (!begin_member(m.key, count == 0, v, names, key)) continue;
        if (!plain(m.val, value)) {
            out_->resize(before);
            continue;
        }
        sum += mix(key, value);
        ++count;
    }
    if constexpr (F != form::hashed) out_->push_back('}');
    return object_hash(sum, count);
}

template <form F>
bool value_writer<F>::plain(json::value const& v, std::uint64_t& hash) {
    switch (v.type) {
        case json::kind::string:
            hash = string(v.text);
            return true;
        case json::kind::number:
            return number(v.text, hash);
        case json::kind::object:
            hash = object(v);
            return true;
        case json::kind::array:
            return array(v, hash);
        case json::kind::boolean:
            if constexpr (F != form::hashed) out_->append(v.boolean ? "true" : "false");
            hash = v.boolean ? true_hash : false_hash;
            return true;
        case json::kind::null:
            break;
    }
    if constexpr (F != form::hashed) out_->append("null");
    hash = null_hash;
    return true;
}

template <form F>
written value_writer<F>::replaced(json::value const& v, rules::node const& n) {
    written w{.here = true, .triggers = true};
    if (v.is_null()) {
        out_->append("null");
        w.full = null_hash;
    } else if (n.does == action::as_is) {
        if (!v.is_string()) return {};
        w.full = string(v.text);
    } else if (v.is_number() && is_beyond_double(v.text)) {
        // As where it is sent as it is: left out.
        if constexpr (F == form::sent) ++warnings_->number_out_of_range;
        altered_ = true;
        return {};
    } else {
        auto const digest = digest_text(v, n);
        out_->append(digest);
        w.full = hash_string(std::string_view{digest}.substr(1, digest.size() - 2));
    }
    w.trigger = w.full;
    return w;
}

template <form F>
written value_writer<F>::ruled_object(json::value const& v, rules::node const& n) {
    if constexpr (F != form::hashed) out_->push_back('{');
    written w;
    std::uint64_t full_sum = 0;
    std::uint64_t trigger_sum = 0;
    std::uint64_t full_count = 0;
    std::uint64_t trigger_count = 0;
    auto const drops = F != form::hashed && n.does == action::drop;
    shown_names names;
    for (auto const& m : v.members()) {
        std::string named;
        // By the name under which it is sent.
        auto const* c = n.child(F != form::hashed && has_nul(m.key) ? without_nul(m.key, named) : m.key);
        if (c == nullptr && drops) continue;
        auto const before = out_->size();
        std::uint64_t key = 0;
        written one;
        if (!begin_member(m.key, full_count == 0, v, names, key)) continue;
        if (c == nullptr || c->plain) {
            one.here = plain(m.val, one.full);
            one.trigger = one.full;
            one.triggers = one.here && (c != nullptr || n.does != action::ride);
        } else {
            one = ruled(m.val, *c);
        }
        if (!one.here) {
            out_->resize(before);
            continue;
        }
        full_sum += mix(key, one.full);
        ++full_count;
        if (!one.triggers) continue;
        trigger_sum += mix(key, one.trigger);
        ++trigger_count;
    }
    if constexpr (F != form::hashed) out_->push_back('}');
    w.here = !drops || full_count > 0;
    // Where only what is named counts, an object without any of it is as good as none.
    w.triggers = (n.does != action::drop && n.does != action::ride) || trigger_count > 0;
    w.full = object_hash(full_sum, full_count);
    w.trigger = object_hash(trigger_sum, trigger_count);
    return w;
}

template <form F>
written value_writer<F>::ruled(json::value const& v, rules::node const& n) {
    if constexpr (F != form::hashed) {
        if (n.does == action::hash || n.does == action::as_is) return replaced(v, n);
        if (n.does == action::drop && !(n.keeps && v.is_object())) return {};
    }
    auto const start = out_->size();
    if (!n.plain && !n.children.empty() && v.is_object() && n.does != action::hash && n.does != action::as_is) {
        auto const w = ruled_object(v, n);
        if (!w.here) out_->resize(start);
        return w;
    }
    if constexpr (F == form::sent) {
        if (!n.plain && v.type == json::kind::array && is_named_inside(v, n)) ++warnings_->policy_in_array;
    }
    written w;
    w.here = plain(v, w.full);
    w.trigger = w.full;
    w.triggers = w.here && n.does != action::ride && n.does != action::drop;
    return w;
}

template class value_writer<form::sent>;
template class value_writer<form::stored>;
template class value_writer<form::hashed>;

}  // namespace traitsync::profile
