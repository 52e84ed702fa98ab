#include "traitsync/store/codec.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "traitsync/core/error.hpp"

namespace traitsync::store {
namespace {

using diff::known;
using profile::trait_count;

constexpr std::uint8_t ledger_version = 4;
constexpr std::uint8_t source_version = 1;
constexpr std::uint8_t no_reference = 255;

void put_varint(std::string& out, std::uint64_t v) {
    while (v >= 0x80) {
        out.push_back(static_cast<char>(v | 0x80));
        v >>= 7;
    }
    out.push_back(static_cast<char>(v));
}
template <class T>
void put_fixed(std::string& out, T v) {
    char bytes[sizeof v];
    std::memcpy(bytes, &v, sizeof v);
    out.append(bytes, sizeof v);
}
void put_text(std::string& out, std::string_view text) {
    put_varint(out, text.size());
    out.append(text);
}

class byte_reader {
public:
    explicit byte_reader(std::string_view data) : data_{data} {}
    std::string_view bytes(std::size_t n) {
        if (n > data_.size()) throw damaged_content{"a stored profile is shorter than its own lengths say"};
        auto const head = data_.substr(0, n);
        data_.remove_prefix(n);
        return head;
    }
    template <class T>
    T fixed() {
        T v;
        std::memcpy(&v, bytes(sizeof v).data(), sizeof v);
        return v;
    }
    std::uint64_t varint() {
        std::uint64_t v = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            auto const byte = fixed<std::uint8_t>();
            v |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if ((byte & 0x80) == 0) return v;
        }
        throw damaged_content{"a stored profile has an endless number"};
    }
    std::string_view text() {
        auto const size = varint();
        return bytes(size);
    }
    std::string_view rest() { return data_; }

private:
    std::string_view data_;
};

enum : std::uint16_t {
    same_bw = 1U << 6,
    same_ab = 1U << 7,
    same_aw = 1U << 8,
    trigger_w = 1U << 9,
    trigger_b = 1U << 10,
    has_flight = 1U << 11,
    text_b = 1U << 12,
    text_a = 1U << 13,
};

struct reference {
    message_id id;
    std::int64_t at;
    bool operator==(reference const&) const = default;
};

std::uint8_t reference_of(std::vector<reference>& list, message_id const& id, std::int64_t at) {
    if (at == 0) return no_reference;
    reference const wanted{id, at};
    auto const found = std::ranges::find(list, wanted);
    if (found != list.end()) return static_cast<std::uint8_t>(found - list.begin());
    list.push_back(wanted);  // at most two a trait: far below 255
    return static_cast<std::uint8_t>(list.size() - 1);
}

bool is_value(known const& k) { return k.state == known::form::value; }

}  // namespace

void encode_ledger(std::string& out, diff::account const& a) {
    out.clear();
    thread_local std::vector<reference> references;
    references.clear();
    std::array<std::uint8_t, trait_count> baseline_reference{}, acknowledged_reference{};
    std::uint16_t present = 0;
    for (std::size_t i = 0; i < trait_count; ++i) {
        auto const& s = a.slots[i];
        if (s.wanted.state == known::form::none && s.baseline.state == known::form::none &&
            s.acknowledged.state == known::form::none && !s.in_flight) {
            continue;
        }
        present = static_cast<std::uint16_t>(present | 1U << i);
        baseline_reference[i] = reference_of(references, s.offered_in, s.offered_at);
        acknowledged_reference[i] = reference_of(references, s.acknowledged_in, s.acknowledged_at);
    }
    put_fixed(out, ledger_version);
    put_fixed(out, static_cast<std::uint8_t>(a.last_id ? 1 : 0));
    if (a.last_id) out.append(reinterpret_cast<char const*>(a.last_id->bytes.data()), 16);
    put_varint(out, static_cast<std::uint64_t>(a.last_timestamp));
    put_fixed(out, static_cast<std::uint8_t>(references.size()));
    for (auto const& r : references) {
        out.append(reinterpret_cast<char const*>(r.id.bytes.data()), 16);
        put_varint(out, static_cast<std::uint64_t>(r.at));
    }
    put_fixed(out, present);
    for (std::size_t i = 0; i < trait_count; ++i) {
        if ((present >> i & 1U) == 0) continue;
        auto const& s = a.slots[i];
        auto flags = static_cast<unsigned>(s.wanted.state) | static_cast<unsigned>(s.baseline.state) << 2 |
                     static_cast<unsigned>(s.acknowledged.state) << 4;
        if (s.baseline.same(s.wanted)) flags |= same_bw;
        if (s.acknowledged.same(s.baseline)) flags |= same_ab;
        if (s.acknowledged.same(s.wanted)) flags |= same_aw;
        if (is_value(s.wanted) && s.wanted.trigger != s.wanted.full) flags |= trigger_w;
        if (is_value(s.baseline) && s.baseline.trigger != s.baseline.full) flags |= trigger_b;
        if (s.in_flight) flags |= has_flight;
        if (!s.baseline.text.empty()) flags |= text_b;
        if (!s.acknowledged.text.empty()) flags |= text_a;
        put_fixed(out, static_cast<std::uint16_t>(flags));
        put_fixed(out, baseline_reference[i]);
        put_fixed(out, acknowledged_reference[i]);
        if (is_value(s.wanted)) put_fixed(out, s.wanted.full);
        if (flags & trigger_w) put_fixed(out, s.wanted.trigger);
        if (is_value(s.baseline) && !(flags & same_bw)) put_fixed(out, s.baseline.full);
        if (flags & trigger_b) put_fixed(out, s.baseline.trigger);
        if (is_value(s.acknowledged) && !(flags & (same_ab | same_aw))) put_fixed(out, s.acknowledged.full);
        if (flags & text_b) put_text(out, s.baseline.text);
        if (flags & text_a) put_text(out, s.acknowledged.text);
        if (s.in_flight) {
            put_fixed(out, static_cast<std::uint8_t>(s.in_flight->state));
            put_fixed(out, s.in_flight->full);
            put_fixed(out, s.in_flight->trigger);
            put_text(out, s.in_flight->text);
        }
    }
}

std::optional<earlier_ledger> decode_ledger(std::string_view data, diff::account& a) {
    byte_reader in{data};
    auto const version = in.fixed<std::uint8_t>();
    if (version == 0 || version > ledger_version) throw damaged_content{"a ledger of an unknown version"};
    auto const id_at = [](std::string_view bytes) {
        message_id id;
        std::memcpy(id.bytes.data(), bytes.data(), 16);
        return id;
    };
    a.last_id.reset();
    if (in.fixed<std::uint8_t>() & 1U) a.last_id = id_at(in.bytes(16));
    a.last_timestamp = static_cast<std::int64_t>(in.varint());
    std::optional<earlier_ledger> earlier;
    if (version < 4) {
        // The second form named offered messages only.
        auto const named = version == 1 ? 0 : in.varint();
        earlier = {.named_row = static_cast<std::int64_t>(version == 2 ? named : named / 2),
                   .offered = version == 2 ? named != 0 : (named & 1) != 0};
    }
    thread_local std::vector<reference> references;
    references.clear();
    for (auto n = in.fixed<std::uint8_t>(); n > 0; --n) {
        auto const id = id_at(in.bytes(16));
        references.push_back({id, static_cast<std::int64_t>(in.varint())});
    }
    auto const present = in.fixed<std::uint16_t>();
    for (std::size_t i = 0; i < trait_count; ++i) {
        auto& s = a.slots[i];
        s.clear();
        if ((present >> i & 1U) == 0) continue;
        auto const flags = in.fixed<std::uint16_t>();
        auto const baseline_reference = in.fixed<std::uint8_t>();
        auto const acknowledged_reference = in.fixed<std::uint8_t>();
        s.wanted.state = static_cast<known::form>(flags & 3U);
        s.baseline.state = static_cast<known::form>(flags >> 2 & 3U);
        s.acknowledged.state = static_cast<known::form>(flags >> 4 & 3U);
        if (is_value(s.wanted)) {
            s.wanted.full = in.fixed<std::uint64_t>();
            s.wanted.trigger = flags & trigger_w ? in.fixed<std::uint64_t>() : s.wanted.full;
        }
        if (is_value(s.baseline)) {
            s.baseline.full = flags & same_bw ? s.wanted.full : in.fixed<std::uint64_t>();
            s.baseline.trigger = flags & trigger_b ? in.fixed<std::uint64_t>() : s.baseline.full;
        }
        if (is_value(s.acknowledged)) {
            s.acknowledged.full = flags & same_ab   ? s.baseline.full
                                  : flags & same_aw ? s.wanted.full
                                                    : in.fixed<std::uint64_t>();
            s.acknowledged.trigger = s.acknowledged.full;  // never compared
        }
        if (flags & text_b) s.baseline.text = in.text();
        if (flags & text_a) s.acknowledged.text = in.text();
        if (flags & has_flight) {
            known k;
            k.state = static_cast<known::form>(in.fixed<std::uint8_t>() & 3U);
            k.full = in.fixed<std::uint64_t>();
            k.trigger = in.fixed<std::uint64_t>();
            k.text = in.text();
            s.in_flight = std::move(k);
        }
        auto const look_up = [&](std::uint8_t index, message_id& id, std::int64_t& at) {
            if (index == no_reference) return;
            if (index >= references.size()) throw damaged_content{"a ledger refers to a message that it does not name"};
            id = references[index].id;
            at = references[index].at;
        };
        look_up(baseline_reference, s.offered_in, s.offered_at);
        look_up(acknowledged_reference, s.acknowledged_in, s.acknowledged_at);
    }
    return earlier;
}

void encode_source(std::string& out, source_view const& s) {
    out.clear();
    put_fixed(out, source_version);
    std::uint16_t present = 0;
    for (std::size_t i = 0; i < trait_count; ++i) {
        if (!s.texts[i].empty()) present = static_cast<std::uint16_t>(present | 1U << i);
    }
    put_fixed(out, present);
    for (auto const& text : s.texts) {
        if (!text.empty()) put_text(out, text);
    }
    put_text(out, s.context);
    out.append(s.rest);
}

source_view decode_source(std::string_view data) {
    byte_reader in{data};
    if (in.fixed<std::uint8_t>() != source_version) throw damaged_content{"a source of an unknown version"};
    source_view s;
    auto const present = in.fixed<std::uint16_t>();
    for (std::size_t i = 0; i < trait_count; ++i) {
        if (present >> i & 1U) s.texts[i] = in.text();
    }
    s.context = in.text();
    s.rest = in.rest();
    return s;
}

}  // namespace traitsync::store
