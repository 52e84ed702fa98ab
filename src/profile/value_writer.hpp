#pragma once
// Writes values as JSON and hashes them on the way, in one walk. Private to profile/.

#include <cstdint>
#include <string>
#include <string_view>

#include "rule_node.hpp"
#include "shown_names.hpp"
#include "traitsync/core/json.hpp"
#include "traitsync/profile/mapper.hpp"

namespace traitsync::profile {

// In what is stored of a document, this and a letter stand for a trait's value, which is stored elsewhere. No JSON text
// has it.
inline constexpr char mark_byte = 0x01;

// `s` without U+0000; `s` itself where there is none, else a view into `buffer`.
std::string_view without_nul(std::string_view s, std::string& buffer);

// "<SHA-256 hex>" with its quotes: of a string's UTF-8 bytes, else of the canonical text of what `n` leaves.
std::string digest_text(json::value const& v, rules::node const& n);

enum class form : std::uint8_t {
    sent,    // U+0000 removed, -0 as 0, numbers beyond double range left out
    stored,  // as Moesif wrote it
    hashed,  // no text at all: the hashes of a text that we wrote
};

struct written {
    bool here = false;      // something was written; else nothing is left of the value
    bool triggers = false;  // it counts for `trigger`
    std::uint64_t full = 0;
    std::uint64_t trigger = 0;
};

template <form F>
class value_writer {
public:
    value_writer(std::string& out, warning_counts& warnings) : out_{&out}, warnings_{&warnings} {}

    // The value as it is. False, and nothing written, for a number that cannot be sent.
    bool plain(json::value const& v, std::uint64_t& hash);

    // The value as the policies at `n` leave it.
    written ruled(json::value const& v, rules::node const& n);

    // The sent form differs from the stored form by more than policies.
    bool altered() const { return altered_; }

private:
    bool begin_member(std::string_view key, bool first, json::value const& object, shown_names& names,
                      std::uint64_t& hash);
    bool number(std::string_view source, std::uint64_t& hash);
    std::uint64_t string(std::string_view s);
    bool array(json::value const& v, std::uint64_t& hash);
    std::uint64_t object(json::value const& v);
    written replaced(json::value const& v, rules::node const& n);
    written ruled_object(json::value const& v, rules::node const& n);

    std::string* out_;
    warning_counts* warnings_;
    bool altered_ = false;
};

extern template class value_writer<form::sent>;
extern template class value_writer<form::stored>;
extern template class value_writer<form::hashed>;

}  // namespace traitsync::profile
