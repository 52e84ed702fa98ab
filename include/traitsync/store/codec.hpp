#pragma once
// The binary form of a user's ledger and stored source. Version byte first; unknown versions and broken
// lengths throw damaged_content (SQLite's own checks know its pages, not what the bytes in them say).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "traitsync/diff/account.hpp"

namespace traitsync::store {

// Slots and ids of an account, without wanted texts (they stand in the source) and without messages.
//
//   u8 version (4); u8 flags (1: a last id follows: 16 bytes); varint last timestamp;
//   in version 2 only: varint row of the sole offered message, 0: none
//   in version 3 only: varint twice the row of the sole message on its way, 0: none; one more: its offer is in here
//
//   u8 n, then n references: 16 bytes message id, varint milliseconds
//
//   u16 set of traits that have a slot, then per slot in trait order:
//     u16 flags: 0-1 wanted form, 2-3 baseline form, 4-5 acknowledged form, 6 baseline same as wanted,
//                7 acknowledged same as baseline, 8 acknowledged same as wanted, 9 wanted trigger differs,
//                10 baseline trigger differs, 11 in flight follows, 12 baseline text follows, 13 acknowledged text
//                follows
//     u8 reference of the baseline (255: none), u8 of the acknowledgement
//     hashes as 8 bytes each where a value and not the same; texts as varint length and bytes
void encode_ledger(std::string& out, diff::account const& a);

// What versions before the fourth say of the user's rows, which say it themselves since.
struct earlier_ledger {
    std::int64_t named_row = 0;  // its answer, and unless `offered` its offer, may stand in that row alone; 0: none
    bool offered = false;
};
// Nothing for a ledger of the present version.
std::optional<earlier_ledger> decode_ledger(std::string_view data, diff::account& a);

// What Moesif says of one profile: the wanted texts, context and, packed (store/rest_text), rest of
// profile::mapped_user.
struct source_view {
    std::array<std::string_view, profile::trait_count> texts;  // empty: no value
    std::string_view context;
    std::string_view rest;  // as it is stored
};
void encode_source(std::string& out, source_view const& s);
source_view decode_source(std::string_view data);  // views into data

}  // namespace traitsync::store
